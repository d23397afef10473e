export const ROLES = [
  'reporter',
  'intake',
  'analyst',
  'verifier',
  'officer',
  'crawler',
  'crawler-verdict',
  'hma-client',
  'hma-evidence',
  'hma-curator',
  'pipeline',
  'auditor',
  'statistics',
  'monitor',
  'exchange',
  'admin',
] as const
export type Role = (typeof ROLES)[number]

/** A machine judges nothing and makes nobody a principal: four eyes are human eyes. */
export const PERSONS_ONLY: readonly Role[] = ['verifier', 'admin']

export const PERMISSIONS = [
  'sighting:submit',
  'sighting:verdict',
  'verdict:withhold',
  'scan',
  'item:propose',
  'item:verify',
  'item:retract',
  'item:read',
  'list:read',
  'list:manage',
  'tip:submit',
  'tip:read',
  'tip:by-receipt',
  'assess',
  'look',
  'case:read',
  'case:decide',
  'case:close',
  'case:circumstances',
  'objection:decide',
  'case:work',
  'assign',
  'route:explain',
  'contact:read',
  'contact:decide',
  'host:override',
  'notice:read',
  'notice:send',
  'notice:follow-up',
  'notice:hold',
  'notice:forbid',
  'hotline-export:take',
  'notice:stop',
  'alert:read',
  'alert:acknowledge',
  'delivery:read',
  'delivery:manage',
  'recheck:run',
  'recheck:answer',
  'stats:read',
  'report:close',
  'dossier:propose',
  'dossier:release',
  'audit:read',
  'data-key:manage',
  'backup',
  'feedback:give',
  'import',
  'import:read',
  'export',
  'source:read',
  'source:manage',
  'retention:read',
  'retention:apply',
  'people:manage',
  'people:read',
  'people:name',
  'system:read',
  'metrics:read',
  'hma:use',
  'hma:evidence',
] as const
export type Permission = (typeof PERMISSIONS)[number]

/** Who acts: a person or a named machine; or the operator, who owns the process and no more. */
export interface Principal {
  readonly id: string
  /** Pseudonym: what reports show instead of a name. */
  readonly pseudonym: string
  readonly kind: 'person' | 'machine' | 'operator'
  /** What this call may be made with: of a key with a scope, what person and key have in common. */
  readonly roles: readonly Role[]
  /** The key that opened the door; absent for the operator, who needs none, and in a session. */
  readonly key?: { readonly id: string; readonly source: string | null }
  /** The session that a person signed in to by a browser; absent for whoever came by a key. */
  readonly session?: {
    readonly id: string
    /** Whether the second factor was shown a moment ago (`sessions.freshMinutes`). */
    readonly isFresh: boolean
  }
}

/** A person as lists show them. */
export interface PersonView extends Principal {
  readonly name: string
  readonly active: boolean
  readonly createdAt: string
  /** The person who answers for the machine; null where nobody was named, and for a person. */
  readonly owner: string | null
}

/** Somebody to be looked at, as doctor names them. */
export interface Named {
  readonly id: string
  readonly pseudonym: string
}

/** Principals that an officer has to decide about, or should know of. */
export interface AccessCautions {
  /** Principals that are told verdicts only because crawlers were before `sighting:verdict` came. */
  readonly formerVerdicts: readonly Named[]
  /** Principals that are told verdicts because somebody has granted it. */
  readonly grantedVerdicts: readonly Named[]
  /** Machines that nobody answers for: what they propose takes two persons. */
  readonly ownerless: readonly Named[]
}

/** What a key may be used for, and until when. */
export interface KeyScope {
  /** The key has only these of the person's roles; absent for all of them, as they are at each use. */
  readonly roles?: readonly Role[]
  /** Who the sightings that this key brings are attributed to: lower case, up to 64 characters. */
  readonly source?: string
  /** Days that the key holds, by the real clock, 0 to 3,650; where absent it holds until it is revoked. */
  readonly expiresInDays?: number
}

/** A key as lists show it: never the secret. */
export interface KeyView {
  readonly id: string
  readonly personId: string
  readonly label: string
  /** Null where the key gives all roles of its person. */
  readonly roles: readonly Role[] | null
  readonly source: string | null
  readonly createdAt: string
  readonly expiresAt: string | null
  /** When it was last used, at most a minute behind: it is written once a minute and key. */
  readonly lastUsedAt: string | null
  readonly rotatedAt: string | null
  /** Until when the secret before the last rotation opens the door too. */
  readonly overlapEndsAt: string | null
  readonly revokedAt: string | null
}

/** A key at the one moment when its secret is known. */
export interface NewKey extends KeyView {
  /** `hk_<key id>_<secret>`: shown once, stored only as a salted hash. */
  readonly secret: string
}

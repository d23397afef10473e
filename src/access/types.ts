export const ROLES = [
  'intake',
  'analyst',
  'verifier',
  'officer',
  'crawler',
  'pipeline',
  'auditor',
  'statistics',
  'admin',
] as const
export type Role = (typeof ROLES)[number]

export const PERMISSIONS = [
  'sighting:submit',
  'scan',
  'item:propose',
  'item:verify',
  'item:retract',
  'item:read',
  'tip:submit',
  'tip:read',
  'assess',
  'case:read',
  'case:decide',
  'case:close',
  'notice:read',
  'notice:send',
  'alert:read',
  'recheck:run',
  'stats:read',
  'audit:read',
  'people:manage',
  'people:read',
  'system:read',
] as const
export type Permission = (typeof PERMISSIONS)[number]

/** Who acts: a person or a named machine; or the operator, who owns the process and no more. */
export interface Principal {
  readonly id: string
  /** Pseudonym: what reports show instead of a name. */
  readonly pseudonym: string
  readonly kind: 'person' | 'machine' | 'operator'
  readonly roles: readonly Role[]
}

/** A person as lists show them. */
export interface PersonView extends Principal {
  readonly name: string
  readonly active: boolean
  readonly createdAt: string
}

/** A key as lists show it: never the secret. */
export interface KeyView {
  readonly id: string
  readonly personId: string
  readonly label: string
  readonly createdAt: string
  readonly lastUsedAt: string | null
  readonly revokedAt: string | null
}

/** A key at the one moment when its secret is known. */
export interface NewKey extends KeyView {
  /** `hk_<key id>_<secret>`: shown once, stored only as a salted hash. */
  readonly secret: string
}

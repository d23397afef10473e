import type { Alert } from '../../cases/index.ts'
import { own } from '../../core/index.ts'

/**
 * Each kind of what waits for a person, in the order in which people read of it, and what ends it. `ends`: by which act;
 * null where a person says `hindra waiting done`.
 */
export const ERRANDS = {
  /** The line to ICCAM does not go; its id is `line`. */
  iccam: { ends: 'it ends once the line goes again: hindra iccam status' },
  /** A key of a contact ends soon, or has ended; its id is a keyed digest of the key. */
  key: { ends: 'it ends with a new key in takedown.confidence: hindra route keys' },
  'police-mail': { ends: 'hindra notices police-mails --seen ID' },
  /** A letter about a tip that a person tells; its id is the tip's. */
  tip: { ends: 'hindra tips told ID' },
  /** What the sender of a tip wrote by its receipt; its id is the tip's. */
  'tip-message': {
    ends: 'hindra tips answer ID, or hindra tips heard ID where there is nothing to say',
  },
  /** A child asks that pictures of it be looked for; its id is the tip's. */
  'own-request': { ends: 'hindra tips accept-own ID or decline-own ID' },
  /** More children asked on a day than the house lets through: all further ones are one; its id is the day. */
  'own-requests': { ends: null },
  /** A tip that people leave to others; its id is the tip's. */
  'skipped-tip': { ends: 'whoever settles it, or hindra tips hand-over ID WHO --at-once' },
  /** A case that people leave to others; its id is the case's. */
  'skipped-case': { ends: 'whoever settles it, or hindra cases hand-over ID WHO --at-once' },
  /** A notice or correction that reached nobody; its id is the notice's. */
  undelivered: { ends: 'hindra notices retry ID, told ID or set-aside ID' },
  /** A notice that no machine sends: to a portal, by telephone, by a file that nobody writes. */
  notice: { ends: 'hindra notices told ID' },
  /** What somebody answered to a notice that no rule settles; its id is the notice's. */
  reply: { ends: null },
  /** Mails of sister hotlines that became no tips by themselves, all of them one; its id is `waiting`. */
  'sister-mail': { ends: 'it ends with the last: hindra sister-mails accept ID or dismiss ID' },
  /** What somebody objects to, until it is decided; its id is the objection's. */
  objection: { ends: 'hindra objections decide ID or withdraw ID' },
  /** The answer to an objection, which a person tells; its id is the objection's. */
  answer: { ends: 'hindra objections told ID' },
  /** A dossier for the police that another person must let go; its id is the dossier's. */
  dossier: { ends: 'hindra dossiers release ID or withdraw ID' },
  /** A file that somebody must carry; its id is the export's. */
  export: { ends: null },
  /** Mails that belong to no notice or cannot be read, left in the mailbox; its id is `inbox`, or `sisters`. */
  mailbox: { ends: null },
} as const satisfies Readonly<Record<string, { readonly ends: string | null }>>

export type ErrandKind = keyof typeof ERRANDS

/** What is said of a kind that a newer version has opened, which is at work beside this one. */
const ENDS_ELSEWHERE = 'a server of a newer version says what ends it'

/** By which act an errand of this kind ends; null where a person says `hindra waiting done`. */
export function endsOf(kind: ErrandKind): string | null {
  const known = own<{ readonly ends: string | null }>(ERRANDS, kind)
  return known === undefined ? ENDS_ELSEWHERE : known.ends
}

// Keys of an object are strings to TypeScript, whatever its type says.
export const ERRAND_KINDS = Object.keys(ERRANDS) as readonly ErrandKind[]

/** One thing that waits for a person, until it is settled. */
export interface Errand {
  /** Its kind and what it is about: `notice-019a2b3c-...`. */
  readonly id: string
  readonly kind: ErrandKind
  /** Id of the notice, tip, mail or file. */
  readonly about: string
  /** Null where it is about no case, or nobody knows of which. */
  readonly caseId: string | null
  /** UTC ISO 8601. */
  readonly since: string
  readonly urgent: boolean
  /** What ends it. */
  readonly ends: string
}

/** How long a thing may wait for a person before `hindra doctor` warns of it, in hours. */
export const ERRAND_HOURS = { urgent: 4, other: 72 } as const

/** What is late by a time of its own, which is told of elsewhere. */
export const TIMED_ERRANDS: readonly ErrandKind[] = ['key', 'iccam', 'objection']

/** How many things wait for a person, and since when the oldest does (UTC ISO 8601); null where none waits. */
export interface ErrandCounts {
  readonly count: number
  readonly oldestSince: string | null
}

/** The alert that tells of it; its case and its errand are added. */
export type ErrandAlert = Pick<Alert, 'kind' | 'notice' | 'tipId'>

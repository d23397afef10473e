import type { AccessCautions } from '../access/index.ts'
import type { DiskUse, WitnessAge } from '../keeping/index.ts'
import type { Cautions, EvidenceCounts } from '../register/index.ts'
import type { SignInCounts } from '../sessions/index.ts'
import type { Fault } from './faults.ts'
import type { LateCounts } from './late.ts'
import type { ErrandCounts, HoldCounts, NoticeState } from '../takedown/index.ts'

/** How full things are now. */
export interface Gauges extends Cautions {
  /** What keeps Hindra from work; none where it is ready. */
  readonly faults: readonly Fault[]
  /** When a backup was last begun, UTC ISO 8601; null where none was. */
  readonly backupAt: string | null
  /** Free on the disk of the data directory; null where the store is in none. */
  readonly diskFreeBytes: number | null
  /** Files that wait for a worker or are with one. */
  readonly hashing: number
  /** Worker threads. */
  readonly threads: number
  /** Files that wait for a worker. */
  readonly queued: number
  readonly items: number
  readonly hashes: number
  readonly notices: Readonly<Record<NoticeState, number>>
  /** Alerts that the slowest named consumer has not acknowledged; null where there is none. */
  readonly alertsBehind: number | null
  readonly deadLetters: number
  /** Records that were read since the start and are left out as damaged, and damaged places in files. */
  readonly damaged: number
  /** Notices that reached nobody and wait for a person. */
  readonly undelivered: number
  /** Calls to the duty desk, or beside it, that no relay has taken. */
  readonly callsWaiting: number
  readonly holds: HoldCounts
  /** Mails of the police of which nobody knows the case, and that nobody has read. */
  readonly policeMails: number
  /** All that waits for a person (`hindra waiting`). */
  readonly waiting: ErrandCounts
  /** Hits by hashes alone that wait until Hindra has looked. */
  readonly pending: number
  /** How many may wait; then further ones are refused. */
  readonly pendingMax: number
}

export interface Health {
  readonly ready: boolean
  readonly reasons: readonly string[]
  readonly items: number
  readonly hashes: number
  /** Which index serves, and whether it finds all within the radius. */
  readonly index: { readonly kind: 'native' | 'linear' | 'hnsw'; readonly exact: boolean }
  readonly queued: number
  /** The learned model: own items that it has described, and that came before it. Null without one. */
  readonly model: {
    readonly id: string
    readonly described: number
    readonly lacking: number
  } | null
  /** Alerts that webhooks did not take: they need a person, and keep nothing else from working. Null unless ready. */
  readonly deadLetters: number | null
  /** Records that were read since the start and are left out as damaged, and damaged places in files. */
  readonly damaged: number
  /** Notices that reached nobody: as the dead letters. */
  readonly undelivered: number | null
  /** Calls to the duty desk, or beside it, that no relay has taken: as the above. */
  readonly callsWaiting: number | null
  /** Cases that wait for the police, and that ask for a person. Null unless ready. */
  readonly holds: HoldCounts | null
  /** Mails of the police of which nobody knows the case, and that nobody has read. Null unless ready. */
  readonly policeMails: number | null
  /** All that waits for a person (`hindra waiting`). Null unless ready. */
  readonly waiting: ErrandCounts | null
  /** What has waited for a person longer than it should. Null unless ready. */
  readonly late: LateCounts | null
  /**
   * The line to ICCAM: since when it does not go, and what it refused or lost, which needs a person. Null where none is
   * set up, and unless ready.
   */
  readonly iccam: { readonly failingSince: string | null; readonly asking: number } | null
  /** Hits by hashes alone that wait until Hindra has looked. Null unless ready. */
  readonly pending: number | null
  /** Null unless ready. */
  readonly cautions: Cautions | null
  /** Cautions about principals: who is told verdicts, and machines that nobody answers for. Null unless ready. */
  readonly access: AccessCautions | null
  /** People who sign in by a browser. Null unless ready. */
  readonly signIn: SignInCounts | null
  /** What living entries of lists that accuse can be found by. Null unless ready. */
  readonly evidence: EvidenceCounts | null
  /** Lists that give hashes alone, as long as no two persons have vetted them: a review at most. Null unless ready. */
  readonly unvettedLists: readonly string[] | null
  /** How full the disk is and how fast it fills; null unless ready. */
  readonly disk: DiskUse | null
  /** When each witness of the audit was given a checkpoint last; null unless ready. */
  readonly witnesses: readonly WitnessAge[] | null
}

import type { ChainedEntry, Checkpoint } from '../../../src/audit/index.ts'
import type { Alert, Case } from '../../../src/cases/index.ts'
import type { Notice } from '../../../src/takedown/index.ts'

/** What people do with an item of the register. */
export type Act = 'propose' | 'verify' | 'retract'

/** A line of what happened, in the order in which it did; times are of the one clock of who writes it, in ms. */
export type Line =
  /** A crawler saw a picture at a URL. From then on it may have told the house of it, any number of times. */
  | {
      readonly seen: string
      readonly at: number
      readonly url: string
      readonly picture: number
    }
  /** The house answered it. */
  | {
      readonly answered: string
      readonly at: number
      readonly verdict: string
      readonly caseId?: string
    }
  /** It was refused for good. */
  | { readonly refused: string; readonly at: number; readonly code: string }
  /** NATS has it, and the house must get it from there. */
  | { readonly published: string; readonly at: number }
  /** Somebody does this with the item of a picture, and was answered. */
  | { readonly begins: Act; readonly at: number; readonly picture: number }
  | { readonly did: Act; readonly at: number; readonly picture: number; readonly itemId: string }
  /** Somebody was told that a case is theirs, and begins to give it back. */
  | { readonly took: string; readonly at: number; readonly by: string }
  | { readonly returns: string; readonly at: number; readonly by: string }
  /** The host took down what was at a URL. */
  | { readonly removed: string; readonly at: number }
  /** A relay was handed a mail by a server, with these URLs in it. */
  | {
      readonly mail: string
      readonly at: number
      readonly by: string
      readonly to: string
      readonly urls: readonly string[]
    }
  /** Who has the turn to send, as PostgreSQL said. */
  | { readonly turn: string; readonly at: number; readonly by: string }
  /** A follower was told of an alert next. */
  | { readonly told: string; readonly at: number; readonly by: string; readonly sequence: number }
  /** What a process had in memory, in MiB. */
  | { readonly memory: number; readonly at: number; readonly by: string }

/** All that the house says in the end. */
export interface Ending {
  readonly cases: readonly Pick<
    Case,
    'id' | 'url' | 'status' | 'decision' | 'sightings' | 'takenBack'
  >[]
  readonly alerts: readonly Pick<Alert, 'id' | 'sequence'>[]
  readonly notices: readonly Pick<
    Notice,
    'id' | 'caseId' | 'channel' | 'recipient' | 'state' | 'step' | 'messageId' | 'possiblyDoubled'
  >[]
  readonly audit: readonly ChainedEntry[]
  readonly head: Checkpoint | null
  /** Whether the house finds its audit whole. */
  readonly intact: boolean
}

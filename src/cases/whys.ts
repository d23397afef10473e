import { type Sentence, type Sentences, worded } from '../errors.ts'
import type { LookCause } from './look-causes.ts'

interface Seen {
  readonly cause: LookCause
  /** The look's own sentence, in English. */
  readonly look: string
}

interface Said {
  /** A person's own words. */
  readonly words: string
}

/** Why a case changed where Hindra says so, by code: the history of the case keeps both the code and its English. */
export const CASE_WHYS = {
  'seen-before-verified': () => 'what it shows was verified after the look',
  'seen-again': () => 'reappeared',
  'seen-stronger': ({ verdict }: { readonly verdict: string }) => `seen again: ${verdict}`,
  'host-found': ({ host }: { readonly host: string }) => `hosted by ${host}`,
  'host-unfound': ({ problem }: { readonly problem: string }) => `no host found: ${problem}`,
  'notice-sent': () => 'notice sent',
  'host-says-removed': () => 'the host says that it is removed',
  'form-answered': ({ meaning, word }: { readonly meaning: string; readonly word: string }) =>
    `${meaning} (${word})`,
  'look-found': ({ look }: Seen) => look,
  'look-found-again': ({ look }: Seen) => `reappeared: ${look}`,
  'person-saw-it': ({ words }: Said) => `a person looked, it is still there: ${words}`,
  'person-saw-it-gone': ({ words }: Said) => `a person looked, it is gone: ${words}`,
  'person-looks-again': ({ at, words }: Said & { readonly at: string }) =>
    `to be looked at again at ${at}: ${words}`,
  'item-retracted': () => 'the item was retracted',
  'item-disputed': () => 'the item is disputed',
  'item-flooded': () => 'the matches of the item came as a flood',
  'item-verified': () => 'the item was verified',
  'rule-confirms-no-more': ({ reason }: { readonly reason: string }) =>
    `the rule of matching has changed, and it would not be confirmed now: ${reason}`,
  'rule-cannot-tell': ({ reason }: { readonly reason: string }) =>
    `the rule of matching has changed, and nobody can tell whether it would be confirmed now: ${reason}`,
  'rule-confirms': () => 'by the rule of matching that is in force it is confirmed',
} as const satisfies Sentences

export type CaseReason = Sentence<typeof CASE_WHYS>

export interface ToldReason {
  /** A person's own words, or what Hindra says, in English. */
  readonly reason: string | null
  /** The reason as a code, where Hindra gives it; absent where a person gives one, and in records of before. */
  readonly why?: CaseReason
}

/** What the history says of an act. */
export function toldWhy(why: string | CaseReason | undefined): ToldReason {
  if (why === undefined) return { reason: null }
  return typeof why === 'string' ? { reason: why } : { reason: worded(CASE_WHYS, why), why }
}

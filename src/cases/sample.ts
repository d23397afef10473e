import type { Classification } from '../register/index.ts'
import type { PanelState } from './panel.ts'

/** What is decided again: a match that was accepted or rejected, or what one person assessed as new. */
export type SampledKind = 'match' | 'assessment'

/** What one person says of it: of a match whether it is one, of an assessment its class. */
export const SAMPLE_ANSWERS = {
  match: ['accepted', 'rejected'],
  assessment: ['Baseline', 'National', 'Harmful', 'Ignore'],
} as const satisfies {
  readonly match: readonly string[]
  readonly assessment: readonly Classification[]
}
export type SampleAnswer = (typeof SAMPLE_ANSWERS)[SampledKind][number]

/**
 * As of a panel, but that the third sees what both said. `overtaken`: the decision was taken back before anybody had
 * decided again.
 */
export type SampleState = Exclude<PanelState, 'withdrawn'>

/**
 * What became of a decision with which the second person did not agree. `stands`: the first was right. `corrected`: it
 * was taken back, by the third person or by another way before. `noted`: neither, for the reason that is given.
 */
export const SAMPLE_OUTCOMES = ['stands', 'corrected', 'noted'] as const
export type SampleOutcome = (typeof SAMPLE_OUTCOMES)[number]

/** By what of the policy a decision is drawn. */
export interface SampleRule {
  /** Of the file, with a digest of its content. */
  readonly version: string
  /** So many of a hundred, 0 to 100. */
  readonly ofHundred: number
}

/** What one person said. */
export interface SampleWord {
  /** Principal id. */
  readonly by: string
  /** UTC ISO 8601. */
  readonly at: string
  readonly said: SampleAnswer
  readonly reason: string
}

/** A decision that another person decides again, without sight of what was decided. */
export interface Sample {
  readonly id: string
  readonly kind: SampledKind
  readonly state: SampleState
  readonly caseId: string
  readonly drawnAt: string
  readonly endedAt: string | null
  /** Of the policy that it was drawn by. */
  readonly version: string
  readonly first: SampleWord
  /** Null while it waits for the second person. */
  readonly second: SampleWord | null
  /** Who had what it stands on before them, the last one last: until it is decided again they are not shown the case. */
  readonly takers: readonly string[]
  /** Who was shown the case since it was decided, or left it to others: they do not decide again. */
  readonly barred: readonly string[]
  /** Until when the last taker has it alone. */
  readonly heldUntil: string | null
  /** Of two who differ; null unless it is over. */
  readonly outcome: SampleOutcome | null
}

/** Whether one may say that of what is decided again. */
export function isAnswerTo(kind: SampledKind, said: SampleAnswer): boolean {
  const answers: readonly SampleAnswer[] = SAMPLE_ANSWERS[kind]
  return answers.includes(said)
}

import type { AssessmentInput, Case, KeptAssessment, Panel } from '../cases/index.ts'
import type { GivenAnswers } from './answering.ts'

/** An assessment as an analyst gives it. */
export type Assessment = Omit<AssessmentInput, 'answers' | 'shown'> & {
  /** To the questions of the house, by their ids. */
  readonly answers?: GivenAnswers
  /** What waits for another person is meant, and nothing that came to the URL since. */
  readonly panelId?: string
  /** The page at the URL is meant, and not the media on it. */
  readonly pageItself?: boolean
}

/** An assessment as it is kept, with who gave it. */
export interface AssessmentView extends KeptAssessment {
  /** Pseudonym of its author; null where nobody is known by that id any more. */
  readonly assessor: string | null
}

/** What is assessed by several people, as somebody is shown it who may not know what was said. */
export interface PanelView extends Pick<Panel, 'id' | 'state' | 'url' | 'pageUrl' | 'caseId'> {
  /** Tips that it came from. */
  readonly tipIds: readonly string[]
  /** The hour in which the first was given, UTC ISO 8601: the minute would tell whose it was. */
  readonly since: string
  /** Whole hours that it has waited, or had waited when it ended. */
  readonly hours: number
  /** What each person said, in order, the last of which counts; none while it waits. */
  readonly assessments: readonly AssessmentView[]
}

/** One of them, with what whoever asks has done there, and may do. Nothing of it says who gave the others. */
export interface PanelDetail extends PanelView {
  /** Whether one of the assessments is theirs. */
  readonly given: boolean
  /** Whether it waits, and they may give the next. */
  readonly mayGive: boolean
}

/** What an assessment came to: a case, or what waits for another person, or ended without a case. */
export type AssessmentOutcome = Case | PanelView

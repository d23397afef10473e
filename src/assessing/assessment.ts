import type { AssessmentInput, Case, KeptAssessment } from '../cases/index.ts'
import type { GivenAnswers } from './answering.ts'
import type { PanelView } from './panel-desk.ts'

/** An assessment as an analyst gives it. */
export type Assessment = Omit<AssessmentInput, 'answers'> & {
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

/** What an assessment came to: a case, or what waits for another person, or ended without a case. */
export type AssessmentOutcome = Case | PanelView

import type { AssessmentInput, KeptAssessment } from '../cases/index.ts'
import type { GivenAnswers } from './answering.ts'

/** An assessment as an analyst gives it. */
export type Assessment = Omit<AssessmentInput, 'answers'> & {
  /** To the questions of the house, by their ids. */
  readonly answers?: GivenAnswers
  /** The page at the URL is meant, and not the media on it. */
  readonly pageItself?: boolean
}

/** An assessment as it is kept, with who gave it. */
export interface AssessmentView extends KeptAssessment {
  /** Pseudonym of its author; null where nobody is known by that id any more. */
  readonly assessor: string | null
}

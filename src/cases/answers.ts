/** The fields of an assessment that ICCAM (v3) knows beside its class. */
export const ICCAM_FIELDS = [
  'age',
  'gender',
  'virtual',
  'user-generated',
  'child-modelling',
] as const
export type IccamField = (typeof ICCAM_FIELDS)[number]

/**
 * The answer to one question of an assessment, with the words that it was asked and answered in: readable also after the
 * file of the questions has changed.
 */
export interface KeptAnswer {
  /** The id of the question: `age`. */
  readonly question: string
  readonly asks: string
  /** The terms, or the one country or name. */
  readonly answer: readonly string[]
  /** What each of them means. */
  readonly means: readonly string[]
  /** The file of the question, without its ending, and its version: `house`, `2026-11+1f2e3d4c`. */
  readonly set: string
  readonly version: string
  /** The field of ICCAM's, where the question has one, and its values, where they are verified. */
  readonly iccam?: { readonly field: IccamField; readonly values: readonly (string | boolean)[] }
}

/** What ICCAM is told of an assessment beside its class: fields that were answered by words it is known to know. */
export type IccamAnswers = Partial<Readonly<Record<IccamField, readonly (string | boolean)[]>>>

export function iccamAnswers(answers: readonly KeptAnswer[]): IccamAnswers {
  const known = answers.flatMap(({ iccam }) =>
    iccam === undefined || iccam.values.length === 0 ? [] : [[iccam.field, iccam.values] as const],
  )
  return Object.fromEntries(known)
}

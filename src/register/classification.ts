/**
 * INHOPE/INTERPOL classification by ICCAM v3 names, and one class of our own. The order is that of
 * weight: of several entries of an item the first one counts.
 */
export const CLASSIFICATIONS = ['Baseline', 'National', 'Harmful', 'Ignore'] as const
export type Classification = (typeof CLASSIFICATIONS)[number]

/** Whether material of this class may be called a crime to anybody. */
export function isCrime(classification: Classification): boolean {
  return classification === 'Baseline' || classification === 'National'
}

/** The weightier of two. */
export function heavier(a: Classification, b: Classification): Classification {
  return CLASSIFICATIONS.indexOf(a) <= CLASSIFICATIONS.indexOf(b) ? a : b
}

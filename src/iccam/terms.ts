/** Our words for what ICCAM has codes of; the codes are in `policy/iccam.yaml`. */
export const CLASS_NAMES = ['baseline', 'national', 'ignore'] as const
export type ClassName = (typeof CLASS_NAMES)[number]

export const ACTION_NAMES = [
  'police',
  'provider',
  'removed',
  'unavailable',
  'moved',
  'notIllegal',
] as const
export type ActionName = (typeof ACTION_NAMES)[number]

/** What ends the work of a country on a content. */
export const CLOSING: readonly ActionName[] = ['removed', 'unavailable', 'moved', 'notIllegal']

/**
 * How a content stands. `live`: what is to be said of it follows from its case. `unsure`: something was handed over,
 * and ICCAM is read before anything else. `asks`: a person decides. `over`: nothing more is said.
 */
export const ENTRY_STATES = ['live', 'unsure', 'asks', 'over'] as const
export type EntryState = (typeof ENTRY_STATES)[number]

/**
 * What a person says of an act that ICCAM refused, or of which nobody knows whether it arrived. `arrived`: it is
 * there, as its own pages show. `again`: it is tried again. `leave`: it is not said.
 */
export const SETTLEMENTS = ['arrived', 'again', 'leave'] as const
export type ActSettlement = (typeof SETTLEMENTS)[number]

import { COPY, type Showing, shownBy } from '../match/index.ts'
import type { Case } from './case.ts'

/**
 * What of its item is shown at the URL of a case: as the last look saw it, for what is there may be altered, else as it
 * was found. Null of what was assessed.
 */
export function shownAt({
  subject,
  matches,
  lastLook,
}: Pick<Case, 'subject' | 'matches' | 'lastLook'>): Showing | null {
  if (subject.kind === 'assessment') return null
  if (lastLook?.shown !== undefined) return lastLook.shown
  const match = matches.find(({ itemId }) => itemId === subject.id) ?? matches[0]
  return match === undefined ? COPY : shownBy(match)
}

import type { MachinePart, NoticePart } from '../notice-part.ts'
import { isAfterword } from '../notice.ts'
import { type XarfReport, xarfReports } from './xarf.ts'

/**
 * Whose desks take reports by machine. Everybody else's mail is read by persons: police and social services
 * have no use for such parts, and a network or an authority is given no URL that a gateway could fetch.
 */
const DESKS: readonly NoticePart['role'][] = ['host', 'platform', 'proxy', 'registrar']

/** What of a notice is said to machines as well: nothing that the text does not say, and nothing untrue. */
export interface MachineParts {
  readonly arf: boolean
  readonly xarf: readonly XarfReport[]
}

/**
 * Neither format can take anything back: an ARF report of a correction would be filed as one more
 * complaint about the URL, so of a correction there is none, nor of what is gone, nor of an answer.
 */
export function machineParts(
  part: Omit<NoticePart, 'attached'>,
  /** Contact where the notifier is not named. */
  replyTo: string,
): MachineParts {
  if (isAfterword(part.step) || !DESKS.includes(part.role)) return { arf: false, xarf: [] }
  return { arf: true, xarf: xarfReports(part, replyTo) }
}

export function namesOf({ arf, xarf }: MachineParts): readonly MachinePart[] {
  return [...(arf ? (['ARF'] as const) : []), ...(xarf.length > 0 ? (['XARF'] as const) : [])]
}

import { defangedText } from '../../core/index.ts'
import type { Notice } from '../../takedown/index.ts'
import { printable, table } from '../output.ts'

export function asTable(notices: readonly Notice[]): string {
  return table(
    [
      ...['id', 'case', 'step', 'state', 'role', 'recipient', 'sent', 'held until', 'said by'],
      ...['their number', 'tries', 'error'],
    ],
    notices.map((notice) => [
      ...[notice.id, notice.caseId, notice.step, notice.state, notice.role, notice.recipient],
      ...[notice.sentAt, heldUntil(notice), notice.hold?.by, notice.hold?.theirNumber],
      ...[notice.attempts, notice.lastError],
    ]),
  )
}

/** What strangers wrote: no control characters, no URL that can be clicked. */
export function shownText(text: string): string {
  return defangedText(text).split('\n').map(printable).join('\n')
}

function heldUntil({ heldFor, heldUntil: until, hold }: Notice): string | null {
  return heldFor === 'forbidden' ? 'FORBIDDEN' : (hold?.untilLocal ?? until ?? heldFor)
}

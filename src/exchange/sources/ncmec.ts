import { isoTime, MINUTE_MS } from '../../core/index.ts'
import { ncmecVoting } from './ncmec-votes.ts'
import { readNcmecPage } from './ncmec-xml.ts'
import { checkMovesOn, pageFrom } from './paging.ts'
import type { Protocol } from './protocol.ts'
import type { SourceCursor, PageCursor } from './source.ts'

/** Read again from the newest change: others may have been written in the same second, later. */
const OVERLAP_MS = MINUTE_MS

/**
 * NCMEC hash sharing, version 2: XML over HTTPS with Basic authentication. The entries of a range come
 * in no order, so `since` moves only when all pages of the range are in, and then to the newest change
 * that was seen: the exchange's clock counts, not ours.
 */
export const ncmec: Protocol = {
  credentials: ['username', 'password'],
  beginning: isoTime(0),
  staleDays: null,
  voting: ncmecVoting,

  headers: ({ username = '', password = '' }) => ({
    authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
    accept: 'application/xml',
  }),

  page: (call, from, nowMs) =>
    pageFrom(from, nowMs, async (page) => {
      const until = page?.until ?? isoTime(nowMs)
      const path = page?.token ?? `/v2/entries?${range(from.since, until)}`
      const { lines, newestMs, next } = await call(path, readNcmecPage)
      const newest = later(page?.newest ?? null, newestMs)
      const isLast = next === null
      if (!isLast) {
        call.checkLink(next)
        checkMovesOn(page, next)
      }
      return {
        lines,
        isLast,
        next: isLast
          ? behind(from.since, until, newest, nowMs)
          : { ...from, page: { token: next, givenAt: isoTime(nowMs), until, newest } },
      }
    }),
}

function behind(
  since: string,
  until: string,
  newest: PageCursor['newest'],
  now: number,
): SourceCursor {
  const caughtUpAt = isoTime(now)
  if (newest === null) return { since, page: null, caughtUpAt }
  const seen = Math.min(Date.parse(newest), Date.parse(until)) - OVERLAP_MS
  return { since: isoTime(Math.max(seen, Date.parse(since))), page: null, caughtUpAt }
}

function later(before: string | null, ms: number | null): string | null {
  if (ms === null) return before
  return before !== null && Date.parse(before) > ms ? before : isoTime(ms)
}

/** Times as the exchange writes them: whole seconds, of which the last counts. */
function range(from: string, to: string): string {
  const seconds = (time: string) => time.replace(/\.\d+Z$/, 'Z')
  return String(new URLSearchParams({ from: seconds(from), to: seconds(to) }))
}

import { API_URLS_MAX } from '../channels/index.ts'
import type { NoticeRow } from './outbox.ts'

/** How long all URLs in one mail may be; relays and the store hold far more, a reader does not. */
const URL_BYTES_MAX = 1024 * 1024

export interface Packable {
  readonly row: NoticeRow
  /** The name of the host of the media's URL. */
  readonly hostName: string
  readonly urlBytes: number
  /** Notices of one letter are alike in this: what it is about, and how it says that. */
  readonly alike: string
  /**
   * What sets it apart: only those of one such key share a letter, for it is about one child, or answers one question
   * or reply.
   */
  readonly own: string
}

/**
 * Notices that go into one letter: one recipient, spoken to in one way, one step, not too many; by an
 * API, of one host name. A letter that is full leaves before the next notice is asked for, and all of a recipient before
 * the next one's; so those of one recipient stand together.
 */
export async function* pack(
  notices: AsyncIterable<Packable>,
  urlsPerMailMax: number,
): AsyncIterable<readonly NoticeRow[]> {
  const filling = new Map<string, { rows: NoticeRow[]; urlBytes: number }>()
  let last: string | undefined
  for await (const { row, hostName, urlBytes, alike, own } of notices) {
    const { key: recipient, channel, role, language, jurisdiction, nature } = row.sealed.to
    if (recipient !== last) {
      for (const { rows } of filling.values()) yield rows
      filling.clear()
      last = recipient
    }
    // A person may have sent one of them elsewhere.
    const way = JSON.stringify(channel)
    const isApi = channel.kind === 'http-api'
    const host = isApi ? hostName : ''
    const urlsMax = isApi ? Math.min(urlsPerMailMax, API_URLS_MAX[channel.api]) : urlsPerMailMax
    const kind = [row.clear.step, role, language, jurisdiction, nature, alike, own]
    const key = [recipient, way, host, ...kind].join()
    let mail = filling.get(key)
    if (mail !== undefined && mail.urlBytes + urlBytes > URL_BYTES_MAX) {
      filling.delete(key)
      yield mail.rows
      mail = undefined
    }
    mail ??= { rows: [], urlBytes: 0 }
    mail.rows.push(row)
    mail.urlBytes += urlBytes
    filling.set(key, mail)
    if (mail.rows.length < urlsMax) continue
    filling.delete(key)
    yield mail.rows
  }
  for (const { rows } of filling.values()) yield rows
}

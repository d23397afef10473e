/** A mail as whoever got it read it. */
export interface Told {
  readonly step: string
  readonly to: string
  /** By the world's clock. */
  readonly atMs: number
  readonly messageId: string
  readonly urls: readonly string[]
  /** Notices by URL, where the mail names them (XARF). */
  readonly noticeIds: readonly string[]
}

export function toldBy(mail: {
  readonly messageId: string
  readonly to: string
  readonly atMs: number
  readonly raw: Uint8Array
}): Told {
  const { messageId, to, atMs, raw } = mail
  const text = Buffer.from(raw).toString('latin1').replace(/=\r\n/g, '')
  const all = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, found]) => found ?? '')
  return {
    step: /^X-Hindra-Step: (\S+)/m.exec(text)?.[1] ?? '',
    to,
    atMs,
    messageId,
    urls: all(/^Reported-URI: (\S+)/gm),
    noticeIds: all(/"report_id": "([0-9a-f-]+)"/g),
  }
}

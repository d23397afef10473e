import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'

/** WARC files as crawlers write them, and as they should not. */
export const END = '\r\n\r\n'

const DATE = '2026-11-02T08:00:00Z'

export interface RecordParts {
  readonly type?: string
  readonly url?: string
  readonly fields?: Readonly<Record<string, string>>
  /** What it says of its length, where that is not so. */
  readonly length?: number | string
}

/** One record, not compressed. */
export function recordOf(
  block: string | Uint8Array,
  { type = 'response', url = 'https://host.example/', fields = {}, length }: RecordParts = {},
): Buffer {
  const bytes = Buffer.from(block)
  const head = {
    'WARC-Type': type,
    'WARC-Target-URI': url,
    'WARC-Date': DATE,
    'WARC-Record-ID': `<urn:test:${digestOf(url).slice(0, 12)}>`,
    'Content-Type': 'application/http; msgtype=response',
    'Content-Length': String(length ?? bytes.length),
    ...fields,
  }
  const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.concat([Buffer.from(`WARC/1.0\r\n${lines.join('')}\r\n`), bytes, Buffer.from(END)])
}

/** What a host answered. */
export function httpOf(
  body: string | Uint8Array,
  fields: Readonly<Record<string, string>> = {},
  status = '200 OK',
): Buffer {
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.concat([
    Buffer.from(`HTTP/1.1 ${status}\r\n${lines.join('')}\r\n`),
    Buffer.from(body),
  ])
}

/** A response with its record. */
export function responseOf(
  url: string,
  body: string | Uint8Array,
  fields: Readonly<Record<string, string>> = {},
): Buffer {
  const digest = { 'WARC-Payload-Digest': `sha1:${digestOf(body)}` }
  return recordOf(httpOf(body, fields), { url, fields: digest })
}

export function requestOf(url: string, referrer: string): Buffer {
  const { pathname, host } = new URL(url)
  const lines = `GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\nReferer: ${referrer}${END}`
  return recordOf(lines, { type: 'request', url })
}

export function digestOf(bytes: string | Uint8Array): string {
  return createHash('sha1').update(bytes).digest('hex')
}

/** Each record a gzip member of its own. */
export function gzipped(records: readonly Uint8Array[]): Buffer {
  return Buffer.concat(records.map((record) => gzipSync(record)))
}

export function inChunks(body: Uint8Array, size: number): Buffer {
  const chunks: Buffer[] = []
  for (let at = 0; at < body.length; at += size) {
    const chunk = body.subarray(at, at + size)
    chunks.push(Buffer.from(`${chunk.length.toString(16)}\r\n`), Buffer.from(chunk))
    chunks.push(Buffer.from('\r\n'))
  }
  return Buffer.concat([...chunks, Buffer.from('0\r\n\r\n')])
}

import { canonicalUrl, defang } from '../../src/core/index.ts'
import { readList } from '../../src/exchange/read.ts'
import { readNcmecPage } from '../../src/exchange/sources/ncmec-xml.ts'
import { redacted } from '../../src/http/redaction.ts'
import { isHtmlPage } from '../../src/intake/index.ts'
import { mediaOnPage } from '../../src/intake/page-media.ts'
import { parseSightingLine } from '../../src/intake/sighting.ts'
import { parseSrcset } from '../../src/intake/srcset.ts'
import { parseTipCsv } from '../../src/intake/tip-csv.ts'
import { signOf } from '../../src/recheck/page-signs.ts'
import { readDeliveryStatus } from '../../src/mails/delivery-status.ts'
import { readIncoming } from '../../src/mails/incoming.ts'
import { ownTextOfHtml } from '../../src/mails/own-html.ts'
import { proofOf } from '../../src/mails/proof.ts'
import { claimOf, withoutQuotes } from '../../src/mails/reply-text.ts'
import { toldUrls } from '../../src/sisters/told-urls.ts'

/** What reads text that strangers write, each with text around what is repeated. */
export interface ForeignParser {
  readonly name: string
  /** `repeated` in the place where it costs most. */
  read(repeated: string): unknown
  /** More than this the product does not hand to it. Characters; by default what 2 s can take. */
  readonly charsMax?: number
}

const PAGE_BYTES = 2 * 1024 * 1024

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

// The generators of the exchange take their bytes as they come.
// eslint-disable-next-line @typescript-eslint/require-await
async function* stream(text: string): AsyncGenerator<Uint8Array> {
  yield bytes(text)
}

async function drain(rows: AsyncIterable<unknown>): Promise<void> {
  const iterator = rows[Symbol.asyncIterator]()
  while ((await iterator.next()).done !== true);
}

function page(html: string) {
  return mediaOnPage(bytes(html), 'https://host.example/', {
    mediaMax: 20,
    bytesMax: PAGE_BYTES,
  })
}

function mail(headers: string, body: string, type = 'text/plain'): Promise<unknown> {
  const head = `From: a@host.example\r\n${headers}MIME-Version: 1.0\r\nContent-Type: ${type}\r\n\r\n`
  return readIncoming(bytes(head + body))
}

/** As many signatures as are looked at. */
function proof(headers: string, body: string): Promise<unknown> {
  const signature = (at: number) =>
    `DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/${at % 2 === 0 ? 'relaxed' : 'simple'}; d=host.example; s=s${at}; h=from; bh=AAAA; b=AAAA\r\n`
  const signatures = Array.from({ length: 8 }, (_, at) => signature(at)).join('')
  const raw = bytes(`From: a@host.example\r\n${signatures}${headers}\r\n${body}`)
  return proofOf(raw, { from: 'a@host.example', once: new Set(['from']) }, new Map(), 0)
}

/** As a mail has it. */
function base64Lines(text: string): string {
  return (
    Buffer.from(text)
      .toString('base64')
      .match(/.{1,76}/g) ?? []
  ).join('\r\n')
}

/** So many different fields as there are characters for. */
function numbered(text: string): string {
  return Array.from({ length: text.length / 8 }, (_, at) => `x${at}:\r\n`).join('')
}

function cited(text: string): string {
  const id = (at: number) => `<0193c0de-0000-7000-8000-${String(at).padStart(12, '0')}@a.example>`
  return Array.from({ length: text.length / 64 }, (_, at) => id(at)).join('\r\n ')
}

const ICSE_HEAD =
  'MD5;SHA1;PhotoDNA;Image ID;Is distributed;Victim identified;Offender identified;Series name;Number of submissions;File Available;Media Type;Baseline'

export const FOREIGN_PARSERS: readonly ForeignParser[] = [
  { name: 'srcset', read: (text) => parseSrcset(`a${text} 1x`) },
  { name: 'page: srcset', read: (text) => page(`<img srcset="a${text} 1w">`) },
  { name: 'page: anywhere', read: (text) => page(`<html>${text}`) },
  { name: 'page: an attribute', read: (text) => page(`<img src="${text}">`) },
  { name: 'page: content of meta', read: (text) => page(`<meta charset content="${text}">`) },
  { name: 'page: start', read: (text) => isHtmlPage(bytes(text)) },
  { name: 'page that bars the way', read: (text) => signOf(bytes(`<html>${text}`)) },
  { name: 'URL', read: (text) => canonicalUrl(`https://host.example/${text}`), charsMax: 8_000 },
  { name: 'defanged URL', read: (text) => defang(`http://host.example${text}\n`) },
  { name: 'log line', read: (text) => redacted(text) },
  { name: 'HTML of a mail', read: (text) => ownTextOfHtml(text) },
  { name: 'mail: HTML', read: (text) => mail('', text, 'text/html') },
  { name: 'mail: text', read: (text) => mail('', text) },
  { name: 'mail: subject', read: (text) => mail(`Subject: ${text}\r\n`, ''), charsMax: 200_000 },
  {
    name: 'mail: references',
    read: (text) => mail(`References: ${text}\r\n`, ''),
    charsMax: 200_000,
  },
  { name: 'mail: recipient', read: (text) => mail(`To: ${text}\r\n`, ''), charsMax: 200_000 },
  {
    name: 'mail: parts',
    read: (text) => mail('', text, 'multipart/mixed; boundary="b"'),
  },
  {
    name: 'mail: message within',
    read: (text) =>
      mail('Content-Transfer-Encoding: base64\r\n', base64Lines(text), 'message/rfc822'),
  },
  {
    name: 'mail: quoted-printable',
    read: (text) => mail('Content-Transfer-Encoding: quoted-printable\r\n', text),
  },
  {
    name: 'mail: flowed',
    read: (text) => mail('', text, 'text/plain; format=flowed; delsp=yes'),
  },
  { name: 'mail: fields', read: (text) => mail(numbered(text), ''), charsMax: 200_000 },
  {
    name: 'mail: ids cited',
    read: (text) => mail(`References: ${cited(text)}\r\n`, ''),
    charsMax: 200_000,
  },
  { name: 'mail: signed', read: (text) => proof('', text), charsMax: 5 * 1024 * 1024 },
  { name: 'mail: signed header', read: (text) => proof(`X: ${text}\r\n`, ''), charsMax: 200_000 },
  { name: 'reply: quotes', read: (text) => withoutQuotes(text) },
  { name: 'reply: claim', read: (text) => claimOf(`${text} removed`) },
  {
    name: 'URLs of a mail',
    read: (text) => toldUrls(`https://host.example/(${text}`, { urls: [] }, () => false),
    charsMax: 64_000,
  },
  { name: 'delivery report', read: (text) => readDeliveryStatus(`Action: failed\n\n${text}`) },
  { name: 'line of a crawler', read: (text) => parseSightingLine(`{"url":"${text}"}`) },
  { name: 'tips as CSV', read: (text) => parseTipCsv(`URL;REFERER\n${text}`) },
  { name: 'list as CSV', read: (text) => drain(readList('csv', stream(`sha256\n${text}`))) },
  { name: 'list as CSV, quoted', read: (text) => drain(readList('csv', stream(`note\n"${text}`))) },
  {
    name: 'list of ThreatExchange',
    read: (text) => drain(readList('threatexchange', stream(`{"data":[${text}`))),
  },
  {
    name: 'list of VICS',
    read: (text) => drain(readList('vics', stream(`{"value":[{"Media":[${text}`))),
  },
  {
    name: 'list of ICSE',
    read: (text) => drain(readList('icse', stream(`${ICSE_HEAD}\n${text}`))),
  },
  { name: 'film of vPDQ', read: (text) => drain(readList('vpdq', stream(`0,1,${text}`))) },
  {
    name: 'page of NCMEC',
    read: (text) => readNcmecPage(stream(`<queryResult>${text}`)),
  },
]

/** What hurt parsers before: one character, and the beginnings of what must end. */
export const ATOMS = [
  ...Array.from(',.;:/\\<>"\'&=@ -_#?%([{}])\t\n!*'),
  ...['a', 'A1', ' ,', '\r\n', '\r\n ', '<a', '</', '<!--', '&#', '&lt;', '<a b="', '<img src=x>'],
  ...['<p>', '<script>', '"a",', '{"a":', '[[', '\\"', 'http://', '<a@b.example> ', '--b\r\n'],
  ...['not ', 'on ', 'a.', 'å', '\u0000', '> ', 'On a wrote: ', '=?utf-8?q?a?= ', 'removed '],
]

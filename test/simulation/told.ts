/** A mail, a POST or a line of a file as whoever got it read it. */
export interface Told {
  readonly step: string
  readonly to: string
  /** When it was told, by the world's clock. */
  readonly atMs: number
  readonly messageId: string
  readonly urls: readonly string[]
  /** The notices: by their ids, or by their numbers as people say them where no machine is told. */
  readonly noticeIds: readonly string[]
  /** The numbers of the cases, as the letters say them, that a confirmation replies to. */
  readonly confirms?: readonly string[]
  /** The word that a letter can be answered by. */
  readonly word?: string
  /** Whether a file was made in an earlier run, and only came now. */
  readonly madeEarlier?: boolean
  /** Whether it was under way when the turn of its sender was lost: the one thing that may come after that. */
  readonly isLate?: boolean
}

/** The number as people say it, in the subject and below each URL. */
const NUMBER = '[0-9A-F]{6}-[0-9A-F]{6}'

/** The number of a notice, by what its letters promise: the random end of its id. */
export function numberOf(noticeId: string): string {
  const end = noticeId.slice(-12).toUpperCase()
  return `${end.slice(0, 6)}-${end.slice(6)}`
}

/** A person was told at another address of the same recipient. */
const ELSEWHERE = '+legal@'

export function elsewhere(address: string): string {
  return address.includes(ELSEWHERE) ? address : address.replace('@', ELSEWHERE)
}

/** Who was told, at whatever address. */
export function recipientAt(address: string): string {
  return address.replace(ELSEWHERE, '@')
}

export function toldBy(mail: {
  readonly messageId: string
  readonly to: string
  readonly atMs: number
  readonly raw: Uint8Array
}): Told {
  const { messageId, to, atMs, raw } = mail
  const text = Buffer.from(raw)
    .toString('latin1')
    .replace(/=\r\n/g, '')
    .replaceAll('=3D', '=')
    .replaceAll('\r\n', '\n')
  const all = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, found]) => found ?? '')
  // As people read them: numbered, or behind a word where the domain comes first; defanged for most.
  const read = all(/^(?:\d+\. | {3}(?:adress|address): )(h(?:tt|xx)ps?:\/\/\S+)/gm)
  const ids = all(/"report_id": "([0-9a-f-]+)"/g)
  const below = all(new RegExp(`^ {3}(?:nummer|number): (${NUMBER})$`, 'gm'))
  const inSubject = all(new RegExp(`^Subject: (?:=\\?UTF-8\\?Q\\?=5B|\\[)(${NUMBER})`, 'gm'))
  return {
    word: /\b[2-9A-HJKMNP-Z]{4}(?:-[2-9A-HJKMNP-Z]{4}){2}\b/.exec(text)?.[0] ?? '',
    step: /^X-Hindra-Step: (\S+)/m.exec(text)?.[1] ?? '',
    to: recipientAt(to),
    atMs,
    messageId,
    urls: [...new Set(read.map(fanged))],
    noticeIds: [ids, below, inSubject].find((found) => found.length > 0) ?? [],
    confirms: all(new RegExp(`^- (?:=C3=84rende|Reference) (${NUMBER}):`, 'gm')),
  }
}

/** What a provider's webhook tells: the notice as `takedown.STEP` with a `NoticePart`. */
export function toldByPost(posted: { readonly url: string; readonly body: string }, atMs: number) {
  const { data } = JSON.parse(posted.body) as { data: NoticePart }
  return {
    step: data.step,
    to: posted.url,
    atMs,
    messageId: data.envelopeId,
    urls: data.notices.map(({ url }) => url),
    noticeIds: data.notices.map(({ noticeId }) => noticeId),
  } satisfies Told
}

interface NoticePart {
  readonly step: string
  readonly envelopeId: string
  readonly notices: readonly { readonly url: string; readonly noticeId: string }[]
}

function fanged(url: string): string {
  return url.replace(/^hxxp/, 'http').replaceAll('[.]', '.')
}

import type { Told } from './told.ts'

/** A letter to the police as they read it. */
export interface PoliceLetter {
  readonly messageId: string
  readonly urls: readonly string[]
  /** When they were told of the case, by the world's clock: by this letter, or by the one that it comes back to. */
  readonly toldMs: number
  /** The letter that told them of it. */
  readonly firstId: string
  readonly word: string
  /** It says that a reply was heeded. */
  readonly isConfirmation: boolean
  isAnswered: boolean
}

/** The letters to the police, as they file them: each confirmation beside the letter that told of the case. */
export class PoliceFile {
  readonly letters: PoliceLetter[] = []
  /** The cases by their numbers, as the letters say them. */
  readonly #cases = new Map<string, { url: string; toldMs: number; firstId: string }>()

  /** Files a letter; nothing is filed of what cannot be answered, and what comes twice is one letter. */
  add({ messageId, urls, noticeIds, atMs, word = '', step, confirms = [] }: Told): void {
    if (word === '') return
    const isConfirmation = step === 'confirmation'
    const first = { toldMs: atMs, firstId: messageId }
    if (!isConfirmation) {
      for (const [line, url] of urls.entries()) {
        const number = noticeIds[line] ?? ''
        if (!this.#cases.has(number)) this.#cases.set(number, { url, ...first })
      }
    }
    const cited = confirms.flatMap((number) => this.#cases.get(number) ?? [])
    this.letters.push({
      messageId,
      word,
      isConfirmation,
      ...(cited[0] ?? first),
      urls: isConfirmation ? cited.map(({ url }) => url) : urls,
      isAnswered: this.letters.some((one) => one.messageId === messageId && one.isAnswered),
    })
  }
}

/** What hosts and mail systems answer to a notice. */
export function claimTo(to: string): string {
  return `From: abuse@host.example\r\nTo: ${to}\r\n\r\nThe content has been removed.\r\n`
}

/** What the police answer to a letter, or somebody in their name. */
export function answerTo(
  letter: { readonly messageId: string },
  lines: readonly string[],
  {
    from,
    date,
    headers = [],
  }: { readonly from: string; readonly date: string; readonly headers?: readonly string[] },
): string {
  return [
    `From: ${from}`,
    'To: notices@hotline.example',
    `Date: ${date}`,
    `In-Reply-To: ${letter.messageId}`,
    ...headers,
    'Content-Type: text/plain; charset=utf-8',
    '',
    ...lines,
    '',
  ].join('\r\n')
}

export function bounceTo(to: string): string {
  return [
    `From: MAILER-DAEMON@mx.example`,
    `To: ${to}`,
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    '',
    '--b',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example',
    '',
    'Final-Recipient: rfc822; abuse@host.example',
    'Action: failed',
    'Status: 5.1.1',
    '',
    '--b--',
    '',
  ].join('\r\n')
}

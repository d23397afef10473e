/** A letter to the police as they read it. */
export interface PoliceLetter {
  readonly messageId: string
  readonly urls: readonly string[]
  /** By the world's clock. */
  readonly atMs: number
  readonly word: string
  isAnswered: boolean
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

import type { ParsedMail } from 'mailparser'
import type { XarfReport } from '../../src/takedown/mail/xarf.ts'

/** The XARF reports of a mail, in order. */
export function xarfOf(mail: ParsedMail | undefined): readonly XarfReport[] {
  return (mail?.attachments ?? [])
    .filter(({ filename }) => filename?.startsWith('xarf') === true)
    .map(({ content }) => JSON.parse(String(content)) as XarfReport)
}

/** Names and values of the ARF part of a raw mail. */
export function reportPart(raw: string): readonly (readonly [string, string])[] {
  const start = raw.search(/Content-Type: message\/feedback-report/i)
  const body = raw.slice(raw.indexOf('\r\n\r\n', start) + 4)
  const lines = body.slice(0, body.search(/\r\n(\r\n|--)/)).split('\r\n')
  return lines.map((line) => {
    const colon = line.indexOf(': ')
    return [line.slice(0, colon), line.slice(colon + 2)] as const
  })
}

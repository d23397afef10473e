import MimeNode from 'nodemailer/lib/mime-node'
import type { enclose } from './enclosed.ts'

/** The plainest mail there is: text alone, the same bytes for the same words. */
export function plainMail(
  parts: {
    readonly id: string
    readonly from: string
    readonly organisation: string
    readonly to: string
    readonly at: string
    readonly language: string
    /** Shown as such by mail programs. */
    readonly isUrgent: boolean
  },
  { subject, body }: { readonly subject: string; readonly body: string },
): {
  readonly messageId: string
  readonly mail: MimeNode
  /** The headers of it that also stand outside, where it is enclosed. */
  readonly outside: Parameters<typeof enclose>[1]
} {
  const { id, from, organisation, to, at, language, isUrgent } = parts
  const messageId = `<${id}@${from.slice(from.lastIndexOf('@') + 1)}>`
  const mail = new MimeNode('text/plain; charset=utf-8', {
    baseBoundary: id,
    newline: 'win',
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const outside: Parameters<typeof enclose>[1] = [
    ['From', { name: organisation, address: from }],
    ['To', { name: '', address: to }],
    ['Message-ID', messageId],
    ['Date', new Date(at).toUTCString().replace('GMT', '+0000')],
    ['Auto-Submitted', 'auto-generated'],
    // RFC 4021, 2.1.54; what mail programs go by is X-Priority and Importance.
    ...(isUrgent ? ([['Importance', 'high'] as const, ['X-Priority', '1'] as const] as const) : []),
  ]
  for (const [name, value] of outside) mail.setHeader(name, value)
  mail.setHeader('Subject', subject)
  mail.setHeader('Content-Transfer-Encoding', 'quoted-printable')
  mail.setHeader('Content-Language', language)
  mail.setContent(body)
  return { messageId, mail, outside }
}

import MimeNode from 'nodemailer/lib/mime-node'

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
): { readonly messageId: string; readonly mail: MimeNode } {
  const { id, from, organisation, to, at, language, isUrgent } = parts
  const messageId = `<${id}@${from.slice(from.lastIndexOf('@') + 1)}>`
  const mail = new MimeNode('text/plain; charset=utf-8', {
    baseBoundary: id,
    newline: 'win',
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  mail.setHeader('From', { name: organisation, address: from })
  mail.setHeader('To', { name: '', address: to })
  mail.setHeader('Subject', subject)
  mail.setHeader('Message-ID', messageId)
  mail.setHeader('Date', new Date(at).toUTCString().replace('GMT', '+0000'))
  mail.setHeader('Auto-Submitted', 'auto-generated')
  if (isUrgent) {
    // RFC 4021, 2.1.54; what mail programs go by is X-Priority and Importance.
    mail.setHeader('Importance', 'high')
    mail.setHeader('X-Priority', '1')
  }
  mail.setHeader('Content-Transfer-Encoding', 'quoted-printable')
  mail.setHeader('Content-Language', language)
  mail.setContent(body)
  return { messageId, mail }
}

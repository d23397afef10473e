import MailComposer from 'nodemailer/lib/mail-composer'
import type { NoticePart } from './notice-part.ts'
import { NOTICE_FILE_NAME, noticeText } from './notice-text.ts'
import type { Mail } from './types.ts'

/**
 * One mail from one part: text and JSON say the same. The same part gives the same bytes, and the
 * Message-ID comes from the envelope, so that a mail that had to be sent again can be recognised.
 * Headers hold nothing that a suspect wrote; nodemailer encodes names and strips line breaks.
 */
export async function composeMail(part: NoticePart, to: string): Promise<Mail> {
  const { organisation, contact } = part.notifier
  const messageId = messageIdOf(part.envelopeId, contact)
  const reminded = part.notices.flatMap(({ reminds }) => (reminds ? [reminds.messageId] : []))
  const composer = new MailComposer({
    from: { name: organisation, address: contact },
    to: { name: '', address: to },
    subject: subjectOf(part),
    messageId,
    references: [...new Set(reminded)],
    date: new Date(part.composedAt),
    headers: {
      'Auto-Submitted': 'auto-generated',
      'X-Hindra-Step': part.step,
    },
    text: { content: noticeText(part, (url) => url), contentTransferEncoding: 'quoted-printable' },
    attachments: [
      {
        filename: NOTICE_FILE_NAME,
        contentType: 'application/json',
        content: JSON.stringify(part, null, 2),
      },
    ],
    baseBoundary: part.envelopeId,
    newline: 'win',
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const raw = await composer.compile().build()
  return { envelopeId: part.envelopeId, messageId, from: contact, to, raw }
}

function messageIdOf(envelopeId: string, from: string): string {
  return `<${envelopeId}@${from.slice(from.lastIndexOf('@') + 1)}>`
}

function subjectOf(part: NoticePart): string {
  const count = part.notices.length === 1 ? '1 address' : `${part.notices.length} addresses`
  const what = part.step === 'reminder' ? 'Reminder: illegal content' : 'Notice of illegal content'
  return `${what} (DSA Article 16), ${count}`
}

import MimeNode from 'nodemailer/lib/mime-node'
import { returnAddress } from '../../mails/index.ts'
import type { NoticePart } from '../notice-part.ts'
import type { LetterText } from '../letters/writer.ts'
import type { Letter } from '../notice.ts'
import { feedbackReport } from './arf.ts'
import { enclose, type Enclosing } from './enclosed.ts'
import { type MachineParts, machineParts } from './machine-parts.ts'

const TEXT = 'text/plain; charset=utf-8'
const NO_PARTS: MachineParts = { arf: false, xarf: [] }
/** RFC 5965, 2, wants the header of the mail that is complained of, and desks refuse reports without one. */
const NO_MAIL = 'Comments: No mail is complained of, but what is found at each Reported-URI.\r\n'

export interface ComposeOptions {
  readonly organisation: string
  /** Address of the sender. */
  readonly from: string
  /** Where bounces and replies go, with the envelope's id in it; `from` where there is none. */
  readonly returnPath: string | undefined
  readonly userAgent: string
  /** Adds a signature (DKIM). */
  readonly sign: (message: Buffer) => Promise<Buffer>
}

/**
 * One mail from one part: a text, and for desks that read them `multipart/report` (RFC 6522) of the text, an
 * ARF report (RFC 5965) and XARF reports, as far as these say the same (`machineParts`). Enclosed, it is encrypted as
 * a whole. The same part gives the same bytes, unless it is enclosed, and the Message-ID comes from the envelope, so
 * that a mail that had to be sent again can be recognised. Headers hold nothing that a suspect wrote; nodemailer
 * encodes names and strips line breaks.
 */
export async function composeMail(
  part: NoticePart,
  { subject, body }: LetterText,
  to: string,
  options: ComposeOptions,
  enclosing?: Enclosing,
): Promise<Letter> {
  const { envelopeId, notifier } = part
  const { from, returnPath } = options
  const sender = senderOf(part, options)
  const messageId = `<${envelopeId}@${from.slice(from.lastIndexOf('@') + 1)}>`
  const reminded = part.notices.flatMap(({ reminds }) => reminds?.messageId ?? []).filter(isMail)
  const references = [...new Set(reminded)].join(' ')
  // What no part is to tell of is not attached: its URL may be given on request only.
  const { arf, xarf } = part.attached.length === 0 ? NO_PARTS : machineParts(part, sender)

  const mail = new MimeNode(arf ? 'multipart/report; report-type=feedback-report' : TEXT, {
    baseBoundary: envelopeId,
    newline: 'win',
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const headers: Parameters<typeof enclose>[1] = [
    ['From', { name: notifier === null ? '' : options.organisation, address: from }],
    ['To', { name: '', address: to }],
    ...(returnPath === undefined ? [] : [['Reply-To', { name: '', address: sender }] as const]),
    ['Message-ID', messageId],
    ...(references === '' ? [] : [['References', references] as const]),
    ['Date', new Date(part.composedAt).toUTCString().replace('GMT', '+0000')],
    ['Auto-Submitted', 'auto-generated'],
  ]
  for (const [name, value] of headers) mail.setHeader(name, value)
  mail.setHeader('X-Hindra-Step', part.step)
  mail.setHeader('Subject', subject)

  const text = arf ? mail.createChild(TEXT) : mail
  text.setHeader('Content-Transfer-Encoding', 'quoted-printable')
  text.setHeader('Content-Language', part.language)
  text.setContent(body)
  if (arf) attachReports(mail, part, xarf, options.userAgent)
  const plain = await mail.build()
  const message =
    enclosing === undefined ? plain : await enclose(plain, headers, enclosing, envelopeId)
  const raw = await options.sign(message)
  return { envelopeId, messageId, channel: 'mail', from: sender, to, raw }
}

function attachReports(
  mail: MimeNode,
  part: NoticePart,
  xarf: MachineParts['xarf'],
  userAgent: string,
): void {
  const report = mail.createChild('message/feedback-report')
  report.setHeader('Content-Transfer-Encoding', '7bit')
  report.setContent(feedbackReport(part, { userAgent, hasXarf: xarf.length > 0 }))
  // RFC 6522 has room for one part more: many reports share it.
  const [only] = xarf
  if (xarf.length === 0) {
    const headers = mail.createChild('text/rfc822-headers')
    headers.setHeader('Content-Transfer-Encoding', '7bit')
    headers.setContent(NO_MAIL)
  } else if (xarf.length === 1) attach(mail, 'xarf.json', only)
  else {
    const parts = mail.createChild('multipart/mixed')
    for (const [position, one] of xarf.entries()) attach(parts, `xarf-${position + 1}.json`, one)
  }
}

/** What was told by another way has an id that is none of a mail. */
function isMail(messageId: string): boolean {
  return messageId.startsWith('<')
}

function attach(parent: MimeNode, filename: string, content: unknown): void {
  const part = parent.createChild('application/json', { filename })
  part.setHeader('Content-Disposition', 'attachment')
  part.setHeader('Content-Transfer-Encoding', 'quoted-printable')
  part.setContent(JSON.stringify(content, null, 2))
}

/** Where answers to this letter go. */
export function senderOf(
  { envelopeId }: Pick<NoticePart, 'envelopeId'>,
  { from, returnPath }: Pick<ComposeOptions, 'from' | 'returnPath'>,
): string {
  return returnPath === undefined ? from : returnAddress(returnPath, envelopeId)
}

import { rename, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'

export interface MailServer {
  readonly port: number
  /** What arrived for an address, oldest first. */
  mailbox(address: string): readonly ParsedMail[]
  /** How many mails arrived, for whomever. */
  received(): number
  close(): Promise<void>
}

/** A real SMTP server that keeps the mails of the given addresses and refuses all others. */
export async function startMailServer(
  addresses: readonly string[],
  onMail: (address: string, mail: ParsedMail) => void,
): Promise<MailServer> {
  const boxes = new Map<string, ParsedMail[]>(addresses.map((address) => [address, []]))
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onRcptTo({ address }, _session, done) {
      done(boxes.has(address) ? null : new Error('550 no such mailbox'))
    },
    onData(stream, session, done) {
      simpleParser(stream).then(
        (mail) => {
          for (const { address } of session.envelope.rcptTo) {
            boxes.get(address)?.push(mail)
            onMail(address, mail)
          }
          done()
        },
        (error: unknown) => {
          done(error as Error)
        },
      )
    },
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  return {
    port: (server.server.address() as AddressInfo).port,
    mailbox: (address) => boxes.get(address) ?? [],
    received: () => [...boxes.values()].flat().length,
    close: () =>
      new Promise((done) => {
        server.close(done)
      }),
  }
}

/** What a provider's machine reads of a notice mail: the URLs of its ARF part (RFC 5965). */
export function listedUrls(mail: ParsedMail | undefined): readonly string[] {
  const report = mail?.attachments.find(
    ({ contentType }) => contentType === 'message/feedback-report',
  )
  const fields = String(report?.content ?? '').matchAll(/^Reported-URI: (\S+)/gm)
  return [...fields].map(([, url]) => url ?? '')
}

/** Puts a mail into a Maildir as its deliverers do: a reader never sees half of it. */
export async function deliver(
  maildir: string,
  name: string,
  lines: readonly string[],
): Promise<void> {
  await writeFile(join(maildir, 'tmp', name), lines.join('\r\n'))
  await rename(join(maildir, 'tmp', name), join(maildir, 'new', name))
}

import { z } from 'zod'
import { bytes, MIB, secret } from './fields.ts'

/** A mailbox that is read: a Maildir, a folder of an IMAP server, or both. */
function mailboxSettings(whose: string) {
  return {
    maildir: z.string().optional().describe(`Maildir that ${whose} is delivered to`),
    imapHost: z.string().min(1).optional().describe(`IMAP server of the mailbox of ${whose}`),
    imapPort: z
      .int()
      .min(1)
      .max(65535)
      .optional()
      .describe('993, or 143 without TLS from the first byte'),
    imapTls: z
      .enum(['tls', 'starttls', 'none'])
      .default('tls')
      .describe('none: on this machine only'),
    imapCaFile: z.string().optional().describe('Certificates in PEM that its own is judged by'),
    imapUser: z.string().min(1).optional(),
    imapPassword: secret().optional(),
    imapFolder: z.string().min(1).default('INBOX'),
    imapSeconds: z.number().min(0.1).max(600).default(30).describe('Longest wait for the server'),
    bytesMax: bytes(5 * MIB).describe('Larger mails are left to a person'),
  }
}

export const inboxSettings = mailboxSettings('mail.returnPath')

export const sistersSettings = {
  ...mailboxSettings('what sister hotlines write'),
  urlsPerMailMax: z
    .int()
    .min(1)
    .max(500)
    .default(50)
    .describe('A mail of more URLs waits for a person'),
  waitingMax: z
    .int()
    .min(1)
    .max(10_000)
    .default(200)
    .describe('Mails that wait for a person; of more, each stays unread in its mailbox'),
}

import type { Config } from '../config.ts'
import type { Context } from '../store/index.ts'
import { openImap } from './imap.ts'
import { createImapPlaces } from './imap-place.ts'
import type { Mailbox } from './mailbox.ts'
import { openMaildir } from './maildir.ts'

/** The Maildir and the IMAP folder that are set; none where neither is. Throws INVALID_CONFIG. */
export function openMailboxes(
  context: Pick<Context, 'store' | 'sealer'>,
  settings: Config['inbox'],
): readonly Mailbox[] {
  const { maildir, bytesMax, imapUser, imapHost, imapFolder } = settings
  const places = createImapPlaces(context, [imapUser, imapHost, imapFolder].join(' '))
  return [
    maildir === undefined ? undefined : openMaildir(maildir, bytesMax),
    openImap(settings, places),
  ].filter((mailbox) => mailbox !== undefined)
}

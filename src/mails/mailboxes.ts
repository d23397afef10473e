import type { Config } from '../config.ts'
import { HindraError } from '../errors.ts'
import type { Context } from '../store/index.ts'
import { openImap } from './imap.ts'
import { createImapPlaces } from './imap-place.ts'
import type { Mailbox, MailboxName } from './mailbox.ts'
import { openMaildir } from './maildir.ts'

/** Two readers of one mailbox would each take what is the other's. Throws INVALID_CONFIG. */
function assertOwnMailboxes({ inbox, sisters }: Pick<Config, MailboxName>): void {
  const isSame = (...names: readonly (keyof Config['inbox'])[]) =>
    names.every((name) => inbox[name] === sisters[name])
  if (inbox.maildir !== undefined && isSame('maildir')) throw shared('maildir')
  if (inbox.imapHost !== undefined && isSame('imapHost', 'imapUser', 'imapFolder')) {
    throw shared('imapFolder')
  }
}

function shared(name: string): HindraError {
  const message = `sisters.${name} is that of inbox.${name}: replies and tips need a mailbox each`
  return new HindraError('INVALID_CONFIG', message)
}

/** The Maildir and the IMAP folder that are set; none where neither is. Throws INVALID_CONFIG. */
export function openMailboxes(
  context: Pick<Context, 'store' | 'sealer'>,
  config: Pick<Config, MailboxName>,
  section: MailboxName,
): readonly Mailbox[] {
  if (section === 'sisters') assertOwnMailboxes(config)
  const settings = config[section]
  const { maildir, bytesMax, imapUser, imapHost, imapFolder } = settings
  const places = createImapPlaces(context, [imapUser, imapHost, imapFolder].join(' '))
  return [
    maildir === undefined ? undefined : openMaildir(maildir, bytesMax, section),
    openImap(settings, places, section),
  ].filter((mailbox) => mailbox !== undefined)
}

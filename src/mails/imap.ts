import type { FetchMessageObject, ImapFlow } from 'imapflow'
import type { Config } from '../config.ts'
import { readSettingsFile, SECOND_MS } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { ImapPlaces } from './imap-place.ts'
import { type Delivered, HEAD_BYTES, type Mailbox, type MailboxName } from './mailbox.ts'

const LOOPBACK = ['127.0.0.1', '::1', 'localhost']

/**
 * A folder of an IMAP server (RFC 9051), read by UID from where it was read to. Mails are looked at
 * without a change of their flags; what was taken care of is marked `\Seen`, nothing is moved or
 * deleted. One connection a run. Undefined where none is set. Throws INVALID_CONFIG.
 */
export function openImap(
  settings: Config['inbox'],
  places: ImapPlaces,
  section: MailboxName,
): Mailbox | undefined {
  const { imapHost: host, imapUser: user, imapPassword: password, imapTls, imapCaFile } = settings
  if (host === undefined) return undefined
  if (user === undefined || password === undefined) {
    throw invalid(`${section}.imapHost needs ${section}.imapUser and ${section}.imapPassword`)
  }
  if (imapTls === 'none' && !LOOPBACK.includes(host)) {
    throw invalid(
      `${section}.imapTls: none would send the password in the clear to another machine`,
    )
  }
  const options = {
    host,
    port: settings.imapPort ?? (imapTls === 'tls' ? 993 : 143),
    secure: imapTls === 'tls',
    doSTARTTLS: imapTls === 'starttls',
    auth: { user, pass: password },
    tls:
      imapCaFile === undefined ? {} : { ca: readSettingsFile(`${section}.imapCaFile`, imapCaFile) },
    connectionTimeout: settings.imapSeconds * SECOND_MS,
    greetingTimeout: settings.imapSeconds * SECOND_MS,
    socketTimeout: settings.imapSeconds * SECOND_MS,
    logger: false,
    disableAutoIdle: true,
  } as const

  return {
    async *waiting(limit) {
      // Only who has a mailbox waits for the library: it is a tenth of all that a command would load.
      const { ImapFlow } = await import('imapflow')
      const client = new ImapFlow(options)
      // Whoever waits for an answer hears of it; without a listener it would end the process.
      client.on('error', () => undefined)
      try {
        await asked(client.connect())
        const { uidValidity } = await asked(client.mailboxOpen(settings.imapFolder))
        const validity = String(uidValidity)
        const from = (await places.readTo(validity)) + 1
        for (const uid of await uidsFrom(client, from, limit)) {
          const mail = await asked(fetchOne(client, uid))
          // Gone since somebody has deleted it.
          if (mail !== undefined) yield delivered(client, mail, { validity, uid })
        }
        await asked(client.logout())
      } finally {
        client.close()
      }
    },
  }

  /** A range that ends with the newest holds that one also where it is older (RFC 9051, 9). */
  async function uidsFrom(client: ImapFlow, from: number, limit: number): Promise<number[]> {
    const found = await asked(client.search({ uid: `${from}:*` }, { uid: true }))
    const uids = Array.isArray(found) ? found.filter((uid) => uid >= from) : []
    return uids.sort((one, other) => one - other).slice(0, limit)
  }

  async function fetchOne(client: ImapFlow, uid: number): Promise<FetchMessageObject | undefined> {
    const source = { start: 0, maxLength: settings.bytesMax + 1 }
    const found = await client.fetchOne(String(uid), { uid: true, source }, { uid: true })
    return found === false ? undefined : found
  }

  function delivered(
    client: ImapFlow,
    { source }: FetchMessageObject,
    place: { validity: string; uid: number },
  ): Delivered {
    const isWhole = source !== undefined && source.length <= settings.bytesMax
    const head = source?.subarray(0, HEAD_BYTES) ?? new Uint8Array()
    return {
      ...(isWhole ? { raw: source } : { raw: null, head }),
      async done(flag) {
        if (flag === 'read') {
          await asked(client.messageFlagsAdd(String(place.uid), ['\\Seen'], { uid: true }))
        }
        await places.moveTo(place)
      },
    }
  }

  /** What the server says may hold names; its code is enough. */
  async function asked<Answer>(answer: Promise<Answer>): Promise<Answer> {
    try {
      return await answer
    } catch (cause) {
      const { code, authenticationFailed } = cause as {
        code?: string
        authenticationFailed?: boolean
      }
      const why = authenticationFailed === true ? 'the login is refused' : (code ?? 'no code')
      const message = `${section}.imapHost cannot be read (${why})`
      throw new HindraError('INBOX_FAILED', message, { cause })
    }
  }
}

function invalid(message: string): HindraError {
  return new HindraError('INVALID_CONFIG', message)
}

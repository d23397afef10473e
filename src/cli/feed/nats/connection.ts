import { readFileSync } from 'node:fs'
import type * as JetStream from '@nats-io/jetstream'
import type * as Transport from '@nats-io/transport-node'
import type { Authenticator, NatsConnection, TlsOptions } from '@nats-io/transport-node'
import { defined, SECOND_MS } from '../../../core/index.ts'
import { HindraError } from '../../../errors.ts'
import type { Feeding } from '../run-feed.ts'
import { asNatsError } from './errors.ts'
import { patienceWithNats } from './patience.ts'
import type { NatsKeyring, NatsSettings } from './settings.ts'

/** Its own, so that nobody else need be allowed to listen where messages come. */
const INBOX = '_INBOX_hindra'
const CONNECT_MS = 5 * SECOND_MS
const RECONNECT_EACH_MS = SECOND_MS
/** How long what was said last is given to arrive. */
const CLOSE_MS = 5 * SECOND_MS

/** The packages of NATS, as far as they are used; they are loaded only where a source is of NATS. */
export type NatsPackages = typeof Transport &
  Pick<typeof JetStream, 'jetstream' | 'jetstreamManager'>

/** A connection that mends itself. */
export interface Connection {
  readonly nats: NatsConnection
  readonly client: NatsPackages
  readonly isUp: boolean
  /** Resolves once it is up; rejects where it was closed for good. */
  up(): Promise<void>
  /** Told each time that it breaks. */
  onBreak(told: () => void): void
  /** Rejects with what does not pass: NATS takes the credentials no longer, or does not allow something. */
  readonly refused: Promise<never>
  /** Everything that was said goes out first, unless the server is away. */
  close(): Promise<void>
}

/** Throws NATS_CLIENT_MISSING, INVALID_INPUT, NATS_REFUSED, and NATS_UNAVAILABLE where patience ends. */
export async function connectNats(
  settings: NatsSettings,
  run: Pick<Feeding, 'patience' | 'signal'>,
  note: (text: string) => void,
): Promise<Connection> {
  const client = await loadClient()
  const authenticator = authenticators(client, settings.access)
  const tls = tlsOf(settings)
  const nats = await patienceWithNats(run)(() =>
    client.connect({
      servers: [...settings.servers],
      name: 'hindra feed',
      inboxPrefix: INBOX,
      timeout: CONNECT_MS,
      maxReconnectAttempts: -1,
      reconnectTimeWait: RECONNECT_EACH_MS,
      ...defined({ tls, authenticator }),
    }),
  )
  return watched(client, nats, note)
}

function watched(
  client: NatsPackages,
  nats: NatsConnection,
  note: (text: string) => void,
): Connection {
  const breaks: (() => void)[] = []
  let isUp = true
  let isClosing = false
  let up = Promise.resolve()
  let mended = (): void => undefined
  let lost: (error: unknown) => void = () => undefined
  let refuse: (error: unknown) => void = () => undefined
  const refused = new Promise<never>((_resolve, reject) => {
    refuse = reject
  })
  refused.catch(() => undefined)

  async function watch(): Promise<void> {
    for await (const status of nats.status()) {
      if (status.type === 'disconnect' && isUp && !isClosing) {
        isUp = false
        up = new Promise((resolve, reject) => {
          mended = resolve
          lost = reject
        })
        up.catch(() => undefined)
        for (const told of breaks) told()
        note('NATS is away; what is not acknowledged waits there')
      }
      if (status.type === 'reconnect') {
        isUp = true
        mended()
        note('NATS is back')
      }
      if (status.type === 'error' && status.error.name === 'PermissionViolationError') {
        refuse(asNatsError(status.error))
      }
    }
  }
  // It ends with the connection.
  watch().catch(refuse)
  void nats.closed().then((error) => {
    isUp = false
    const why = asNatsError(error ?? new Error('the connection is closed'))
    lost(why)
    if (!isClosing) refuse(why)
  })

  return {
    nats,
    client,
    get isUp() {
      return isUp
    },
    up: () => up,
    onBreak: (told) => breaks.push(told),
    refused,
    async close() {
      isClosing = true
      const [drained, late] = [nats.drain(), AbortSignal.timeout(CLOSE_MS)]
      const isLate = new Promise((resolve) => {
        late.addEventListener('abort', resolve)
      })
      await Promise.race([drained.catch(() => undefined), isLate])
      await nats.close()
    },
  }
}

async function loadClient(): Promise<NatsPackages> {
  try {
    const transport = await import('@nats-io/transport-node')
    const { jetstream, jetstreamManager } = await import('@nats-io/jetstream')
    return { ...transport, jetstream, jetstreamManager }
  } catch (cause) {
    throw new HindraError(
      'NATS_CLIENT_MISSING',
      'the packages @nats-io/transport-node and @nats-io/jetstream are not installed',
      { cause },
    )
  }
}

/** Files are read at each connection: credentials may be exchanged while it runs. */
function authenticators(client: NatsPackages, access: NatsKeyring): Authenticator[] | undefined {
  const { credsFile, nkeyFile, user, password, token } = access
  const made: Authenticator[] = []
  if (credsFile !== undefined) {
    readOnce(credsFile)
    made.push(client.credsAuthenticator(() => readFileSync(credsFile)))
  }
  if (nkeyFile !== undefined) {
    readOnce(nkeyFile)
    made.push(client.nkeyAuthenticator(() => Buffer.from(readFileSync(nkeyFile, 'utf8').trim())))
  }
  if (user !== undefined) made.push(client.usernamePasswordAuthenticator(user, password))
  if (token !== undefined) made.push(client.tokenAuthenticator(token))
  return made.length === 0 ? undefined : made
}

function tlsOf({ isTls, access }: NatsSettings): TlsOptions | undefined {
  const { caFile, certFile, keyFile } = access
  const files = { caFile, certFile, keyFile }
  const given = Object.entries(files).filter(([, file]) => file !== undefined)
  if (given.length === 0) return isTls ? {} : undefined
  for (const [, file] of given) readOnce(file ?? '')
  return Object.fromEntries(given)
}

/** Throws INVALID_INPUT now, rather than at the first connection. */
function readOnce(file: string): void {
  try {
    readFileSync(file)
  } catch (cause) {
    throw new HindraError('INVALID_INPUT', `${file} cannot be read`, { cause })
  }
}

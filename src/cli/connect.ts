import { connect as connectTo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Client,
  createClient,
  createTransport,
  patientTransport,
  type Transport,
} from '../client/index.ts'
import type { LoadedConfig } from '../config.ts'
import { dataDirectory, systemRandom } from '../core/index.ts'
import type { Health } from '../watch/index.ts'
import { HindraError } from '../errors.ts'
import type { Output } from './output.ts'
import { whileBusy } from './patience.ts'
import { socketPath, usualSocket } from './server-socket.ts'

/** How long a command waits for another short command to let go of the store. */
const LOCK_TRIES = 50
const LOCK_WAIT_MS = 200

/** The places at which a command looks for a server. */
export interface ServerPlace {
  /** The origin of a server that runs elsewhere. */
  readonly url: string | undefined
  readonly env: NodeJS.ProcessEnv
  /** The data directory that a flag names. */
  readonly data: string | undefined
  /** Reads the settings: what finds a server without them has no use for them, and they take their time. */
  readonly settings: () => Promise<LoadedConfig>
}

/**
 * Runs `work` with the API at hand, and lets go of it in the end. A server that asks for time gets it, and is told of.
 */
export async function withClient<Result>(
  place: ServerPlace,
  key: string | undefined,
  output: Output,
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  const connected = await connect(place, key, output.note)
  const transport = patientTransport(connected, whileBusy(output), systemRandom)
  try {
    return await work(createClient(transport))
  } finally {
    await transport.close()
  }
}

/**
 * The API, wherever it is: at `url`; else at the socket of a running server; else, when none runs,
 * from a server in this process. One way, so that the same rules hold for every command.
 *
 * @param warn Told what the operator should know of the store, where it is opened here
 */
export async function connect(
  { url, env, data, settings }: ServerPlace,
  key: string | undefined,
  warn: (message: string) => void,
): Promise<Transport> {
  if (url !== undefined) return createTransport({ origin: checkedOrigin(url), key })
  const usual = usualSocket(dataDirectory(env, data))
  if (await isServed(usual)) return throughSocket(usual, key)

  const loaded = await settings()
  const socket = socketPath(loaded.config)
  for (let tries = 1; ; tries += 1) {
    if (await isServed(socket)) return throughSocket(socket, key)
    try {
      // Only now: a command that finds a server has no use for the engine, which takes its time.
      const { startOwnServer } = await import('./own-server.ts')
      const own = await startOwnServer(loaded, warn)
      const client = throughSocket(own.socket, key)
      return {
        ...client,
        close: async () => {
          await client.close()
          await own.close()
        },
      }
    } catch (error) {
      const isLocked = error instanceof HindraError && error.code === 'STORE_LOCKED'
      if (!isLocked || tries === LOCK_TRIES) throw error
      await sleep(LOCK_WAIT_MS)
    }
  }
}

/** True where a server listens at the socket: nobody does at a file that a killed one left behind. */
export function isServed(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const trial = connectTo(socket)
    trial.once('connect', () => {
      trial.destroy()
      resolve(true)
    })
    trial.once('error', () => {
      resolve(false)
    })
  })
}

/** How the server at the socket says that it is, to the operator. Throws what that answers. */
export async function healthAt(socket: string): Promise<Health> {
  const client = throughSocket(socket, undefined)
  try {
    return await createClient(client).system.health()
  } finally {
    await client.close()
  }
}

function throughSocket(socket: string, key: string | undefined): Transport {
  return createTransport({ origin: 'http://socket.invalid', socket, key })
}

function checkedOrigin(url: string): string {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new HindraError('URL_INVALID', 'HINDRA_URL is no http or https URL')
  }
  return new URL(url).origin
}

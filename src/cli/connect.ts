import { setTimeout as sleep } from 'node:timers/promises'
import type { LoadedConfig } from '../config.ts'
import { HindraError } from '../errors.ts'
import { isAnswered } from '../http/index.ts'
import { type Client, createClient } from './client.ts'
import { socketPath } from './installation.ts'
import { startOwnServer } from './own-server.ts'

/** How long a command waits for another short command to let go of the store. */
const LOCK_TRIES = 50
const LOCK_WAIT_MS = 200

/**
 * The API, wherever it is: at `url`; else at the socket of a running server; else, when none runs,
 * from a server in this process. One way, so that the same rules hold for every command.
 */
export async function connect(
  loaded: LoadedConfig,
  url: string | undefined,
  key: string | undefined,
): Promise<Client> {
  if (url !== undefined) return createClient({ origin: checkedOrigin(url), key })

  const socket = socketPath(loaded.config)
  for (let tries = 1; ; tries += 1) {
    if (await isAnswered(socket)) return throughSocket(socket, key)
    try {
      const own = await startOwnServer(loaded)
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

function throughSocket(socket: string, key: string | undefined): Client {
  return createClient({ origin: 'http://socket.invalid', socket, key })
}

function checkedOrigin(url: string): string {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new HindraError('URL_INVALID', 'HINDRA_URL is no http or https URL')
  }
  return new URL(url).origin
}

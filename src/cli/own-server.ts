import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LoadedConfig } from '../config.ts'
import { createEngine, type Engine } from '../engine.ts'
import { createLog, type Server, startServer } from '../http/index.ts'
import { commandConfig, needDataKey } from './installation.ts'
import { onSignals } from './signals.ts'

/** A server of this process alone, for a command that finds none running. */
export interface OwnServer {
  readonly socket: string
  close(): Promise<void>
}

/**
 * Opens the store in this process, behind a Unix socket that only this process knows.
 * Throws NOT_INITIALISED, KEY_MISSING, KEY_WRONG, and STORE_LOCKED where another process has it.
 */
export async function startOwnServer(
  loaded: LoadedConfig,
  warn: (message: string) => void,
): Promise<OwnServer> {
  const { config } = loaded
  // A command that takes its time must not keep the servers of the house from what is due.
  const server = { ...config.server, roles: ['api' as const, 'matcher' as const] }
  const engine = await createEngine({
    config: { ...commandConfig(config), server },
    dataKey: await needDataKey(config),
    warn,
  })
  // Made by mkdtemp with mode 0700.
  const directory = mkdtempSync(join(tmpdir(), 'hindra-'))
  const removeDirectory = (): void => {
    rmSync(directory, { recursive: true, force: true })
  }
  process.once('exit', removeDirectory)
  const stopHandling = onSignals((code) => process.exit(code))

  async function close(server: Server | undefined, opened: Engine): Promise<void> {
    await server?.close()
    await opened.shutdown()
    removeDirectory()
    process.removeListener('exit', removeDirectory)
    stopHandling()
  }

  try {
    const server = await startServer({
      engine,
      tcp: false,
      socket: join(directory, 'own.sock'),
      settings: loaded.settings,
      log: createLog('silent'),
    })
    // What is left when the command ends waits in the store for the next server.
    engine.start()
    return { socket: join(directory, 'own.sock'), close: () => close(server, engine) }
  } catch (error) {
    await close(undefined, engine)
    throw error
  }
}

import type { Command } from 'commander'
import type { LoadedConfig } from '../../config.ts'
import { createEngine } from '../../engine.ts'
import { type Log, type Server, createLog, startServer } from '../../http/index.ts'
import { verb } from '../help.ts'
import { needDataKey, socketPath } from '../installation.ts'
import { onSignals } from '../own-server.ts'
import { fields } from '../output.ts'
import type { Shell } from '../shell.ts'
import { startTicker } from '../ticker.ts'

interface ServeOptions {
  readonly host?: string
  readonly port?: string
  readonly socket?: string
}

export function serveCommand(shell: Shell): Command {
  return verb('serve', 'runs the server: HTTP, the Unix socket, and what is due', [
    'hindra serve',
    'hindra serve --host 127.0.0.1 --port 7080',
  ])
    .option('--host <address>', 'server.host')
    .option('--port <number>', 'server.port; 0 takes a free one')
    .option('--socket <path>', 'server.socket')
    .action(async (options: ServeOptions) => {
      const loaded = shell.settings({
        'server.host': options.host,
        'server.port': options.port === undefined ? undefined : Number(options.port),
        'server.socket': options.socket,
      })
      await serve(shell, loaded)
    })
}

/** Returns when a signal has ended it. */
async function serve(shell: Shell, loaded: LoadedConfig): Promise<void> {
  const { config } = loaded
  const log = createLog(config.log.level)
  const engine = await createEngine({ config, dataKey: needDataKey(config) })
  try {
    const server = await startServer({
      engine,
      socket: socketPath(config),
      settings: loaded.settings,
      log,
    })
    const ticker = startTicker(engine, config.server.tickSeconds, log)
    announce(shell, server, log)
    await signalled()
    log.info('stopping')
    await Promise.all([server.close(), ticker.stop()])
  } finally {
    await engine.shutdown()
  }
}

function announce(shell: Shell, server: Server, log: Log): void {
  const { url = '', socket = '' } = server
  shell.output().row({ url, socket, pid: process.pid }, fields)
  if (!/^http:\/\/(127\.|\[::1\]|localhost)/.test(url)) {
    log.warn('keys and answers cross the network in the clear: put a TLS proxy in front')
  }
}

/** The first SIGINT or SIGTERM ends it in good order, a second one at once. */
function signalled(): Promise<void> {
  return new Promise((resolve) => {
    let isSecond = false
    onSignals((exitCode) => {
      if (isSecond) process.exit(exitCode)
      isSecond = true
      resolve()
    })
  })
}

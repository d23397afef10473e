import type { LoadedConfig } from '../config.ts'
import { createEngine } from '../engine.ts'
import { checkExposure, createLog, type Log, type Server, startServer } from '../http/index.ts'
import { toldBy } from './background-log.ts'
import { needDataKey } from './installation.ts'
import { socketPath } from './server-socket.ts'
import { fields } from './output.ts'
import type { Shell } from './shell.ts'
import { onSignals } from './signals.ts'

/** Returns when a signal has ended it. */
export async function serve(shell: Shell, loaded: LoadedConfig): Promise<void> {
  const { config } = loaded
  // Before the store is opened, which takes its time.
  checkExposure(config.server.host, config.server)
  const log = createLog(config.log.level)
  const engine = await createEngine({
    config,
    dataKey: await needDataKey(config),
    warn: (message) => {
      log.warn(message)
    },
  })
  try {
    const server = await startServer({
      engine,
      socket: socketPath(config),
      settings: loaded.settings,
      log,
    })
    engine.start(toldBy(log))
    const reload = () => void server.reloadTls()
    process.on('SIGHUP', reload)
    announce(shell, server, log)
    await signalled()
    log.info('stopping')
    process.removeListener('SIGHUP', reload)
    await server.close()
  } finally {
    await engine.shutdown()
  }
}

function announce(shell: Shell, server: Server, log: Log): void {
  const { url = '', socket = '' } = server
  shell.output().row({ url, socket, pid: process.pid }, fields)
  // Only where the settings say so: see checkExposure.
  if (!/^(https:|http:\/\/(127\.|\[::1\]|localhost))/.test(url)) {
    log.warn('keys and answers cross the network in the clear, as server.insecure allows')
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

import type { LoadedConfig } from '../config.ts'
import { createEngine, type Engine } from '../engine.ts'
import { toHindraError } from '../errors.ts'
import { checkExposure, createLog, type Log, type Server, startServer } from '../http/index.ts'
import { needDataKey, socketPath } from './installation.ts'
import { fields } from './output.ts'
import type { Shell } from './shell.ts'
import { onSignals } from './signals.ts'
import { newsOf, startTicker } from './ticker.ts'

/** Returns when a signal has ended it. */
export async function serve(shell: Shell, loaded: LoadedConfig): Promise<void> {
  const { config } = loaded
  // Before the store is opened, which takes its time.
  checkExposure(config.server.host, config.server)
  const log = createLog(config.log.level)
  const engine = await createEngine({
    config,
    dataKey: needDataKey(config),
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
    const { tickSeconds } = config.server
    const due = startTicker('due work', async () => newsOf(await engine.runDue()), tickSeconds, log)
    // By itself: there can be much of it, and no notice is to wait for it.
    const kept = startTicker('kept sightings', () => compared(engine), tickSeconds, log)
    void engine.callDuty((cause) => {
      const { code, message } = toHindraError(cause)
      log.error({ code }, `the duty desk was not called: ${message}`)
    })
    void engine.judgePending((cause) => {
      log.error({ code: toHindraError(cause).code }, 'pending sightings wait')
    })
    void engine.runSources((cause) => {
      log.error({ code: toHindraError(cause).code }, 'sources wait')
    })
    void engine.deliverAlerts((cause) => {
      log.error({ code: toHindraError(cause).code }, 'webhooks wait')
    })
    process.on('SIGHUP', server.reloadTls)
    announce(shell, server, log)
    await signalled()
    log.info('stopping')
    process.removeListener('SIGHUP', server.reloadTls)
    // A round of minutes is broken off by the shutdown.
    void kept.stop()
    await Promise.all([server.close(), due.stop()])
  } finally {
    await engine.shutdown()
  }
}

async function compared(engine: Engine): Promise<object | undefined> {
  const found = await engine.compareKept()
  return found === 0 ? undefined : { found }
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

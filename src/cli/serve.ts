import { setTimeout as sleep } from 'node:timers/promises'
import type { Config, LoadedConfig } from '../config.ts'
import { createEngine, type Engine } from '../engine.ts'
import { checkExposure, createLog, type Log, type Server, startServer } from '../http/index.ts'
import { toldBy } from './background-log.ts'
import { type ErrorCode, HindraError, toHindraError } from '../errors.ts'
import { openStore, type Store } from '../store/index.ts'
import { needDataKey } from './installation.ts'
import { socketPath } from './server-socket.ts'
import { fields } from './output.ts'
import type { Shell } from './shell.ts'
import { onSignals } from './signals.ts'

/** Between looks at a store that another server has, and at whether this one has it still. */
const LOOK_MS = 1_000

/** Of a store: another process had it alone, it holds less than this process has seen, or has another data key now. */
const FOR_GOOD: readonly ErrorCode[] = ['STORE_LOCKED', 'STORE_UNAVAILABLE', 'KEY_WRONG']

/**
 * Returns when a signal has ended it. Throws STORE_LOCKED also where another process had the store alone meanwhile,
 * STORE_UNAVAILABLE where it went back to an older state, KEY_WRONG where another one ended the data key of this one, and
 * LEASE_ELSEWHERE where another server took over what this one dispatches.
 */
export async function serve(shell: Shell, loaded: LoadedConfig): Promise<void> {
  const { config } = loaded
  // Before the store is opened, which takes its time.
  checkExposure(config.server.host, config.server)
  const log = createLog(config.log.level)
  const warn = (message: string) => {
    log.warn(message)
  }
  const dataKey = await needDataKey(config)
  checkRoles(config)
  const store = await openStore(config, warn)
  const engine = await createEngine({ config, dataKey, store, warn })
  const lost = new AbortController()
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
    const ended = await Promise.race([signalled(), untilLost(store, engine, lost.signal)])
    log.info('stopping')
    process.removeListener('SIGHUP', reload)
    await server.close()
    if (ended !== undefined) throw ended
  } finally {
    lost.abort()
    await engine.shutdown()
  }
}

/** A house whose store is in a directory has one process, which does all of it. Throws INVALID_CONFIG. */
function checkRoles({ store, server, matcher }: Config): void {
  const needed = ['api', 'matcher', 'dispatcher'] as const
  const missing = needed.filter((role) => !server.roles.includes(role))
  const { shard, listen } = matcher
  if (store.url !== undefined) {
    if (listen !== undefined || shard === '1/1' || shard === 'none') return
    const message = `matcher.listen: the other servers must reach what holds ${shard} of the known material`
    throw new HindraError('INVALID_CONFIG', message)
  }
  if (shard !== '1/1') {
    const message = 'matcher.shard: only servers on one store in PostgreSQL (store.url) divide it'
    throw new HindraError('INVALID_CONFIG', message)
  }
  if (missing.length === 0) return
  const message = `server.roles: lacks ${missing.join(', ')}: only a store in PostgreSQL (store.url) has several servers`
  throw new HindraError('INVALID_CONFIG', message)
}

/** Why this process can work no more, once that is so; nothing where the look is ended. */
async function untilLost(
  store: Store,
  engine: Engine,
  signal: AbortSignal,
): Promise<HindraError | undefined> {
  while (!signal.aborted) {
    if (engine.lost.aborted) {
      return new HindraError('LEASE_ELSEWHERE', 'another server has taken over what this one did')
    }
    await sleep(LOOK_MS, undefined, { signal, ref: false }).catch(() => undefined)
    const fault = await store.writable().catch(toHindraError)
    if (fault !== undefined && FOR_GOOD.includes(fault.code)) return fault
  }
  return undefined
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
function signalled(): Promise<undefined> {
  return new Promise((resolve) => {
    let isSecond = false
    onSignals((exitCode) => {
      if (isSecond) process.exit(exitCode)
      isSecond = true
      resolve(undefined)
    })
  })
}

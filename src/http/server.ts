import { setMaxListeners } from 'node:events'
import type { FastifyInstance } from 'fastify'
import { OPERATOR, type Principal } from '../access/index.ts'
import type { SettingView } from '../config.ts'
import { type Clock, createSemaphore, systemClock } from '../core/index.ts'
import type { Engine } from '../engine.ts'
import { HindraError, toHindraError } from '../errors.ts'
import { createApp } from './app.ts'
import { checkExposure } from './exposure.ts'
import { createLimits } from './limits.ts'
import { createNetworkTrust } from './hma/trusted.ts'
import { createLog, type Log } from './log.ts'
import { createMetrics } from './metrics.ts'
import { createOpenFeeds } from './open-feeds.ts'
import { watchPressure } from './pressure.ts'
import { createFace } from './face.ts'
import { closeToOthers, prepareSocket } from './socket-file.ts'
import { openTlsFiles, type TlsFiles } from './tls-files.ts'
import { watchConnections } from './unused-connections.ts'
import { createUploadMemory } from './upload-memory.ts'
import { createWrongKeys } from './wrong-keys.ts'

/** How long open requests may take to finish once the server stops. */
const CLOSE_MS = 10_000

export interface ServerOptions {
  /** Stays its owner's: shut it down after the server is closed. */
  readonly engine: Engine
  /** Where TCP is listened; by default `server.host` and `server.port` of the engine's settings; false for no TCP. */
  readonly tcp?: { readonly host: string; readonly port: number } | false
  /** Path of a Unix socket; who reaches it without a key is the operator. */
  readonly socket?: string
  /** What GET /v1/config shows: the `settings` of `loadConfig`. */
  readonly settings?: readonly SettingView[]
  readonly log?: Log
  readonly clock?: Clock
}

export interface Server {
  /** Origin, `https://127.0.0.1:7080`; undefined without TCP. */
  readonly url: string | undefined
  readonly socket: string | undefined
  /** Reads the certificate and its key anew; open connections go on. */
  reloadTls: () => Promise<void>
  /** Accepts no more, finishes what is under way (feeds end after the lines they have read). */
  close(): Promise<void>
}

/**
 * The HTTP API on TCP, on a Unix socket or on both. Throws INVALID_CONFIG where it cannot listen,
 * STORE_LOCKED where another server answers at the socket.
 */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { engine } = options
  const stopping = new AbortController()
  setMaxListeners(0, stopping.signal)
  const { config } = engine
  const log = options.log ?? createLog(config.log.level)
  const feeds = createOpenFeeds(config.server.feedsMax, config.limits.openFeeds)
  const metrics = createMetrics(engine, feeds)
  const pressure = watchPressure(config.server.loopDelayMsMax)
  const limits = createLimits(config.limits, engine.stages.access, (cause) => {
    log.error({ code: toHindraError(cause).code }, 'probing could not be audited')
  })
  const shared = {
    engine,
    ...createFace(engine, { settings: options.settings ?? [], limits, metrics }),
    log,
    feeds,
    metrics,
    pressure,
    limits,
    wrongKeys: createWrongKeys(config.limits.wrongKeysPerSecond, (outcome) => {
      metrics.wrongKey(outcome)
    }),
    networkTrust: createNetworkTrust(engine, config.hma),
    clock: options.clock ?? systemClock,
    gates: {
      looked: createSemaphore(config.server.linesInFlightMax),
      searched: createSemaphore(config.server.hashLinesInFlightMax),
      long: createSemaphore(config.server.longLinesMax),
    },
    uploadMemory: createUploadMemory(config.server.uploadBytesMax),
    stopping: stopping.signal,
  }
  const apps: FastifyInstance[] = []
  const hangUps: (() => void)[] = []
  let tls: TlsFiles | undefined

  function addApp(keyless: Principal | undefined): FastifyInstance {
    // Who reaches the Unix socket is on this machine: nothing there for others to listen to.
    const app = createApp({ ...shared, keyless, tls: keyless === undefined ? tls : undefined })
    apps.push(app)
    hangUps.push(watchConnections(app.server, config.server.connectionsMax))
    return app
  }

  async function close(): Promise<void> {
    stopping.abort()
    const closed = Promise.all(apps.map(closeInTime))
    for (const hangUp of hangUps) hangUp()
    await closed
    tls?.close()
    pressure.close()
  }

  try {
    let url: string | undefined
    if (options.tcp !== false) {
      const { host, port } = options.tcp ?? config.server
      checkExposure(host, config.server)
      tls = await openTlsFiles(config.server, log)
      const heard = await listen(addApp(undefined), { host, port }, `server.port ${port}`)
      // The framework knows of no TLS in a listener that it did not make itself.
      url = tls === undefined ? heard : heard.replace(/^http:/, 'https:')
    }
    if (options.socket !== undefined) {
      await prepareSocket(options.socket)
      await listen(addApp(OPERATOR), { path: options.socket }, 'server.socket')
      closeToOthers(options.socket)
    }
    return { url, socket: options.socket, reloadTls: async () => tls?.reload(), close }
  } catch (error) {
    await close()
    throw error
  }
}

async function listen(
  app: FastifyInstance,
  where: { host: string; port: number } | { path: string },
  name: string,
): Promise<string> {
  try {
    return await app.listen(where)
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code ?? 'for an unknown reason'
    throw new HindraError('INVALID_CONFIG', `${name} cannot be listened on: ${why}`, { cause })
  }
}

/** Waits for open requests, but not for ever. */
async function closeInTime(app: FastifyInstance): Promise<void> {
  const timer = setTimeout(() => {
    app.server.closeAllConnections()
  }, CLOSE_MS)
  await app.close()
  clearTimeout(timer)
}

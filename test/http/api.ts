import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { OPERATOR, type Role } from '../../src/access/index.ts'
import { configWith } from '../../src/config.ts'
import { type Clock, defined } from '../../src/core/index.ts'
import type { Resolver } from '../../src/intake/index.ts'
import { createEngine, type Engine } from '../../src/engine.ts'
import { createFace, type Face } from '../../src/http/face.ts'
import { createLimits } from '../../src/http/limits.ts'
import { createMetrics } from '../../src/http/metrics.ts'
import { createOpenFeeds } from '../../src/http/open-feeds.ts'
import {
  createLog,
  type Log,
  type Problem,
  type Server,
  startServer,
} from '../../src/http/index.ts'
import type { Store } from '../../src/store/index.ts'

/** What its store is sealed with, and opened again by. */
export const DATA_KEY = Buffer.alloc(32, 9)

/** A real engine and its API on a port and a socket, in a directory of its own. */
export interface Api {
  readonly engine: Engine
  readonly server: Server
  readonly url: string
  readonly socket: string
  /** A new principal's key. */
  keyOf(...roles: readonly Role[]): Promise<{ id: string; keyId: string; key: string }>
  call(
    method: string,
    path: string,
    options?: { key?: string; body?: unknown; headers?: Readonly<Record<string, string>> },
  ): Promise<{ status: number; headers: Headers; body: unknown }>
  dispose(): Promise<void>
}

export async function startApi(
  settings: Readonly<Record<string, unknown>> = {},
  changes: {
    log?: Log
    clock?: Clock
    resolver?: Resolver
    tallyMs?: number
    /** One that other servers of the house have open, too. */
    store?: Store
    engine?: (real: Engine) => Engine
  } = {},
): Promise<Api> {
  const directory = mkdtempSync(join(tmpdir(), 'hindra-http-'))
  const config = configWith({
    data: join(directory, 'data'),
    'server.port': 0,
    'pool.threads': 1,
    ...settings,
  })
  const { clock, resolver, tallyMs, store } = changes
  const real = await createEngine({
    config,
    dataKey: DATA_KEY,
    ...defined({ clock, resolver, tallyMs, store }),
  })
  const engine = changes.engine?.(real) ?? real
  const socket = join(directory, 'api', 'hindra.sock')
  const server = await startServer({ engine, socket, log: changes.log ?? createLog('silent') })
  const url = server.url ?? ''
  let people = 0

  return {
    engine,
    server,
    url,
    socket,
    async keyOf(...roles) {
      people += 1
      const name = `Person ${String(people)}`
      const { id } = await real.as(OPERATOR).people.add({
        name,
        pseudonym: `P-${String(people)}`,
        kind: 'person',
        roles,
      })
      const made = await real.as(OPERATOR).keys.create({ personId: id, label: 'test' })
      return { id, keyId: made.id, key: made.secret }
    },
    async call(method, path, { key, body, headers = {} } = {}) {
      const isJson = body !== undefined && typeof body !== 'string'
      const response = await fetch(`${url}${path}`, {
        method,
        headers: {
          ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
          ...(isJson ? { 'content-type': 'application/json' } : {}),
          ...headers,
        },
        ...(body === undefined ? {} : { body: isJson ? JSON.stringify(body) : body }),
      })
      const text = await response.text()
      const type = response.headers.get('content-type') ?? ''
      return {
        status: response.status,
        headers: response.headers,
        body: /\bjson\b/.test(type) && text !== '' ? (JSON.parse(text) as unknown) : text,
      }
    },
    async dispose() {
      await server.close()
      await real.shutdown()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** What the API serves beside the operations, as the server puts it together. */
export function faceOf({ engine }: Api): Face {
  return createFace(engine, {
    settings: [],
    limits: createLimits(engine.config.limits, engine.stages.access, () => undefined),
    metrics: createMetrics(engine, createOpenFeeds(1, 0)),
  })
}

/** What a refusal says. */
export function problem(answer: { body: unknown }): Problem {
  return answer.body as Problem
}

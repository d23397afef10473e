import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { ConsumerConfig, JsMsg, StreamConfig } from '@nats-io/jetstream'
import { headers, nanos } from '@nats-io/transport-node'
import { sceneJpeg } from '../../fixtures/index.ts'
import { freePort } from '../../fixtures/servers/free-port.ts'
import { type NatsOperator, NatsServer } from '../../fixtures/servers/nats.ts'
import type { Case } from '../../src/cases/index.ts'
import type { QuarterTable } from '../../src/stats/index.ts'
import { apiAt } from './api-call.ts'
import { httpHost } from '../intake/hosts.ts'
import { createHome, type Finished, type Home, type Serving } from './hindra.ts'

/** Long enough for a machine that has other work. */
export const PATIENCE = { timeout: 60_000, interval: 100 }
/** So that what a killed feeder held comes back soon. */
export const ACK_WAIT_MS = 3_000
/** Of the server and of who feeds it. */
export const LINE_BYTES_MAX = 1024 * 1024

export interface Row {
  readonly file: string
  readonly line: number
  readonly code?: string
  readonly field?: string
  readonly answer?: { readonly verdict: string; readonly caseId?: string }
  readonly summary?: {
    readonly lines: number
    readonly refused: number
    readonly putBack?: number
    readonly verdicts: Readonly<Record<string, number>>
  }
}

/** `hindra feed` in a process of its own. */
export interface Feeder {
  readonly rows: readonly Row[]
  readonly said: () => string
  readonly lines: () => readonly number[]
  end(signal: NodeJS.Signals): Promise<number | null>
  ended(): Promise<number | null>
}

/** What a publisher sends; a number is a line that hits nothing. */
export type Sent = string | Uint8Array | object

/** A Hindra that knows one picture, beside NATS. */
export interface NatsHouse {
  readonly home: Home
  readonly nats: NatsServer
  readonly operator: NatsOperator
  readonly keys: Readonly<Record<'told' | 'untold' | 'analyst' | 'admin', string>>
  readonly url: string
  /** A stream of its own, as `--create` makes it, with a consumer `hindra`. */
  stream(
    config?: Partial<StreamConfig>,
    consumer?: Partial<ConsumerConfig>,
  ): Promise<{ readonly stream: string; readonly subject: string }>
  publish(subject: string, sent: Sent, messageId?: string): Promise<number>
  /** The picture that is known, in base64. */
  readonly media: string
  /** Where a host shows it. */
  shownAt(name: string): string
  /** A line that hits, by that URL alone, and one that does not. */
  hit(name: string, fields?: object): object
  miss(name: string, fields?: object): object
  args(stream: string, ...flags: readonly string[]): readonly string[]
  feed(stream: string, ...flags: readonly string[]): Promise<Finished & { rows: readonly Row[] }>
  follow(stream: string, ...flags: readonly string[]): Feeder
  /** Messages that are left in a stream. */
  left(stream: string): Promise<number>
  answers(stream: string): Promise<readonly JsMsg[]>
  cases(): Promise<readonly Case[]>
  verdicts(): Promise<QuarterTable['verdicts']>
  server: Serving
  serve(more?: Readonly<Record<string, string>>): Promise<Serving>
  end(): Promise<void>
}

export function rowsIn(stdout: string): readonly Row[] {
  return stdout
    .split('\n')
    .filter((text) => text !== '')
    .map((text) => JSON.parse(text) as Row)
}

export async function startNatsHouse(...settings: readonly string[]): Promise<NatsHouse> {
  const home = createHome()
  const nats = await NatsServer.start(...settings)
  const operator = await nats.operator()
  const { manager, streams, connection } = operator
  await home.json(['init'])
  const keys = {
    told: (await home.person('Rack', 'crawler-verdict')).key,
    untold: (await home.person('Crawl', 'crawler')).key,
    analyst: (await home.person('Anna', 'analyst')).key,
    admin: (await home.person('Ada', 'admin', 'analyst')).key,
  }
  const verifier = await home.person('Vera', 'verifier')
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const known = await sceneJpeg(1, { width: 160, height: 120 })
  const host = await httpHost((_request, response) => response.end(known))
  const shownAt = (name: string) => `${host.origin}/hit/${name}`
  const env = {
    HINDRA_SERVER_LINE_BYTES_MAX: String(LINE_BYTES_MAX),
    // Hits of one item, one after the other, are what is tested here.
    HINDRA_REGISTER_FLOOD_CASES_PER_HOUR: '0',
    HINDRA_FETCH_ALLOW_NETWORKS: '["127.0.0.0/8"]',
    HINDRA_FETCH_ALLOW_PORTS: JSON.stringify([443, host.port]),
  }
  const serve: NatsHouse['serve'] = (more) =>
    home.serveWith({ env: { ...env, ...more } }, '--port', String(port))
  const server = await serve()
  const media = known.toString('base64')
  const call = apiAt(url)
  const proposed = { media, classification: 'Baseline' }
  const { id } = (await call(keys.analyst, '/v1/items', proposed)) as { id: string }
  await call(verifier.key, `/v1/items/${id}/verify`, { reason: 'as tested' })
  const fed = { key: keys.told, env: { ...env, HINDRA_URL: url } }
  let count = 0

  const house: NatsHouse = {
    home,
    nats,
    operator,
    keys,
    url,
    server,
    async stream(config = {}, consumer = {}) {
      count += 1
      const [stream, subject] = [`S${count}`, `seen.${count}`]
      await manager.streams.add({
        name: stream,
        subjects: [subject],
        retention: 'workqueue',
        discard: 'new',
        ...config,
      })
      await manager.consumers.add(stream, {
        durable_name: 'hindra',
        ack_policy: 'explicit',
        ack_wait: nanos(ACK_WAIT_MS),
        max_deliver: -1,
        ...consumer,
      })
      return { stream, subject }
    },
    async publish(subject, sent, messageId) {
      const told = headers()
      if (messageId !== undefined) told.set('Nats-Msg-Id', messageId)
      const isText = typeof sent === 'string' || sent instanceof Uint8Array
      const body = isText ? sent : JSON.stringify(sent)
      const { seq } = await streams.publish(subject, body, { headers: told })
      return seq
    },
    media,
    shownAt,
    hit: (name, fields = {}) => ({ url: shownAt(name), ...fields }),
    miss: (name, fields = {}) => ({
      url: `https://host.example/miss/${name}`,
      hashes: [{ type: 'md5', value: '0'.repeat(32) }],
      ...fields,
    }),
    args: (stream, ...flags) => {
      const from = ['feed', nats.url, '--stream', stream, '--consumer', 'hindra']
      return [...from, '--json', ...flags]
    },
    async feed(stream, ...flags) {
      const done = await home.run(house.args(stream, ...flags), fed)
      return { ...done, rows: rowsIn(done.stdout) }
    },
    follow(stream, ...flags) {
      const child = home.start(house.args(stream, '--follow', ...flags), fed)
      const rows: Row[] = []
      let said = ''
      if (child.stdout === null) throw new Error('no standard output')
      createInterface(child.stdout).on('line', (text) => rows.push(JSON.parse(text) as Row))
      child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()))
      const ended = once(child, 'close') as Promise<[number | null]>
      return {
        rows,
        said: () => said,
        lines: () => rows.filter(({ summary }) => summary === undefined).map(({ line }) => line),
        ended: async () => (await ended)[0],
        async end(signal) {
          child.kill(signal)
          return (await ended)[0]
        },
      }
    },
    left: async (stream) => (await manager.streams.info(stream)).state.messages,
    async answers(stream) {
      const consumer = await streams.consumers.get(stream)
      const { num_pending: waiting } = await consumer.info()
      const all: JsMsg[] = []
      if (waiting === 0) return all
      for await (const message of await consumer.fetch({ max_messages: waiting })) {
        all.push(message)
      }
      return all
    },
    async cases() {
      const all: Case[] = []
      for (let page: readonly Case[] = []; ; ) {
        const after = all.at(-1)?.id
        const query = after === undefined ? '' : `&after=${after}`
        page = (await call(keys.analyst, `/v1/cases?limit=1000${query}`)) as readonly Case[]
        if (page.length === 0) return all
        all.push(...page)
      }
    },
    async verdicts() {
      return ((await call(keys.analyst, '/v1/stats')) as QuarterTable).verdicts
    },
    serve,
    async end() {
      await connection.close()
      await home.dispose()
      await nats.end()
      await host.close()
    },
  }
  return house
}

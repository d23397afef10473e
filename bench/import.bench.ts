import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createTransport } from '../src/client/index.ts'
import type { ImportView } from '../src/exchange/index.ts'
import type { Item } from '../src/register/index.ts'
import type { Bench } from './bench.ts'
import { type ServerProcess, startServerProcess } from './feed/server.ts'
import {
  type Installation,
  LIST,
  makeInstallation,
  pdqOf,
  writeList,
} from './import/installation.ts'
import { bytesBelow, median, percentile } from './measure.ts'

export const options = {
  /** PDQ hashes of the list. */
  items: { type: 'string', default: '1000000' },
} as const

const BIN = resolve(import.meta.dirname, '../bin/hindra.js')
const IDLE_MS = 10_000
const PEAK_MS = 200
const VERIFIED = 21
const SOUGHT = 200
const MIB = 1024 ** 2

export const cases = { import: true }

/** `hindra import` of a partner's list into a server that is asked meanwhile, and a start with it. */
export async function run(bench: Bench): Promise<void> {
  const items = Number(bench.values['items'])
  if (!Number.isSafeInteger(items) || items < 1) throw new Error('--items is a positive integer')
  const folder = mkdtempSync(join(tmpdir(), 'hindra-bench-'))
  try {
    const installation = await makeInstallation(join(folder, 'data'))
    const list = await writeList(folder, items, bench.seed)
    await measureImport(bench, installation, list, items)
    await measureStart(bench, installation, 'start', items)
    rmSync(join(folder, 'data', 'known.sealed'))
    await measureStart(bench, installation, 'start without the saved index', items)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function measureImport(
  bench: Bench,
  { env, keys }: Installation,
  list: string,
  items: number,
): Promise<void> {
  const record = (metric: string, value: number, unit: string) => {
    bench.record({ case: 'import', metric, value, unit })
  }
  const server = await startServerProcess(env)
  try {
    const before = await whileSearching(server, keys.crawler, bench.seed, () => sleep(IDLE_MS))
    server.peakBytes()
    const cpuBefore = server.cpuSeconds()
    const during = await whileSearching(server, keys.crawler, bench.seed, () =>
      importList(server.url, keys.exchange, list),
    )
    const { seconds, view, peakBytes } = during.result
    if (view.added !== items) throw new Error(`${view.added} of ${items} lines were added`)
    record('lines', items / seconds, 'lines/s')
    record('time', seconds, 's')
    record('server CPU', ((server.cpuSeconds() - cpuBefore) * 1e6) / items, 'us/line')
    record('server peak memory', server.peakBytes() / MIB, 'MiB')
    record('command peak memory', peakBytes / MIB, 'MiB')
    for (const percent of [50, 99, 100]) {
      const [value, idle] = [during, before].map(({ answerMs }) => percentile(answerMs, percent))
      const peer = { peer: 'before', peerValue: idle ?? 0, ratio: (value ?? 0) / (idle ?? 0) }
      const metric = percent === 100 ? 'answer max' : `answer p${percent}`
      bench.record({ case: 'import', metric, value: value ?? 0, unit: 'ms', ...peer })
    }
    record('disk', bytesBelow(env['HINDRA_DATA'] ?? '') / items, 'bytes/item')
    await findAll(server, keys.crawler, bench.seed, items)
    record('verified to matching', await verifiedToMatching(server, keys), 'ms')
  } finally {
    await server.end()
  }
}

async function measureStart(
  bench: Bench,
  { env, keys }: Installation,
  name: string,
  items: number,
): Promise<void> {
  const start = performance.now()
  const server = await startServerProcess(env)
  try {
    const seconds = (performance.now() - start) / 1e3
    bench.record({ case: name, metric: 'time', value: seconds, unit: 's' })
    const value = server.peakBytes() / MIB
    bench.record({ case: name, metric: 'peak memory', value, unit: 'MiB' })
    await findAll(server, keys.crawler, bench.seed, items)
  } finally {
    await server.end()
  }
}

interface Command {
  readonly seconds: number
  readonly peakBytes: number
  readonly view: ImportView
}

async function importList(url: string, key: string, list: string): Promise<Command> {
  const args = ['import', list, '--list', LIST, '--format', 'csv', '--class', 'Baseline', '--json']
  const start = performance.now()
  const child = spawn(process.execPath, [BIN, ...args], {
    env: { PATH: process.env['PATH'], HINDRA_URL: url, HINDRA_KEY: key },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let peakBytes = 0
  const look = setInterval(() => {
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
    peakBytes = Math.max(peakBytes, 1024 * Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0))
  }, PEAK_MS)
  const output = await text(child.stdout)
  clearInterval(look)
  const seconds = (performance.now() - start) / 1e3
  return { seconds, peakBytes, view: JSON.parse(output) as ImportView }
}

/** What the work gives, and how long each search that was asked for meanwhile took. */
async function whileSearching<T>(
  server: ServerProcess,
  key: string,
  seed: number,
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly answerMs: readonly number[] }> {
  const file = fileURLToPath(new URL('import/searches.ts', import.meta.url))
  const args = ['--import', 'tsx', file, server.url, key, String(seed)]
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = once(child, 'close')
  const output = text(child.stdout)
  const result = await work()
  child.stdin.end()
  await ended
  return { result, answerMs: JSON.parse(await output) as number[] }
}

/** Every hash that is drawn from the list is found. */
async function findAll(server: ServerProcess, key: string, seed: number, items: number) {
  const client = createTransport({ origin: server.url, key })
  for (let number = 0; number < SOUGHT; number += 1) {
    const position = Math.floor((number * items) / SOUGHT)
    if (await isKnown(client, pdqOf(position, seed), `${seed}/${position}`)) continue
    throw new Error(`line ${position + 2} is not found`)
  }
  await client.close()
}

type Client = ReturnType<typeof createTransport>

async function isKnown(client: Client, value: string, name: string): Promise<boolean> {
  const sighting = {
    url: `https://images.example/${name}.jpg`,
    hashes: [{ type: 'pdq', value, quality: 90 }],
  }
  const line = Readable.from([{ text: JSON.stringify(sighting) }])
  let verdict: string | undefined
  for await (const answer of client.feed('/v1/sightings', line)) {
    verdict = (answer as { readonly verdict?: string }).verdict
  }
  return verdict === 'pending'
}

/** The milliseconds from asking for the verification to the first answer that knows the item. */
async function verifiedToMatching(
  { url }: ServerProcess,
  keys: Installation['keys'],
): Promise<number> {
  const [analyst, verifier, crawler] = [keys.analyst, keys.verifier, keys.crawler].map((key) =>
    createTransport({ origin: url, key }),
  ) as [Client, Client, Client]
  const times: number[] = []
  for (let round = 0; round < VERIFIED; round += 1) {
    const value = pdqOf(-1 - round, 0)
    const hashes = [{ type: 'pdq', value, quality: 90 }]
    const proposal = { hashes, classification: 'Baseline' }
    const { id } = (await analyst.post('/v1/items', proposal)) as Item
    const start = performance.now()
    await verifier.post(`/v1/items/${id}/verify`)
    while (!(await isKnown(crawler, value, `verified-${round}`)));
    times.push(performance.now() - start)
  }
  for (const client of [analyst, verifier, crawler]) await client.close()
  return median(times)
}

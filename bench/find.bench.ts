import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SeededRandom } from '../src/core/index.ts'
import type { Engine } from '../src/engine.ts'
import type { Bench } from './bench.ts'
import { ANALYST, fill, openHotline, referenceOf, urlOf, wordOf } from './find/hotline.ts'
import { bytesBelow, percentile } from './measure.ts'

export const options = {
  cases: { type: 'string', default: '10000' },
  /** How many of the cases have a notice that was sent. */
  notices: { type: 'string', default: '200' },
} as const

const ROUNDS = 100
const PEER = 'scan of the list'

export const cases = { warm: true, cold: true }

/**
 * Measures how long finding by each kind of word takes in a store of `--cases` cases: warm, and as the first question
 * after the store was opened. The peer reads the list of cases page by page and compares URLs.
 */
export async function run(bench: Bench): Promise<void> {
  const [count, told] = [Number(bench.values['cases']), Number(bench.values['notices'])]
  if (!Number.isSafeInteger(count) || count < 1_000 || !(told >= 1 && told <= count)) {
    throw new Error('--cases is at least 1000, --notices 1 to --cases')
  }
  const folder = mkdtempSync(join(tmpdir(), 'hindra-bench-'))
  try {
    await measure(bench, folder, count, told)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function measure(bench: Bench, data: string, count: number, told: number): Promise<void> {
  let engine = await openHotline(data)
  try {
    const start = performance.now()
    await fill(engine, count, told, (text) => {
      bench.note(text)
    })
    const seconds = (performance.now() - start) / 1e3
    bench.record({ case: 'fill', metric: 'cases', value: count / seconds, unit: 'cases/s' })
    const disk = bytesBelow(data) / count
    bench.record({ case: 'fill', metric: 'disk', value: disk, unit: 'bytes/case' })
    const words = await questions(engine, bench, count, told)
    if (bench.wants('warm')) {
      const scanned = await scan(engine, urlOf(count - 1, told))
      for (const [name, wordsOf] of Object.entries(words)) {
        const times: number[] = []
        for (const word of wordsOf) times.push(await timed(engine, word))
        report(bench, 'warm', name, times, scanned)
      }
    }
    if (bench.wants('cold')) {
      for (const [name, [word = '']] of Object.entries(words)) {
        await engine.shutdown()
        engine = await openHotline(data)
        bench.record({ case: 'cold', metric: name, value: await timed(engine, word), unit: 'ms' })
      }
    }
  } finally {
    await engine.shutdown()
  }
}

/** Words that find something, drawn by the seed. */
async function questions(
  { stages }: Engine,
  { seed }: Bench,
  count: number,
  told: number,
): Promise<Readonly<Record<string, readonly string[]>>> {
  const random = new SeededRandom(seed)
  const drawn = (below: number) =>
    Array.from({ length: ROUNDS }, () => Buffer.from(random.bytes(6)).readUIntBE(0, 6) % below)
  const notices = await stages.takedown.list({ limit: ROUNDS })
  const newest = (await stages.cases.list({ host: `h${(count - 1) % 5_000}.example` })).at(-1)
  return {
    url: drawn(count).map((place) => urlOf(place, told)),
    host: drawn(count).map((place) => new URL(urlOf(place, told)).host),
    'path part': drawn(count).map(wordOf),
    'common word and host': drawn(count).map((place) => `jpg h${place % 5_000}.example`),
    'common word': ['jpg', 'example', 'jpg', 'jpg', 'jpg'],
    reference: drawn(Math.floor(count / 10)).map((place) => referenceOf(place * 10)),
    'our reference': notices.map(({ id }) => id.slice(-12)),
    'e-mail': ['abuse@told.example', '@told.example', 'abuse@told.example'],
    'id beginning': [newest?.id.slice(0, 8) ?? ''],
  }
}

async function timed({ stages }: Engine, words: string): Promise<number> {
  const start = performance.now()
  await stages.find.find(ANALYST, { words, limit: 20 })
  return performance.now() - start
}

/** How long it takes to go through the list of cases for one URL. */
async function scan({ stages }: Engine, url: string): Promise<number> {
  const start = performance.now()
  let isFound = false
  for (let after: string | undefined; ; ) {
    const page = await stages.cases.list({ limit: 1_000, ...(after !== undefined && { after }) })
    isFound ||= page.some((one) => one.url === url)
    if (page.length < 1_000) break
    after = page.at(-1)?.id
  }
  if (!isFound) throw new Error('the list lacks a case')
  return performance.now() - start
}

function report(
  bench: Bench,
  where: string,
  name: string,
  times: readonly number[],
  peerValue: number,
): void {
  for (const [metric, value] of [
    ['p50', percentile(times, 50)],
    ['p95', percentile(times, 95)],
    ['max', Math.max(...times)],
  ] as const) {
    const compared = { peer: PEER, peerValue, ratio: value / peerValue }
    bench.record({ case: where, metric: `${name} ${metric}`, value, unit: 'ms', ...compared })
  }
}

import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { chromium } from 'playwright-core'
import { SeededRandom } from '../src/core/index.ts'
import type { Engine } from '../src/engine.ts'
import { createLog, startServer } from '../src/http/index.ts'
import type { Bench } from './bench.ts'
import { type Desk, signIn } from './console/desk.ts'
import { fillItems, fillPending, fillTips, TOLD_TIP } from './console/store.ts'
import { ANALYST, fill, openHotline, urlOf } from './find/hotline.ts'
import { median, percentile } from './measure.ts'

export const options = {
  /** Open cases. */
  cases: { type: 'string', default: '2000' },
  items: { type: 'string', default: '10000' },
  rounds: { type: 'string', default: '40' },
} as const

export const cases = { pages: true, decisions: true, cold: true, weight: true }

const CHROMIUM = '/usr/bin/chromium'
const THROTTLE = 4
const COLD_ROUNDS = 5
const TOLD = 200
/** At most so many of the cases wait for a decision. */
const PENDING = 1_000

/**
 * Measures what a reader waits for: pages and decisions by the server's time, over HTTP and signed in, in a store of
 * `--items` items and `--cases` open cases; the first page in a browser whose CPU is slowed down; the weight of pages.
 */
export async function run(bench: Bench): Promise<void> {
  const sizes = ['cases', 'items', 'rounds'].map((name) => Number(bench.values[name]))
  const [count = 0, items = 0, rounds = 0] = sizes
  if (!sizes.every(Number.isSafeInteger) || count < 1_000 || items < 1_000 || rounds < 10) {
    throw new Error('--cases and --items are at least 1000, --rounds at least 10')
  }
  const folder = mkdtempSync(join(tmpdir(), 'hindra-bench-'))
  const engine = await openHotline(join(folder, 'data'), {
    // A busy machine is slow here, and answers all the same.
    'server.loopDelayMsMax': 60_000,
  })
  try {
    await fillAll(bench, engine, count, items)
    const socket = join(folder, 'hindra.sock')
    const server = await startServer({ engine, socket, log: createLog('silent') })
    try {
      const url = server.url ?? ''
      const desk = await signIn(engine, url)
      const places = await placesOf(bench, engine, count)
      if (bench.wants('pages')) await measurePages(bench, desk, places, rounds)
      if (bench.wants('decisions')) await measureDecisions(bench, desk, engine, { rounds, count })
      if (bench.wants('cold')) await measureCold(bench, desk, url)
      if (bench.wants('weight')) await measureWeight(bench, desk, url, places)
    } finally {
      await server.close()
    }
  } finally {
    await engine.shutdown()
    rmSync(folder, { recursive: true })
  }
}

async function fillAll(bench: Bench, engine: Engine, count: number, items: number): Promise<void> {
  const note = (text: string) => {
    bench.note(text)
  }
  const random = new SeededRandom(bench.seed)
  const start = performance.now()
  await fillItems(engine, items, () => Buffer.from(random.bytes(32)).toString('hex'), note)
  const pending = Math.min(PENDING, count / 2)
  await fill(engine, count - pending, TOLD, note)
  await fillPending(engine, pending)
  await fillTips(engine, ANALYST, Math.min(count, PENDING))
  const value = (performance.now() - start) / 1e3
  bench.record({ case: 'fill', metric: `${items} items, ${count} cases`, value, unit: 's' })
}

type Places = Readonly<
  Record<string, (round: number) => Parameters<Desk['post']>[0] | readonly [string, string]>
>

/** Gives of each page what is asked for: an address, or an address with words that are posted to it. */
async function placesOf(bench: Bench, { stages }: Engine, count: number): Promise<Places> {
  const random = new SeededRandom(bench.seed)
  const drawn = (below: number) => Buffer.from(random.bytes(6)).readUIntBE(0, 6) % below
  const some = await stages.cases.list({ limit: 1_000 })
  const items = await stages.register.list({ limit: 1_000 })
  const tips = await stages.tips.list({ queue: true, limit: 1_000 })
  const any = (rows: readonly { readonly id: string }[]) => rows[drawn(rows.length)]?.id ?? ''
  return {
    queue: () => '/console',
    case: () => `/console/cases/${any(some)}`,
    tip: () => `/console/tips/${any(tips)}`,
    item: () => `/console/items/${any(items)}`,
    find: () => ['/console/find', urlOf(drawn(count / 2), TOLD)],
    'find a word': () => ['/console/find', 'jpg'],
    statistics: () => '/console/statistics',
    cases: () => '/console/cases',
    'cases of a host': () => `/console/cases?host=h${drawn(count / 2)}.example`,
    items: () => '/console/items',
    notices: () => '/console/notices',
    hosts: () => '/console/hosts',
    waiting: () => '/console/waiting',
    audit: () => '/console/audit',
    reports: () => '/console/reports/ecpat',
  }
}

async function ask(desk: Desk, place: ReturnType<Places[string]>): Promise<string> {
  if (typeof place === 'string') return (await desk.get(place)).html
  const [path, words] = place
  return (await desk.post(path, { words })).html
}

async function measurePages(
  bench: Bench,
  desk: Desk,
  places: Places,
  rounds: number,
): Promise<void> {
  for (const [name, placeOf] of Object.entries(places)) {
    await ask(desk, placeOf(0))
    const times: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      const place = placeOf(round)
      times.push(await timed(() => ask(desk, place)))
    }
    report(bench, 'pages', name, times)
  }
}

/** From one decision to the next: the form, the queue that follows, and the page of what is next. */
async function measureDecisions(
  bench: Bench,
  desk: Desk,
  { stages }: Engine,
  { rounds, count }: { readonly rounds: number; readonly count: number },
): Promise<void> {
  const assessed: number[] = []
  const tips = await stages.tips.list({ status: 'new', limit: 1_000 + count })
  const told = tips.filter(({ url = '' }) => url.startsWith(TOLD_TIP)).slice(0, rounds + 1)
  const [one, ...others] = told.map(({ id }) => `/console/tips/${id}`)
  await desk.get(one ?? '')
  for (const place of others) {
    assessed.push(
      await timed(async () => {
        await desk.submit('assessments.assess', { classification: 'Baseline', reason: 'a bench' })
        await desk.get(place)
      }),
    )
  }
  report(bench, 'decisions', 'tip to tip', assessed)
  const pending = await stages.cases.list({ decision: 'pending', limit: rounds + 1 })
  const [first, ...rest] = pending.map(({ id }) => `/console/cases/${id}`)
  await desk.get(first ?? '')
  const decided: number[] = []
  for (const place of rest) {
    decided.push(
      await timed(async () => {
        await desk.submit('cases.decide', { decision: 'rejected', reason: 'a bench' })
        await desk.get(place)
      }),
    )
  }
  report(bench, 'decisions', 'match to match', decided)
}

/** From asking for the first page until all of it is there, drawn, and its script listens. */
async function measureCold(bench: Bench, desk: Desk, url: string): Promise<void> {
  if (!existsSync(CHROMIUM)) {
    bench.note(`cold: there is no ${CHROMIUM}`)
    return
  }
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
  const loaded: number[] = []
  const painted: number[] = []
  for (let round = 0; round <= COLD_ROUNDS; round += 1) {
    const context = await browser.newContext()
    await context.addCookies(Array.from(desk.cookies, ([name, value]) => ({ name, value, url })))
    const page = await context.newPage()
    const devtools = await context.newCDPSession(page)
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: THROTTLE })
    await page.goto(`${url}/console`, { waitUntil: 'load' })
    const [at, paint] = await page.evaluate<[number, number]>(`[
      performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd,
      performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
    ]`)
    // The first starts the browser as well.
    if (round > 0) {
      loaded.push(at)
      painted.push(paint)
    }
    await context.close()
  }
  await browser.close()
  for (const [metric, times] of [
    ['usable, median', loaded],
    ['painted, median', painted],
  ] as const) {
    bench.record({ case: 'cold', metric, value: median(times), unit: 'ms' })
  }
  bench.record({ case: 'cold', metric: 'usable, max', value: Math.max(...loaded), unit: 'ms' })
}

/** Weighs what a page makes a browser fetch, each as gzip has it: style and script, and the page itself. */
async function measureWeight(bench: Bench, desk: Desk, url: string, places: Places): Promise<void> {
  const weights = new Map<string, number>()
  const weigh = async (place: string) => {
    const known = weights.get(place)
    if (known !== undefined) return known
    const bytes = Buffer.from(await (await fetch(new URL(place, url))).arrayBuffer())
    weights.set(place, gzipSync(bytes).length)
    return gzipSync(bytes).length
  }
  for (const [name, placeOf] of Object.entries(places)) {
    const html = await ask(desk, placeOf(0))
    let assets = 0
    for (const [, place = ''] of html.matchAll(
      /(?:src|href)="(\/console\/assets\/[^"]+\.(?:js|css))"/g,
    )) {
      assets += await weigh(place)
    }
    bench.record({ case: 'weight', metric: `${name}, style and script`, value: assets, unit: 'B' })
    const own = gzipSync(html).length
    bench.record({ case: 'weight', metric: `${name}, the page`, value: own, unit: 'B' })
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

function report(bench: Bench, where: string, name: string, times: readonly number[]): void {
  for (const [metric, value] of [
    ['p50', percentile(times, 50)],
    ['p95', percentile(times, 95)],
  ] as const) {
    bench.record({ case: where, metric: `${name} ${metric}`, value, unit: 'ms' })
  }
}

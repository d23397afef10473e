import { setTimeout as sleep } from 'node:timers/promises'
import {
  NO_POSTGRES,
  postgresPrograms,
  PostgresServer,
} from '../../../fixtures/servers/postgres.ts'
import { SeededRandom } from '../../../src/core/index.ts'
import { openPostgresStore, readCounter, type Store } from '../../../src/store/index.ts'
import { type Child, startChild } from '../../store/child.ts'
import { type Cut, TcpProxy } from '../../store/tcp-proxy.ts'
import type { Report } from '../report.ts'
import { makeTroubles } from '../troubles.ts'
import { emptyState, type Ending, faultsOf, type Line, type Logged, type State } from './history.ts'

const SCHEMA = 'soak'
const WORKER = new URL('./worker.ts', import.meta.url)
const TROUBLES = ['kill', 'freeze', 'cut', 'commit', 'away', 'fast', 'immediate'] as const
const CUTS: readonly Cut[] = ['before', 'after', 'late']
/** A machine with much else to do takes its time. */
const STARTED_WITHIN_MS = 300_000
const LOOK_EACH_MS = 100

interface Worker {
  readonly proxy: TcpProxy
  child: Child
  incarnation: number
  ended: Promise<void>
}

export interface SoakOptions {
  readonly minutes: number
  readonly seed: number
  /** Processes on the store. */
  readonly workers: number
}

/** Several processes on one store in PostgreSQL, while whatever can go wrong does. */
export async function soakStore(options: SoakOptions): Promise<Report> {
  if (postgresPrograms === undefined) throw new Error(NO_POSTGRES)
  const server = await PostgresServer.start()
  try {
    return await soakOn(server, 'postgres', options)
  } finally {
    await server.end()
  }
}

/** The same in a database of a server that has had others before. */
export async function soakOn(
  server: PostgresServer,
  database: string,
  { minutes, seed, workers: count }: SoakOptions,
): Promise<Report> {
  const random = new SeededRandom(seed)
  const lines: Line[] = []
  const workers: Worker[] = []
  try {
    const first = await openPostgresStore({ url: urlOf() })
    await first.close()
    for (let n = 0; n < count; n++) workers.push(await begin(n))
    await allWork()
    const troubles = await makeTroubles(TROUBLES, minutes, random, (trouble) =>
      make(trouble, random.integer(0, count - 1)),
    )
    // What was under way has its time.
    await sleep(3_000)
    for (const { child } of workers) child.process.kill('SIGKILL')
    await Promise.all(workers.map(({ ended }) => ended))
    return report(troubles, await endingOf(urlOf()))
  } finally {
    for (const { child, proxy } of workers) {
      child.process.kill('SIGKILL')
      await proxy.close()
    }
  }

  function urlOf(by?: TcpProxy): string {
    return server.url(SCHEMA, by, database)
  }

  /** A short run is about what troubles do to those at work; whoever never begins is seen at the end. */
  async function allWork(): Promise<void> {
    const untilMs = performance.now() + STARTED_WITHIN_MS
    while (performance.now() < untilMs) {
      const of = (name: string) => lines.some((line) => name in line)
      if (idle().length === 0 && of('told') && of('effect')) return
      await sleep(LOOK_EACH_MS)
    }
  }

  function idle(): readonly Worker[] {
    return workers.filter((_worker, n) =>
      lines.every((line) => !('done' in line) || !line.done.startsWith(`${n}.`)),
    )
  }

  async function begin(n: number): Promise<Worker> {
    const proxy = await TcpProxy.to(server.port)
    const worker = { proxy, incarnation: 0 } as Worker
    start(worker, n)
    return worker
  }

  function start(worker: Worker, n: number): void {
    worker.incarnation += 1
    const name = `${n}.${worker.incarnation}`
    const url = urlOf(worker.proxy)
    const child = startChild(WORKER, [
      url,
      name,
      String(seed * 1_000 + n * 100 + worker.incarnation),
    ])
    worker.child = child
    worker.ended = (async () => {
      for await (const line of child.lines) lines.push(JSON.parse(line) as Line)
      await child.ended
    })()
  }

  async function make(trouble: (typeof TROUBLES)[number], n: number): Promise<void> {
    const worker = workers[n]
    if (worker === undefined) return
    const { proxy, child } = worker
    switch (trouble) {
      case 'kill':
        child.process.kill('SIGKILL')
        await worker.ended
        start(worker, n)
        break
      case 'freeze':
        child.process.kill('SIGSTOP')
        // Now and then for longer than the others wait.
        await sleep(random.integer(0, 3) === 0 ? 17_000 : random.integer(100, 2_000))
        child.process.kill('SIGCONT')
        break
      case 'cut':
        proxy.cutAll()
        break
      case 'commit':
        proxy.cuts.push(CUTS[random.integer(0, CUTS.length - 1)])
        break
      case 'away':
        proxy.isAway = true
        proxy.cutAll()
        await sleep(random.integer(100, 5_000))
        proxy.isAway = false
        break
      case 'fast':
      case 'immediate':
        await server.stop(trouble === 'fast' ? 'SIGINT' : 'SIGQUIT')
        await sleep(random.integer(0, 1_000))
        await server.begin()
        break
    }
    // Who ended by himself, as for want of a server at his start, begins again.
    if (worker.child.process.exitCode !== null) start(worker, n)
  }

  function report(troubles: Readonly<Record<string, number>>, ending: Ending): Report {
    const of = (name: string) => lines.filter((line) => name in line).length
    const faults = [
      ...faultsOf(lines, ending),
      ...idle().map(() => 'a process was answered nothing'),
      ...(of('told') === 0 ? ['nobody was told of a commit'] : []),
      ...(of('effect') === 0 ? ['nobody had the lease'] : []),
    ]
    const figures = {
      minutes,
      seed,
      workers: count,
      troubles,
      cuts: workers.reduce((sum, { proxy }) => sum + proxy.done.length, 0),
      begun: of('begin'),
      answered: of('done'),
      refused: of('failed'),
      there: ending.log.length,
      readings: of('look'),
      turns: new Set(lines.flatMap((line) => ('effect' in line ? [line.effect] : []))).size,
      effects: of('effect'),
      told: of('told'),
    }
    return { figures, faults }
  }
}

async function endingOf(url: string): Promise<Ending> {
  const store = await openPostgresStore({ url })
  try {
    return { log: await logOf(store), left: await stateOf(store) }
  } finally {
    await store.close()
  }
}

function logOf(store: Store): Promise<readonly Logged[]> {
  return store.read(async (reading) => {
    const log: Logged[] = []
    for await (const { key, value } of reading.range({ prefix: ['log'] })) {
      log.push({ stamp: String(key[1]), id: Buffer.from(value).toString() })
    }
    return log
  })
}

function stateOf(store: Store): Promise<State> {
  return store.read(async (reading) => {
    const state = emptyState()
    for await (const { key, value } of reading.range({ prefix: ['register'] })) {
      state.registers.set(Number(key[1]), Buffer.from(value).toString())
    }
    for await (const { key } of reading.range({ prefix: ['set'] })) {
      const set = state.sets.get(Number(key[1])) ?? []
      state.sets.set(Number(key[1]), [...set, String(key[2])])
    }
    for await (const { key, value } of reading.range({ prefix: ['sum'] })) {
      state.sums.set(Number(key[1]), readCounter(value))
    }
    return state
  })
}

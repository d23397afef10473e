import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { NO_POSTGRES, postgresPrograms, PostgresServer } from '../fixtures/servers/postgres.ts'
import { openKnownSet } from '../src/known/index.ts'
import { openLevelStore, openPostgresStore } from '../src/store/index.ts'
import type { Bench } from './bench.ts'
import { median, percentile } from './measure.ts'
import type { NodeAnswer, Question, Started } from './nodes/node.ts'
import { saveIndex } from './nodes/saved.ts'
import { rebuild } from './nodes/rebuild.ts'
import { scatter } from './nodes/scatter.ts'
import { sightings } from './nodes/sightings.ts'
import { tellTails } from './nodes/tail-table.ts'
import { knownSetOptions, type OpenRegister, pictureOf, registerOver } from './startup/register.ts'

export const options = {
  /** A database of one's own; else a server is started on this machine. */
  postgres: { type: 'string' },
  /** Hashes of the saved index that a node starts from. */
  hashes: { type: 'string', default: '1000000' },
  /** Made-up pictures that shards divide. */
  items: { type: 'string', default: '200000' },
  /** Items that a matcher without a saved index reads. */
  register: { type: 'string', default: '50000' },
} as const

export const cases = { live: true, start: true, scatter: true, sightings: true, rebuild: true }

const COMMITS = 300
const BETWEEN_MS = 23
const STARTS = 3
const TAIL = 1_000
const PROPOSER = { id: 'bench', pseudonym: 'bench', kind: 'machine', roles: ['analyst'] } as const
const LEVEL = 'one process, level'

/** Matchers of one house, each a process, over one PostgreSQL. */
export async function run(bench: Bench): Promise<void> {
  const given = bench.values['postgres']
  if (typeof given !== 'string' && postgresPrograms === undefined) throw new Error(NO_POSTGRES)
  const server = typeof given === 'string' ? undefined : await PostgresServer.start()
  const directory = mkdtempSync(join(tmpdir(), 'hindra-bench-nodes-'))
  const url = typeof given === 'string' ? given : (server?.url('bench') ?? '')
  const store = await openPostgresStore({ url })
  try {
    const opened = await registerOver(store, bench.seed)
    if (bench.wants('live')) await live(bench, opened, url, directory)
    if (bench.wants('scatter')) {
      tellTails(bench, await scatter(bench, opened, url, Number(bench.values['items'])))
    }
    if (server !== undefined) {
      if (bench.wants('sightings')) await sightings(bench, server, directory)
      if (bench.wants('rebuild')) {
        await rebuild(bench, server, directory, Number(bench.values['register']))
      }
    } else if (bench.wants('sightings') || bench.wants('rebuild')) {
      bench.note('sightings, rebuild: left out, for their PostgreSQL is one that the bench starts')
    }
    if (bench.wants('start')) await start(bench, opened, url, join(directory, 'known.sealed'))
  } finally {
    await store.close()
    rmSync(directory, { recursive: true })
    await server?.end()
  }
}

/** From the answer to a commit in this process to what two others answer. */
async function live(bench: Bench, { register }: OpenRegister, url: string, directory: string) {
  const nodes = await Promise.all([0, 1].map(() => begin(bench, url, 0)))
  const [watched, asked]: [number[], number[]] = [[], []]
  let missed = 0
  for (let position = 0; position < COMMITS; position += 1) {
    const how = position % 2 === 0 ? 'watch' : 'ask'
    const first = how === 'watch' ? tell(nodes, { how, position }) : undefined
    await sleep(BETWEEN_MS)
    await propose(register, position, bench.seed)
    const atMs = performance.timeOrigin + performance.now()
    const answers = await (first ?? tell(nodes, { how, position }))
    missed += answers.filter(({ isFound }) => !isFound).length
    const times = how === 'watch' ? watched : asked
    times.push(...answers.map((answer) => Math.max(0, answer.atMs - atMs)))
  }
  if (missed > 0) throw new Error(`${missed} requests did not find what was answered before`)
  for (const { child } of nodes) child.disconnect()
  const own = await ownLatencies(bench.seed, directory)
  const compared = (percent: number) => ({ peer: LEVEL, peerValue: percentile(own, percent) })
  for (const percent of [50, 99]) {
    for (const [what, times] of [
      ['commit in A to found in B that searches all the time', watched],
      ['commit in A to the answer of a request to B', asked],
    ] as const) {
      const value = percentile(times, percent)
      const metric = `${what}, p${percent}`
      bench.record({ case: 'live', metric, value, unit: 'ms', ...compared(percent) })
    }
  }
}

async function ownLatencies(seed: number, directory: string): Promise<number[]> {
  const store = await openLevelStore({ directory: join(directory, 'level') })
  const { context, register } = await registerOver(store, seed)
  const known = await openKnownSet(context, register, knownSetOptions(directory, false))
  const took: number[] = []
  for (let position = 0; position < COMMITS; position += 1) {
    await propose(register, position, seed)
    const before = performance.now()
    await known.catchUp()
    const hits = await known.search(pictureOf(position, seed), 31)
    if (hits.length === 0) throw new Error('the known set does not find its items')
    took.push(performance.now() - before)
  }
  await known.close()
  await store.close()
  return took
}

/** A process that starts from its saved index and what changed since. */
async function start(bench: Bench, opened: OpenRegister, url: string, file: string) {
  const { register } = opened
  const count = Number(bench.values['hashes'])
  bench.note(`an index of ${count} hashes is saved`)
  await saveIndex(opened, file, count, bench.seed)
  bench.note(`${statSync(file).size} bytes; ${TAIL} items are proposed after it`)
  for (let n = 0; n < TAIL; n += 1) await propose(register, count + n, bench.seed)
  const seconds: number[] = []
  for (let n = 0; n < STARTS; n += 1) {
    const { child, started } = await begin(bench, url, count + TAIL - 1, file)
    if (!started.isFound || started.hashes < count) throw new Error('it was not read')
    seconds.push(started.seconds)
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  const metric = `${count} saved hashes: time to first answer`
  bench.record({ case: 'start', metric, value: median(seconds), unit: 's' })
}

interface RunningNode {
  readonly child: ChildProcess
  readonly started: Started
}

async function begin(
  bench: Bench,
  url: string,
  position: number,
  file?: string,
): Promise<RunningNode> {
  const script = fileURLToPath(new URL('nodes/node.ts', import.meta.url))
  const args = [url, String(bench.seed), String(position), ...(file === undefined ? [] : [file])]
  const child = fork(script, args, { execArgv: ['--import', 'tsx'] })
  const [started] = (await once(child, 'message')) as [Started]
  return { child, started }
}

/** Puts a question to each process, and resolves to their answers. */
function tell(nodes: readonly RunningNode[], question: Question): Promise<NodeAnswer[]> {
  return Promise.all(
    nodes.map(async ({ child }) => {
      const answered = once(child, 'message')
      child.send(question)
      const [answer] = (await answered) as [NodeAnswer]
      return answer
    }),
  )
}

async function propose(
  register: OpenRegister['register'],
  position: number,
  seed: number,
): Promise<void> {
  const fingerprint = pictureOf(position, seed)
  await register.propose(PROPOSER, { fingerprint, classification: 'Baseline' })
}

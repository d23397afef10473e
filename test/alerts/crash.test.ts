import { type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { freePort } from '../../fixtures/servers/free-port.ts'
import type { Alert } from '../../src/cases/index.ts'
import { apiAt } from '../cli/api-call.ts'
import { createHome, type Home } from '../cli/hindra.ts'
import { messageIn, type Receiver, startReceiver } from './world.ts'
import { usually } from '../long.ts'

const SEED = 20_261_124
const ROUNDS = usually(2, 6)
const HAPPENED_MIN = 10
const WAITS = { timeout: 60_000 }

let home: Home
let receiver: Receiver
const children = new Set<ChildProcess>()

beforeEach(async () => {
  home = createHome()
  receiver = await startReceiver()
})
afterEach(async () => {
  await Promise.all(Array.from(children, kill))
  await receiver.close()
  await home.dispose()
})

type Told = Pick<Alert, 'id' | 'sequence'>

/** Numbers from 0 to 1: the same ones for the same seed (a linear congruential generator). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

async function kill(child: ChildProcess): Promise<void> {
  children.delete(child)
  const closed = once(child, 'close')
  if (child.kill('SIGKILL')) await closed
}

function rowsOf(child: ChildProcess, row: (text: string) => void): void {
  if (child.stdout === null) throw new Error('no standard output')
  createInterface(child.stdout).on('line', row)
  child.stderr?.resume()
}

it('alerts reach everybody at least once, whoever is killed and when', {
  timeout: 180_000,
}, async () => {
  const random = seeded(SEED)
  const port = await freePort()
  const url = `http://127.0.0.1:${String(port)}`
  const call = apiAt(url)
  const env = {
    HINDRA_WEBHOOKS_ALLOW_HTTP_LOOPBACK: 'true',
    HINDRA_WEBHOOKS_RETRY_SECONDS: '1',
  }
  await home.json(['init'])
  const [pipeline, admin, analyst] = [
    await home.person('Pipe', 'pipeline'),
    await home.person('Ada', 'admin'),
    await home.person('Anna', 'analyst'),
  ]

  async function serve(): Promise<ChildProcess> {
    const child = home.start(['serve', '--port', String(port), '--json'], { env })
    children.add(child)
    await new Promise<void>((resolve) => {
      rowsOf(child, () => {
        resolve()
      })
    })
    return child
  }

  const streamed: Told[] = []
  function listen(): ChildProcess {
    const child = home.start(['alerts', '--follow', '--consumer', 'stream', '--json'], {
      key: pipeline.key,
      env: { HINDRA_URL: url },
    })
    children.add(child)
    rowsOf(child, (text) => streamed.push(JSON.parse(text) as Told))
    return child
  }

  const pulled: Told[] = []
  /** Dies in a third of all cases between what it read and its acknowledgement. */
  async function pull(): Promise<void> {
    const page = (await call(pipeline.key, '/v1/alerts?consumer=pull&limit=5')) as readonly Alert[]
    pulled.push(...page)
    const cursor = page.at(-1)?.cursor
    if (cursor === undefined || random() < 1 / 3) return
    await call(pipeline.key, '/v1/alerts/ack', { consumer: 'pull', cursor })
  }

  const acknowledged: string[] = []
  let happened = 0
  async function happen(): Promise<void> {
    happened += 1
    const seen = `http://127.0.0.1/${String(happened)}`
    const body = { url: seen, classification: 'Baseline', reason: 'as tested' }
    const made = (await call(analyst.key, '/v1/assessments', body)) as { id: string }
    acknowledged.push(made.id)
  }

  let isOver = false
  async function again(work: () => Promise<void>, pauseMs: number): Promise<void> {
    while (!isOver) {
      await work().catch(() => undefined)
      await sleep(pauseMs)
    }
  }

  let server = await serve()
  await call(admin.key, '/v1/webhooks', { url: receiver.url, after: '0' })
  let listener = listen()
  const running = [again(pull, 40), again(happen, 15)]
  for (let round = 0; round < ROUNDS; round += 1) {
    await sleep(200 + random() * 1_000)
    // However slow the machine is, something happens in each round.
    await expect.poll(() => acknowledged.length, WAITS).toBeGreaterThan((round + 1) * HAPPENED_MIN)
    await kill(server)
    if (random() < 0.5) {
      await kill(listener)
      server = await serve()
      listener = listen()
    } else {
      server = await serve()
      await sleep(random() * 500)
      await kill(listener)
      listener = listen()
    }
  }
  isOver = true
  await Promise.all(running)

  const all: Alert[] = []
  for (let page: readonly Alert[] = []; ; ) {
    const after = all.at(-1)?.cursor ?? '0'
    page = (await call(pipeline.key, `/v1/alerts?after=${after}`)) as readonly Alert[]
    if (page.length === 0) break
    all.push(...page)
  }
  // Nothing that was answered is missing, and the numbers have no gap.
  expect(all.map(({ sequence }) => sequence)).toEqual(all.map((_, index) => index + 1))
  const opened = new Set(all.map(({ caseId }) => caseId))
  expect(acknowledged.filter((caseId) => !opened.has(caseId))).toEqual([])

  const posted = (): Told[] => receiver.received.map(({ body }) => messageIn(body).data)
  const missing = (told: readonly Told[]) => {
    const ids = new Set(told.map(({ id }) => id))
    return all.filter(({ id }) => !ids.has(id)).length
  }
  await expect.poll(() => missing(streamed), { timeout: 15_000 }).toBe(0)
  await expect.poll(() => missing(posted()), { timeout: 15_000 }).toBe(0)
  const pulledAll = async () => {
    await pull()
    return missing(pulled)
  }
  await expect.poll(pulledAll, { timeout: 15_000 }).toBe(0)

  // A repetition is the same alert under the same id, and some were repeated.
  const sequences = new Map(all.map(({ id, sequence }) => [id, sequence]))
  for (const told of [streamed, posted(), pulled]) {
    expect(told.filter(({ id, sequence }) => sequences.get(id) !== sequence)).toEqual([])
  }
  expect(pulled.length).toBeGreaterThan(all.length)
})

import { setTimeout as sleep } from 'node:timers/promises'
import { createHindraClient } from '../../../src/client/index.ts'
import { MINUTE_MS, SeededRandom } from '../../../src/core/index.ts'
import type { Report } from '../report.ts'
import { makeTroubles } from '../troubles.ts'
import { byKey } from './by-key.ts'
import { faultsOf } from './check.ts'
import { startCrawlers } from './crawlers.ts'
import { endingOf } from './ending.ts'
import type { Ending, Line } from './history.ts'
import { type House, openHouse, SCHEMA } from './house.ts'
import { Pictures } from './pictures.ts'
import { Staff } from './staff.ts'
import { endTroubles, TROUBLES } from './troubles.ts'

/** What a killed one looked at falls due again after two minutes. */
const SETTLED_WITHIN_MS = 4 * MINUTE_MS
const LOOK_EACH_MS = 5_000
const TURN_EACH_MS = 150
const ACKNOWLEDGED_EACH = 10
const MEMORY_EACH_MS = 2_000
const TURN = `SELECT number, holder FROM ${SCHEMA}.leases WHERE name = 'takedown' AND until > clock_timestamp()`

/** A house of several servers at work, while whatever can go wrong does. */
export async function soakServers(minutes: number, seed: number): Promise<Report> {
  const random = new SeededRandom(seed)
  const lines: Line[] = []
  const record = (line: Line) => {
    lines.push(line)
  }
  const say = (text: string) => process.stderr.write(`${new Date().toISOString()} ${text}\n`)
  const house = await openHouse(record)
  say('the servers answer')
  const pictures = await Pictures.make()
  const staff = new Staff(house, pictures, new SeededRandom(seed + 1), record)
  const [working, watching] = [new AbortController(), new AbortController()]
  try {
    await staff.registerSteady()
    const operator = await house.nats.operator()
    const looking = [
      ...watch(house, record, watching.signal),
      ...follow(house, record, watching.signal),
    ]
    const eyes = new SeededRandom(seed + 2)
    const crawlers = startCrawlers(house, operator, pictures, eyes, record, working.signal)
    const people = staff.work(lines, working.signal)
    const troubles = await makeTroubles(Object.keys(TROUBLES), minutes, random, async (name) => {
      say(name)
      await TROUBLES[name]?.(house, random)
    })
    endTroubles(house)
    working.abort()
    say('all goes well again')
    await Promise.all(people)
    say('people have done their work')
    await Promise.all(crawlers)
    say('crawlers have been answered')
    const { ending, faults } = await settle(house, lines, say)
    watching.abort()
    await Promise.all(looking)
    return { figures: figuresOf(ending, troubles), faults }
  } finally {
    working.abort()
    watching.abort()
    await staff.close()
    await house.end()
  }

  function figuresOf(ending: Ending, troubles: Readonly<Record<string, number>>) {
    const of = (name: string) => lines.filter((line) => name in line).length
    const mails = lines.filter((line) => 'mail' in line)
    const letters = mails.map(({ mail }) => mail)
    const bySender = [...byKey(mails, ({ by }) => by)].map(([by, all]) => [by, all.length] as const)
    const turns = lines.flatMap((line) => ('turn' in line ? [line.turn] : []))
    return {
      minutes,
      seed,
      troubles,
      ends: Object.fromEntries(
        [...house.machines.map(({ server }) => server), house.feeder].map(({ name, ends }) => [
          name,
          [...ends].map(([how, times]) => `${how}: ${times}`).join(' '),
        ]),
      ),
      seen: of('seen'),
      answered: of('answered'),
      published: of('published'),
      refused: of('refused'),
      cases: ending.cases.length,
      retracted: lines.filter((line) => 'did' in line && line.did === 'retract').length,
      taken: of('took'),
      'taken down': of('removed'),
      notices: ending.notices.length,
      letters: letters.length,
      'letters by server': Object.fromEntries(bySender),
      'turns that were seen': new Set(turns).size,
      'letters that came again': letters.length - new Set(letters).size,
      alerts: ending.alerts.length,
      'entries of the audit': ending.audit.length,
      'refusals of staff': Object.fromEntries(staff.refusals),
    }
  }
}

/** What is due is done within minutes; what is wrong then stays wrong. */
async function settle(house: House, lines: readonly Line[], say: (text: string) => void) {
  const until = performance.now() + SETTLED_WITHIN_MS
  for (;;) {
    const isLast = performance.now() > until
    try {
      const ending = await endingOf(house)
      const faults = await faultsOf(lines, ending)
      if (faults.length === 0 || isLast) return { ending, faults }
      say(`${faults.length} not settled: ${faults[0] ?? ''}`)
    } catch (error) {
      if (isLast) throw error
      say(String(error))
    }
    await sleep(LOOK_EACH_MS)
  }
}

/** Who has the turn to send, and what each process has in memory. */
function watch(
  { postgres, machines, feeder }: House,
  record: (line: Line) => void,
  signal: AbortSignal,
): readonly Promise<void>[] {
  const servers = machines.map(({ server }) => server)
  return [
    often(TURN_EACH_MS, signal, async () => {
      const [row] = await postgres.query(TURN)
      if (row === undefined) return
      const pid = Number(/process (\d+)/.exec(String(row['holder']))?.[1])
      const by = servers.find((server) => server.pid === pid)?.name
      if (by !== undefined) record({ turn: String(row['number']), at: performance.now(), by })
    }),
    often(MEMORY_EACH_MS, signal, () => {
      for (const process of [...servers, feeder]) {
        const memory = process.memory()
        const by = process.incarnation
        if (memory !== undefined) record({ memory, at: performance.now(), by })
      }
    }),
  ]
}

async function often(
  eachMs: number,
  signal: AbortSignal,
  look: () => Promise<void> | void,
): Promise<void> {
  while (!signal.aborted) {
    // PostgreSQL may be away.
    await Promise.resolve(look()).catch(() => undefined)
    await sleep(eachMs)
  }
}

/** Two follow the alerts: one acknowledges what it has done with, the other one only reads. */
function follow(
  { url, keys }: House,
  record: (line: Line) => void,
  signal: AbortSignal,
): readonly Promise<void>[] {
  return [read('pipeline', keys.pipeline, 'pipeline'), read('reader', keys.auditor)]

  async function read(by: string, key: string, consumer?: string): Promise<void> {
    const client = createHindraClient({ url, key })
    const options = consumer === undefined ? { signal } : { signal, consumer }
    while (!signal.aborted) {
      try {
        for await (const alert of client.alerts(options)) {
          record({ told: alert.id, at: performance.now(), by, sequence: alert.sequence })
          if (consumer !== undefined && alert.sequence % ACKNOWLEDGED_EACH === 0) await alert.ack()
        }
      } catch {
        // Of an acknowledgement that was not heard: it goes on behind the last one that was.
        await sleep(TURN_EACH_MS)
      }
    }
    await client.close()
  }
}

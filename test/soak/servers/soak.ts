import { setTimeout as sleep } from 'node:timers/promises'
import { createHindraClient } from '../../../src/client/index.ts'
import { MINUTE_MS, SECOND_MS, SeededRandom } from '../../../src/core/index.ts'
import type { Report } from '../report.ts'
import { makeTroubles } from '../troubles.ts'
import { Answers } from './answers.ts'
import { byKey } from './by-key.ts'
import { faultsOf } from './check.ts'
import { startCrawlers } from './crawlers.ts'
import { endingOf } from './ending.ts'
import type { Ending, Line } from './history.ts'
import { type House, openHouse, SCHEMA } from './house.ts'
import { Pictures } from './pictures.ts'
import { Staff } from './staff.ts'
import { BESIDE_AN_UPGRADE, endTroubles, LEFT_OUT, TROUBLES } from './troubles.ts'
import { upgrade } from './upgrade.ts'
import { builtVersion } from './version.ts'
import type { Watched } from './watched.ts'

/** What a killed one looked at falls due again after two minutes. */
const SETTLED_WITHIN_MS = 4 * MINUTE_MS
const LOOK_EACH_MS = 5_000
const TURN_EACH_MS = 150
const ACKNOWLEDGED_EACH = 10
const MEMORY_EACH_MS = 2_000
const TURN = `SELECT number, holder FROM ${SCHEMA}.leases WHERE name = 'takedown' AND until > clock_timestamp()`

interface SoakOptions {
  readonly minutes: number
  readonly seed: number
  /** The commit whose version the house begins with; it is upgraded to this one meanwhile. Absent: it begins with this one. */
  readonly from?: string
  /** Nothing goes wrong by itself. */
  readonly isCalm: boolean
}

/** A house of several servers at work, while whatever can go wrong does. */
export async function soakServers({ minutes, seed, from, isCalm }: SoakOptions): Promise<Report> {
  const random = new SeededRandom(seed)
  const lines: Line[] = []
  const record = (line: Line) => {
    lines.push(line)
  }
  const say = (text: string) => process.stderr.write(`${new Date().toISOString()} ${text}\n`)
  for (const why of LEFT_OUT) say(`left out: ${why}`)
  const bin = from === undefined ? undefined : builtVersion(from)
  const house = await openHouse(record, minutes, bin)
  say('the servers answer')
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    // Else the servers, PostgreSQL and the disk outlive it.
    process.once(signal, () => void house.end().finally(() => process.exit(1)))
  }
  const answers = new Answers(house.url)
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
    const made = makeTroubles(namesOfTroubles(), minutes, random, async (name) => {
      say(name)
      await TROUBLES[name]?.(house, random)
    })
    if (bin !== undefined) await upgrade(house, bin, minutes, new SeededRandom(seed + 3), say)
    else if (isCalm) await sleep(minutes * MINUTE_MS)
    const troubles = await made
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
    const alarms = processesOf(house).flatMap(({ name, alarms }) =>
      alarms.map((alarm) => `${name} says ${alarm}`),
    )
    const all = [...faults, ...answers.faults, ...alarms]
    return { figures: figuresOf(ending, troubles), faults: all }
  } finally {
    working.abort()
    watching.abort()
    answers.end()
    await staff.close()
    await house.end()
  }

  function namesOfTroubles(): readonly string[] {
    if (isCalm) return []
    return from === undefined ? Object.keys(TROUBLES) : BESIDE_AN_UPGRADE
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
      ...(from !== undefined && { 'upgraded from': from }),
      troubles,
      ends: Object.fromEntries(
        processesOf(house).map(({ name, ends }) => [
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
      answers: Object.fromEntries(answers.counts),
      'longest until an answer': `${(longestUntilAnswered(lines) / SECOND_MS).toFixed(1)} s`,
      'refusals of staff': Object.fromEntries(staff.refusals),
    }
  }
}

function processesOf({ machines, feeder }: House): readonly Watched[] {
  return [...machines.map(({ server }) => server), feeder]
}

/** From when a crawler saw something until it was answered, over whatever broke on the way. */
function longestUntilAnswered(lines: readonly Line[]): number {
  const seen = new Map(lines.flatMap((line) => ('seen' in line ? [[line.seen, line.at]] : [])))
  return Math.max(
    0,
    ...lines.flatMap((line) =>
      'answered' in line ? [line.at - (seen.get(line.answered) ?? line.at)] : [],
    ),
  )
}

/** What is due is done within minutes of what was done last; what is wrong then stays wrong. */
async function settle(house: House, lines: readonly Line[], say: (text: string) => void) {
  let until = performance.now() + SETTLED_WITHIN_MS
  let least = Infinity
  for (;;) {
    const isLast = performance.now() > until
    try {
      const ending = await endingOf(house)
      const faults = await faultsOf(lines, ending)
      if (faults.length === 0 || isLast) return { ending, faults }
      say(`${faults.length} not settled: ${faults[0] ?? ''}`)
      // A slow machine takes longer for much that is due.
      if (faults.length < least) until = performance.now() + SETTLED_WITHIN_MS
      least = Math.min(least, faults.length)
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

import { writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { SeededRandom } from '../../../src/core/index.ts'
import { toHindraError } from '../../../src/errors.ts'
import {
  openPostgresStore,
  readCounter,
  type ReadTransaction,
  type Transaction,
} from '../../../src/store/index.ts'
import type { Line, Step } from './history.ts'

/** Works on the store at URL under NAME until it is killed, and tells each thing that it does. */
const [url = '', name = '', seed = '1'] = process.argv.slice(2)
const AT_ONCE = 6
const KEYS = 6
const READS: ReadonlySet<Step['do']> = new Set(['get', 'list', 'sum'])
const random = new SeededRandom(Number(seed))
const store = await openPostgresStore({ url, process: name })
const lease = store.lease('soak')
let next = 0
let turns = 0

void follow()
void takeTurns()
await Promise.all(Array.from({ length: AT_ONCE }, work))

async function work(): Promise<void> {
  for (;;) {
    next += 1
    const id = `${name}.${next}`
    if (next % 5 === 0) await look()
    else await transact(id)
  }
}

async function transact(id: string, turn?: string): Promise<void> {
  const steps = Array.from({ length: random.integer(1, 4) }, anyStep)
  tell({ begin: id, at: now(), steps, ...(turn !== undefined && { turn }) })
  try {
    const saw = await store.transact(async (tx) => {
      const seen: unknown[] = []
      for (const step of steps) seen.push(await doIn(tx, id, step))
      tx.putWithVersionstamp(['log'], Buffer.from(id))
      return seen
    })
    tell({ done: id, at: now(), saw })
  } catch (error) {
    tell({ failed: id, code: toHindraError(error).code })
  }
}

/** What one process at a time may do, for a while: then another one has its chance. */
async function takeTurns(): Promise<void> {
  for (;;) {
    turns += 1
    const turn = `turn ${name}.${turns}`
    try {
      await lease.run(
        async () => {
          for (let n = random.integer(1, 20); n > 0; n -= 1) {
            await transact(`${turn}.${n}`, turn)
            await store.sure()
            tell({ effect: turn, at: now() })
          }
        },
        { waits: true },
      )
    } catch (error) {
      tell({ failed: turn, code: toHindraError(error).code })
    }
    await sleep(random.integer(0, 500))
  }
}

async function look(): Promise<void> {
  const steps = Array.from({ length: 3 }, anyStep).filter((step) => READS.has(step.do))
  const from = now()
  try {
    const [version, saw] = await store.read(async (reading) => {
      const seen: unknown[] = []
      for (const step of steps) seen.push(await see(reading, step))
      return [reading.version() ?? '', seen] as const
    })
    tell({ look: version, from, at: now(), steps, saw })
  } catch (error) {
    tell({ failed: 'a reading', code: toHindraError(error).code })
  }
}

async function follow(): Promise<void> {
  const { signal } = new AbortController()
  for (let round = 0; ; round += 1) {
    const by = `${name} follows ${round}`
    try {
      const after = store.version()
      tell({ follows: by, after })
      for await (const { versionstamp } of store.changes(['log'], after, { signal })) {
        tell({ told: versionstamp, by })
      }
    } catch (error) {
      tell({ failed: by, code: toHindraError(error).code })
    }
  }
}

function anyStep(): Step {
  const what = (['get', 'set', 'list', 'insert', 'drop', 'add', 'sum'] as const)[
    random.integer(0, 6)
  ]
  return { do: what ?? 'get', key: random.integer(0, KEYS - 1) }
}

async function doIn(tx: Transaction, id: string, step: Step): Promise<unknown> {
  const { key } = step
  switch (step.do) {
    case 'set':
      tx.put(['register', key], Buffer.from(id))
      return null
    case 'insert':
      tx.put(['set', key, id], Buffer.of())
      return null
    case 'drop':
      for await (const pair of tx.range({ prefix: ['set', key] }, { limit: 1 })) tx.delete(pair.key)
      return null
    case 'add':
      tx.add(['sum', key], 1)
      return null
    default:
      return see(tx, step)
  }
}

async function see(tx: ReadTransaction, { do: what, key }: Step): Promise<unknown> {
  if (what === 'get') {
    const value = await tx.get(['register', key])
    return value === undefined ? null : Buffer.from(value).toString()
  }
  if (what === 'sum') return readCounter(await tx.get(['sum', key]))
  const ids: string[] = []
  for await (const pair of tx.range({ prefix: ['set', key] })) ids.push(String(pair.key[2]))
  return ids
}

function now(): string {
  return String(process.hrtime.bigint())
}

/** At once, so that who is killed has told it. */
function tell(line: Line): void {
  writeSync(1, `${JSON.stringify(line)}\n`)
}

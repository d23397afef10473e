import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { defined } from '../../src/core/index.ts'
import { playAll } from './play-all.ts'
import { PLANTS, type Plant } from './plants.ts'
import type { PlayOptions, PlayResult } from './play.ts'
import { replayOf } from './replay.ts'
import { summaryOf } from './summary.ts'

const USAGE = `npm run simulate -- [--seeds N] [--seed S] [--days D] [--items K] [--servers N] [--processes P] [--json]

Plays the takedown of known material over D virtual days (365) for N seeds (20) from S (1) on, in P
processes at once (one a core): hosts that remove, move, return, block, cloak, bounce; mails that get
lost; crashes; a clock that jumps. The rules are checked at each step. A seed that breaks one says how
to see it again, and the last line is a summary (JSON). Ends with 1 where a rule was broken.

  --servers N   processes of the house (1) on one store, of which one dispatches; with two of them one may also be
                frozen or cut off from the store while the other one goes on
  --json        also a line of JSON for each seed
  --plant NAME  breaks something on purpose, to see that it is seen: ${Object.keys(PLANTS).join(', ')}`

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    days: { type: 'string', default: '365' },
    items: { type: 'string', default: '6' },
    servers: { type: 'string' },
    processes: { type: 'string', default: String(availableParallelism()) },
    plant: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(USAGE)
  process.exit(0)
}
const seeds = wholeNumber('seeds')
const first = wholeNumber('seed')
const days = wholeNumber('days')
const items = wholeNumber('items')

const startedMs = performance.now()
const results: PlayResult[] = []
const whys: string[] = []
const plant = plantNamed(values.plant)
const servers = values.servers === undefined ? undefined : wholeNumber('servers')
const plays: readonly PlayOptions[] = Array.from({ length: seeds }, (_, number) => ({
  seed: first + number,
  days,
  items,
  ...defined({ plant, servers }),
}))
for await (const outcome of playAll(plays, wholeNumber('processes'))) {
  if ('result' in outcome) {
    results.push(outcome.result)
    if (values.json) console.log(JSON.stringify(outcome.result))
  } else {
    whys.push(outcome.why)
    console.error(`${lineStart()}seed ${outcome.seed}: ${outcome.why}`)
    const played = plays.find(({ seed }) => seed === outcome.seed)
    if (played !== undefined) console.error(`replay: ${replayOf(played)}`)
  }
  showProgress(results.length + whys.length)
}
const seconds = Math.round((performance.now() - startedMs) / 100) / 10
const summary = { ...summaryOf(results, whys, days), seconds }
if (!values.json) console.table(summary)
console.log(JSON.stringify(summary))
process.exitCode = whys.length === 0 ? 0 : 1

function wholeNumber(name: 'servers' | 'seeds' | 'seed' | 'days' | 'items' | 'processes'): number {
  const number = Number(values[name])
  if (Number.isSafeInteger(number) && number > 0) return number
  console.error(`--${name} must be a whole number over 0`)
  process.exit(2)
}

function plantNamed(name: string | undefined): Plant | undefined {
  if (name === undefined || name in PLANTS) return name as Plant | undefined
  console.error(`--plant must be one of ${Object.keys(PLANTS).join(', ')}`)
  process.exit(2)
}

function showProgress(done: number): void {
  const isEnd = done === seeds
  if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${seeds} seeds${isEnd ? '\n' : ''}`)
  else if (done % 100 === 0 && !isEnd) process.stderr.write(`${done} of ${seeds} seeds\n`)
}

/** Over what the progress has written. */
function lineStart(): string {
  return process.stderr.isTTY ? '\r' : ''
}

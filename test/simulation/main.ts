import { parseArgs } from 'node:util'
import { play, type PlayResult } from './play.ts'

const USAGE = `npm run simulate -- [--seeds N] [--seed S] [--days D] [--items K] [--json]

Plays the takedown of known material over D virtual days (365) for N seeds (20) from S (1) on: hosts
that remove, move, return, block, bounce; mails that get lost; crashes; a clock that jumps. The rules
are checked at each step. Ends with 1 at the first that is broken, and says how to repeat it.`

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    days: { type: 'string', default: '365' },
    items: { type: 'string', default: '6' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(USAGE)
  process.exit(0)
}
const [seeds, first, days, items] = [values.seeds, values.seed, values.days, values.items].map(
  Number,
) as [number, number, number, number]

const results: PlayResult[] = []
const failed: { seed: number; why: string }[] = []
for (let seed = first; seed < first + seeds; seed += 1) {
  try {
    const result = await play({ seed, days, items })
    results.push(result)
    if (values.json) console.log(JSON.stringify(result))
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    failed.push({ seed, why })
    console.error(`seed ${seed}: ${why}`)
    console.error(
      `replay: npm run simulate -- --seed ${seed} --seeds 1 --days ${days} --items ${items}`,
    )
    if (error instanceof Error && error.name !== 'Violation') console.error(error.stack)
  }
  if (!values.json && process.stderr.isTTY) {
    process.stderr.write(`\r${results.length + failed.length} of ${seeds} seeds`)
  }
}

const hours = results.flatMap((result) => result.hours)
const sum = (of: (result: PlayResult) => number) => results.reduce((all, one) => all + of(one), 0)
const summary = {
  seeds: results.length + failed.length,
  failed: failed.length,
  days,
  cases: sum(({ cases }) => cases),
  notices: sum(({ notices }) => notices),
  mails: sum(({ mails }) => mails),
  corrections: sum(({ corrections }) => corrections),
  bounced: sum(({ bounced }) => bounced),
  crashes: sum(({ crashes }) => crashes),
  doubles: sum(({ doubles }) => doubles),
  removed: sum(({ removed }) => removed),
  wrongRemoved: sum(({ wrongRemoved }) => wrongRemoved),
  reopened: sum(({ reopened }) => reopened),
  hoursToRemovalP50: quantile(
    hours.map(({ said }) => said),
    0.5,
  ),
  hoursToRemovalP90: quantile(
    hours.map(({ said }) => said),
    0.9,
  ),
  trueHoursP50: quantile(
    hours.map(({ truly }) => truly),
    0.5,
  ),
  trueHoursP90: quantile(
    hours.map(({ truly }) => truly),
    0.9,
  ),
}
if (!values.json) console.table(summary)
console.log(JSON.stringify(summary))
process.exitCode = failed.length === 0 ? 0 : 1

function quantile(numbers: readonly number[], share: number): number | null {
  const sorted = [...numbers].sort((a, b) => a - b)
  const found = sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]
  return found === undefined ? null : Math.round(found * 10) / 10
}

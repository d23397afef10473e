import { existsSync, readdirSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { BenchModule, Cases } from './bench.ts'
import { type BenchRecord, createRecorder, machineName } from './record.ts'

const COLUMNS = [34, 30, 14, 14] as const

const [name = '', ...args] = process.argv.slice(2)
const file = new URL(`${name}.bench.ts`, import.meta.url)
if (!/^[a-z]+$/.test(name) || !existsSync(file)) {
  const names = readdirSync(new URL('.', import.meta.url))
    .filter((entry) => entry.endsWith('.bench.ts'))
    .map((entry) => entry.slice(0, -'.bench.ts'.length))
  usageError(
    `usage: npm run bench -- NAME [--only CASE,CASE] [--seed N] [--json] [options]
NAME is one of ${names.join(', ')}; see bench/README.md`,
  )
}
await runBench((await import(file.href)) as BenchModule)

async function runBench(module: BenchModule): Promise<void> {
  const values = parse(module.options ?? {})
  const { json } = values
  const cases = typeof module.cases === 'function' ? module.cases(values) : module.cases
  const isWanted = wantedOf(cases, values.only)
  const seed = Number(values.seed)
  if (!Number.isSafeInteger(seed)) usageError('--seed is an integer')
  const record = createRecorder(name, seed, json ? printJson : printRow)
  if (!json) console.log(`# ${machineName()}, Node ${process.version}, seed ${seed}`)
  if (!json) console.log(row(['case', 'metric', 'value', 'unit']))
  await module.run({
    seed,
    values,
    wants(caseName) {
      if (Object.hasOwn(cases, caseName)) return isWanted(caseName)
      throw new Error(`${name}.bench.ts does not name its case ${caseName}`)
    },
    record,
    note(text) {
      if (!json) console.log(`# ${text}`)
    },
  })
}

/** Found out before anything is made: a register of a million takes its time. */
function wantedOf(cases: Cases, only: string | undefined): (name: string) => boolean {
  if (only === undefined) return (caseName) => cases[caseName] === true
  const wanted = only.split(',').map((caseName) => caseName.trim())
  const unknown = wanted.filter((caseName) => !Object.hasOwn(cases, caseName))
  if (unknown.length > 0) {
    const known = Object.keys(cases).join(', ')
    usageError(`--only: there is no case "${unknown.join('", "')}"; the cases are ${known}`)
  }
  return (caseName) => wanted.includes(caseName)
}

function parse(own: object) {
  const options = {
    ...own,
    only: { type: 'string' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  } as const
  try {
    return parseArgs({ args, options }).values
  } catch (error) {
    return usageError(error instanceof Error ? error.message : String(error))
  }
}

function usageError(message: string): never {
  console.error(message)
  process.exit(2)
}

function printJson(record: BenchRecord): void {
  console.log(JSON.stringify(record))
}

function printRow(record: BenchRecord): void {
  const peer =
    record.peer === undefined
      ? ''
      : `${record.peer} ${shown(record.peerValue)}, ratio ${shownRatio(record.ratio)}`
  console.log(row([record.case, record.metric, shown(record.value), record.unit]) + peer)
}

function row(cells: readonly string[]): string {
  return cells.map((cell, column) => cell.padEnd(COLUMNS[column] ?? 0)).join(' ')
}

/** Small ones the other way round as well: 1/412 is what people say. */
function shownRatio(ratio: number | undefined): string {
  if (ratio === undefined || ratio >= 0.5) return shown(ratio)
  return `${shown(ratio)} (1/${(1 / ratio).toPrecision(3)})`
}

function shown(value: number | undefined): string {
  if (value === undefined) return ''
  return Number.isInteger(value) ? String(value) : value.toPrecision(4)
}

import type { Command } from 'commander'
import type { BatchReport } from '../batches/index.ts'
import { defined } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { exitCodeOf } from './batch.ts'
import { table } from './output.ts'
import type { Shell } from './shell.ts'

/** Options of an act upon many. */
export interface ManyOptions {
  readonly dryRun?: true
  readonly count?: string
}

export function withMany(command: Command): Command {
  return command
    .option('--dry-run', 'say how many these are and what would be left out, and do nothing')
    .option('--count <number>', 'of many: repeat the number of the dry run')
}

/** How it is asked; every call goes on where the one before it came to. */
interface Asked {
  readonly dryRun: boolean
  readonly count?: number
}

/** Throws INVALID_INPUT where things are neither named nor asked for, or both. */
function assertEither(ids: readonly string[], query: object): void {
  if (ids.length > 0 !== Object.keys(query).length > 0) return
  throw new HindraError('INVALID_INPUT', 'name ids or say which by the options, one of both')
}

/** Whether one thing is meant, which takes no number. */
function isOne(ids: readonly string[], query: object, options: ManyOptions): boolean {
  assertEither(ids, query)
  return ids.length === 1 && options.dryRun === undefined && options.count === undefined
}

/** What an act is upon: what is named, or what the options say. */
export interface Targets<Query> extends ManyOptions {
  readonly ids: readonly string[]
  readonly query: Query
}

/** The call for what is named, or for what the options say, and how it is asked. */
export type ManyCall<Query> = (
  which: { readonly ids: string[] } | { readonly query: Query },
) => (how: Asked) => Promise<BatchReport>

/** One act on one thing, or, by a number that is repeated, on many. Throws INVALID_INPUT. */
export async function actOn<Query extends object>(
  shell: Shell,
  done: string,
  { ids, query, dryRun, count }: Targets<Query>,
  acts: {
    readonly one: (id: string) => Promise<void>
    /** The call for these; throws where what many need is missing. */
    readonly many: ManyCall<Query>
  },
): Promise<void> {
  const [id = ''] = ids
  if (isOne(ids, query, defined({ dryRun, count }))) return acts.one(id)
  return actOnMany(shell, done, { ids, query, ...defined({ dryRun, count }) }, acts.many)
}

/** An act on what may be many, which always takes the number. Throws INVALID_INPUT. */
export async function actOnMany<Query extends object>(
  shell: Shell,
  done: string,
  { ids, query, ...options }: Targets<Query>,
  many: ManyCall<Query>,
): Promise<void> {
  assertEither(ids, query)
  return runMany(shell, done, options, many(ids.length > 0 ? { ids: [...ids] } : { query }))
}

/** Asks until all is done, and shows what was done and what was left out, and why. */
async function runMany(
  shell: Shell,
  done: string,
  { dryRun, count }: ManyOptions,
  call: (how: Asked) => Promise<BatchReport>,
): Promise<void> {
  if (count !== undefined && !/^\d{1,6}$/.test(count)) {
    throw new HindraError('INVALID_INPUT', '--count: a number', { field: 'count' })
  }
  const number = count === undefined ? undefined : Number(count)
  const how = { dryRun: dryRun === true, ...defined({ count: number }) }
  const output = shell.output()
  let report = await call(how)
  while (report.state === 'running') {
    output.note(`${report.done + report.leftOut.length} of ${report.found}`)
    report = await call(how)
  }
  output.answer(report, (shown) => manyText(shown, done))
  if (report.state === 'done') shell.exitWith(exitCodeOf(report.leftOut.map(({ code }) => code)))
}

function manyText({ state, batchId, found, done, leftOut }: BatchReport, word: string): string {
  const left = table(
    ['left out', 'code', 'why'],
    leftOut.map(({ id, code, why }) => [id, code, why]),
  )
  const said =
    state === 'dry-run'
      ? `${found} found: ${found - leftOut.length} would be ${word}, ${leftOut.length} left out. To do it: --count ${found}`
      : `${done} of ${found} ${word}, ${leftOut.length} left out (batch ${batchId ?? ''})`
  return leftOut.length === 0 ? said : `${left}\n\n${said}`
}

import type { Principal } from '../access/terms.ts'
import { own, type PageQuery } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { OPERATIONS, type Operations } from './all.ts'
import { type Calls, callsBy, type Given } from './calls.ts'
import {
  type AnyOperation,
  type Asked,
  checked,
  type EventStream,
  type FeedOperation,
  requireGate,
} from './operation.ts'
import type { Parts } from './parts.ts'
import { withWholeIds } from './whole-ids.ts'

/** Rows of a page where nobody says how many. */
const PAGE_ROWS = 100
/** How far rows are counted: further would cost more than anybody gains. */
const COUNTED_MAX = 10_000

/** What was answered, and of a page how many rows all pages have: `1304`, or `10000+` where there are more. */
export interface Answered {
  readonly answer: unknown
  readonly total?: string
}

/**
 * What an operation answers to somebody: refused (FORBIDDEN) unless a role of theirs allows it, its input checked
 * (INVALID_INPUT) and whole ids put in place of their beginnings; where it shows what is sealed, that is in the audit
 * before they have it. Nothing is shown that names a case which somebody decides again at the moment (CASE_WITHHELD).
 *
 * @param given Unchecked: the fields of path, query and body
 */
export async function ask(
  parts: Parts,
  operation: Asked,
  by: Principal,
  given: unknown,
): Promise<Answered> {
  requireGate(by, operation.needs)
  const { input: schema, words } = operation
  const input = await withWholeIds(parts.idsThatBegin, schema, checked(schema, given, words))
  const withheld = await parts.sampleDesk.withheldFrom(by)
  assertNotNamed(withheld, input)
  const answer = await operation.run(parts, by, input)
  // What was done was done, whatever its answer names.
  if (isShown(operation)) assertNotNamed(withheld, answer)
  if (operation.reads === undefined) return { answer }
  const { readings } = parts
  const [kind, action] = operation.reads
  switch (kind) {
    case 'one': {
      const subject = subjectOf(operation, input, answer)
      await readings.one(by, action, subject, (tx) => parts.sampleDesk.shown(tx, by, subject))
      return { answer }
    }
    case 'often':
      readings.often(by, action)
      return { answer }
    case 'all':
      await readings.rows(by, action, rowsOf(answer).length)
      return { answer }
    case 'page': {
      const rows = rowsOf(answer)
      await readings.rows(by, action, rows.length, input as PageQuery)
      return { answer, total: await totalOf(parts, operation, by, input, rows.length) }
    }
  }
}

/** A stream of events under the same rule: it ends before what would name such a case, and goes on there later. */
export function withheldFrom(parts: Parts, by: Principal, stream: EventStream): EventStream {
  return {
    ...stream,
    async *pages(signal) {
      for await (const page of stream.pages(signal)) {
        assertNotNamed(await parts.sampleDesk.withheldFrom(by), page)
        yield page
      }
    },
  }
}

function isShown(operation: Asked): boolean {
  return operation.reads !== undefined || ('method' in operation && operation.method === 'GET')
}

/** Throws CASE_WITHHELD. */
function assertNotNamed(caseIds: readonly string[], said: unknown): void {
  if (caseIds.length === 0) return
  const text = JSON.stringify([said])
  if (!caseIds.some((id) => text.includes(id))) return
  const message =
    'you have before you what a case stands on, to decide again what was decided of it'
  throw new HindraError('CASE_WITHHELD', message)
}

/** The record that was shown: what the path names, or, where it was looked for among all, the item that was found. */
function subjectOf({ path }: Asked, input: unknown, answer: unknown): string {
  const [, name] = /:(\w+)/.exec(path) ?? []
  const found = name === undefined ? own(answer as Given, 'itemId') : own(input as Given, name)
  if (typeof found === 'string') return found
  throw new Error(`${path} names no record`)
}

function rowsOf(answer: unknown): readonly unknown[] {
  if (Array.isArray(answer)) return answer
  // A list that says more than its rows.
  const { rows } = answer as { readonly rows?: unknown }
  if (Array.isArray(rows)) return rows
  throw new Error('an operation that reads a list answered none')
}

async function totalOf(
  parts: Parts,
  operation: Asked,
  by: Principal,
  input: unknown,
  rows: number,
): Promise<string> {
  const { after, limit = PAGE_ROWS } = input as PageQuery
  if (after === undefined && rows < limit) return String(rows)
  const most = COUNTED_MAX + 1
  // The check is past: a page that is only counted may be longer than one that is answered.
  const all = { ...(input as PageQuery), after: undefined, limit: most }
  const total =
    (await operation.total?.(parts, input, most)) ??
    rowsOf(await operation.run(parts, by, all)).length
  return total > COUNTED_MAX ? `${COUNTED_MAX}+` : String(total)
}

/** Every operation that answers JSON, and the feeds line by line. */
export type LocalCalls = Calls & {
  readonly [Topic in keyof Operations]: {
    readonly [Name in keyof Operations[Topic] as Operations[Topic][Name] extends FeedOperation
      ? Name
      : never]: LineCall<Operations[Topic][Name]>
  }
}
type LineCall<Declared> =
  Declared extends FeedOperation<infer Answer>
    ? (sighting: Parameters<FeedOperation['run']>[2]) => Promise<Answer>
    : never

/**
 * Every operation for one principal, in this process: the same calls as a client has over the network, and the same
 * refusals.
 *
 * @example
 * await callsFor(parts, principal).cases.show({ id })
 */
export function callsFor(parts: Parts, by: Principal): LocalCalls {
  const calls = callsBy((operation) => {
    const answered = (input: Given = {}) => {
      const told = Object.entries(input).filter(([, value]) => value !== undefined)
      return ask(parts, operation, by, Object.fromEntries(told))
    }
    const call = async (input: Given = {}) => (await answered(input)).answer
    const page = async (input: Given) => {
      const { answer, total } = await answered(input)
      return { rows: answer, total: total ?? null }
    }
    return Object.assign(call, { page })
  })
  const line =
    (operation: FeedOperation): LineCall<FeedOperation> =>
    async (sighting) => {
      requireGate(by, operation.needs)
      return operation.run(parts, by, sighting)
    }
  const topics = Object.entries(OPERATIONS).map(([topic, operations]) => {
    const feeds = Object.entries<AnyOperation>(operations).flatMap(([name, operation]) =>
      operation.kind === 'feed' ? [[name, line(operation)] as const] : [],
    )
    return [topic, { ...calls[topic as keyof Operations], ...Object.fromEntries(feeds) }] as const
  })
  // Made of the same table as the type, name by name.
  return Object.fromEntries(topics) as unknown as LocalCalls
}

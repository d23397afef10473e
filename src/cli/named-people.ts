import type { Client } from '../client/index.ts'
import { HindraError } from '../errors.ts'
import type { Shell } from './shell.ts'

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}$/
/** As many as one question may hold. */
const IDS_MAX = 1_000

type Names = ReadonlyMap<string, string>

/** Answers with people called as colleagues know them; in JSON their ids stay what they are. */
export async function answerNamed<Value>(
  shell: Shell,
  client: Client,
  value: Value,
  human: (value: Value) => string,
): Promise<void> {
  const shown = shell.output().asJson ? value : await withNames(client, value)
  shell.output().answer(shown, human)
}

/**
 * The same with pseudonyms in place of ids wherever a field says who did something: `by`, `verifiedBy`. Ids stay where
 * nobody is called anything by them, and for whoever may not know.
 */
export async function withNames<Value>(client: Client, value: Value): Promise<Value> {
  const ids = [...new Set(idsIn(value))].slice(0, IDS_MAX)
  if (ids.length === 0) return value
  try {
    const people = await client.people.pseudonyms({ ids })
    return renamed(value, new Map(people.map(({ id, pseudonym }) => [id, pseudonym]))) as Value
  } catch (error) {
    if (error instanceof HindraError && error.code === 'FORBIDDEN') return value
    throw error
  }
}

function saysWho(field: string): boolean {
  return field === 'by' || field.endsWith('By')
}

function idsIn(value: unknown, isWho = false): readonly string[] {
  if (typeof value === 'string') return isWho && ID.test(value) ? [value] : []
  if (Array.isArray(value)) return value.flatMap((one) => idsIn(one, isWho))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([field, part]) => idsIn(part, saysWho(field)))
}

/** Of the same shape: only words within it change. */
function renamed(value: unknown, names: Names, isWho = false): unknown {
  if (typeof value === 'string') return isWho ? (names.get(value) ?? value) : value
  if (Array.isArray(value)) return value.map((one) => renamed(one, names, isWho))
  if (typeof value !== 'object' || value === null) return value
  const parts = Object.entries(value).map(
    ([field, part]) => [field, renamed(part, names, saysWho(field))] as const,
  )
  return Object.fromEntries(parts)
}

import { z } from 'zod'
import { HindraError } from '../errors.ts'

/** What is called by its id: the names that records are kept below. */
export type Identified =
  | 'case'
  | 'contact'
  | 'dossier'
  | 'errand'
  | 'export'
  | 'import'
  | 'item'
  | 'key'
  | 'list-export'
  | 'notice'
  | 'objection'
  | 'override'
  | 'panel'
  | 'passkey'
  | 'person'
  | 'police-mail'
  | 'session'
  | 'sister-mail'
  | 'tip'
  | 'tip-import'
  | 'view'
  | 'webhook'

/** The ids of records of one kind that begin with a text, at most so many. */
export type IdsThatBegin = (
  kind: Identified,
  beginning: string,
  limit: number,
) => Promise<readonly string[]>

/** How many characters of an id suffice where they are those of one record alone. */
const BEGINNING_MIN = 8
const WHOLE_CHARS = 36
/** How many ids of one beginning are counted: further would cost more than anybody gains. */
const COUNTED_MAX = 1_000
/** An id begins with the time of its making (UUIDv7): so many characters are one millisecond of it. */
const MILLISECOND_CHARS = '019a2b3c-4d5e'.length

const meant = z.registry<{ readonly kinds: readonly Identified[] }>()

/** The id of a record, of one of these kinds; `BEGINNING_MIN` characters of its beginning suffice. */
export function idOf(...kinds: readonly [Identified, ...Identified[]]): z.ZodString {
  return z
    .string()
    .regex(/^[\w-]{1,64}$/, 'is not an id')
    .register(meant, { kinds })
}

/**
 * The input with whole ids in place of their beginnings, also in lists and in what is asked within it. What begins no
 * id stays as it is: whoever looks for the record says that there is none.
 *
 * Throws INVALID_INPUT where several records begin so, with how many they are.
 */
export async function withWholeIds<Input>(
  idsThatBegin: IdsThatBegin,
  schema: z.ZodType,
  input: Input,
): Promise<Input> {
  return (await made(idsThatBegin, schema, input, '')) as Input
}

/** By schema, whether it asks for an id anywhere: lists of thousands of lines are not walked through for none. */
const askingForIds = new WeakMap<z.ZodType, boolean>()

function asksForIds(schema: z.ZodType): boolean {
  const known = askingForIds.get(schema)
  if (known !== undefined) return known
  const bare = requiredOf(schema)
  const parts: readonly z.ZodType[] =
    bare instanceof z.ZodObject
      ? Object.values<z.ZodType>(bare.shape)
      : bare instanceof z.ZodArray
        ? [bare.element as z.ZodType]
        : []
  const asks = meant.has(bare) || parts.some(asksForIds)
  askingForIds.set(schema, asks)
  return asks
}

/** What a field holds that may be left out. */
function requiredOf(schema: z.ZodType): z.ZodType {
  return (schema instanceof z.ZodExactOptional ? schema.unwrap() : schema) as z.ZodType
}

/** @param field What it is called in the input: `query.caseId` */
async function made(
  idsThatBegin: IdsThatBegin,
  schema: z.ZodType,
  given: unknown,
  field: string,
): Promise<unknown> {
  if (!asksForIds(schema)) return given
  const bare = requiredOf(schema)
  const kinds = meant.get(bare)?.kinds
  if (kinds !== undefined) {
    const isWhole = typeof given !== 'string' || given.length < BEGINNING_MIN
    if (isWhole || given.length === WHOLE_CHARS) return given
    return wholeId(idsThatBegin, field, kinds, given.toLowerCase())
  }
  if (bare instanceof z.ZodArray && Array.isArray(given)) {
    const all: unknown[] = []
    for (const one of given)
      all.push(await made(idsThatBegin, bare.element as z.ZodType, one, field))
    return all
  }
  if (!(bare instanceof z.ZodObject) || typeof given !== 'object' || given === null) return given
  const whole = new Map(Object.entries(given))
  for (const [name, of] of Object.entries<z.ZodType>(bare.shape)) {
    const place = field === '' ? name : `${field}.${name}`
    if (whole.has(name)) whole.set(name, await made(idsThatBegin, of, whole.get(name), place))
  }
  return Object.fromEntries(whole)
}

async function wholeId(
  idsThatBegin: IdsThatBegin,
  field: string,
  kinds: readonly Identified[],
  given: string,
): Promise<string> {
  const ids: string[] = []
  for (const kind of kinds) ids.push(...(await idsThatBegin(kind, given, COUNTED_MAX + 1)))
  const [only = given] = ids
  if (ids.length <= 1 || ids.includes(given)) return ids.length <= 1 ? only : given
  throw new HindraError('INVALID_INPUT', `${field}: ${ambiguity(ids, kinds.join(' or '), given)}`, {
    field,
  })
}

/** How many there are, and what would tell them apart. */
function ambiguity(ids: readonly string[], kind: string, given: string): string {
  const isMany = ids.length > COUNTED_MAX
  const count = isMany ? `more than ${COUNTED_MAX.toLocaleString('en')}` : String(ids.length)
  const enough = isMany
    ? `${MILLISECOND_CHARS} characters are one millisecond of it`
    : `${charactersApart(ids)} characters tell these apart`
  return `${count} ids (${kind}) begin with ${given}: an id begins with the time of its making, of which 8 characters are about a minute; ${enough}`
}

/** The least number of characters by which each of these ids, in their order, differs from the next. */
function charactersApart(ids: readonly string[]): number {
  const sorted = [...ids].sort()
  return Math.max(...sorted.slice(1).map((id, index) => commonChars(sorted[index] ?? '', id))) + 1
}

function commonChars(one: string, other: string): number {
  let count = 0
  while (count < one.length && one[count] === other[count]) count += 1
  return count
}

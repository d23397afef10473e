import { own } from '../core/index.ts'
import { inputSchema, type JsonSchema, type Operation } from '../operations/index.ts'

/** Fields of a form by name, each with all that was sent under it. */
export type FormFields = Readonly<Record<string, readonly string[]>>

const DEPTH_MAX = 4

/**
 * The input of an operation out of the fields of a form: they are named as the operation's are (`said.reason` is one
 * within another), and each becomes what its schema asks for. A field that was left empty was not sent; what is of the
 * wrong type stays a text, which the operation then refuses by its name.
 */
export function inputOfForm(
  { input }: Pick<Operation, 'input'>,
  fields: FormFields,
): Readonly<Record<string, unknown>> {
  const schema = inputSchema(input)
  const told = Object.entries(fields)
    .map(([name, values]) => [name.split('.'), values.filter((value) => value !== '')] as const)
    .filter(([path, values]) => values.length > 0 && path.length <= DEPTH_MAX)
  return objectOf(told, schema)
}

type Told = readonly (readonly [path: readonly string[], values: readonly string[]])[]

function objectOf(told: Told, schema: JsonSchema): Readonly<Record<string, unknown>> {
  const names = new Set(told.map(([[name = '']]) => name))
  return Object.fromEntries(
    Array.from(names, (name) => {
      const within = told.filter(([[first]]) => first === name)
      const field = fieldOf(schema, name)
      const [whole] = within.filter(([path]) => path.length === 1)
      const value =
        whole === undefined
          ? objectOf(
              within.map(([path, values]) => [path.slice(1), values] as const),
              field,
            )
          : valueOf(whole[1], field)
      return [name, value] as const
    }),
  )
}

function fieldOf(schema: JsonSchema, name: string): JsonSchema {
  const { properties, additionalProperties } = schema
  const named = own((properties ?? {}) as Readonly<Record<string, JsonSchema>>, name)
  if (named !== undefined) return named
  return typeof additionalProperties === 'object' ? (additionalProperties as JsonSchema) : {}
}

function valueOf(values: readonly string[], schema: JsonSchema): unknown {
  const [first = ''] = values
  const types = typesOf(schema)
  if (types.has('array') && values.length === 1 && isOfRecords(schema)) return parsed(first)
  if (types.has('array') && (values.length > 1 || !types.has('string'))) return values
  if (types.has('boolean') && !types.has('string')) return booleanOf(first)
  const isNumber = types.has('integer') || types.has('number')
  if (isNumber && !types.has('string') && /^-?\d{1,15}$/.test(first)) return Number(first)
  return values.length > 1 ? values : first
}

/** Whether it is a list of records, which a form has no fields for: one field then holds the list as JSON. */
function isOfRecords({ items }: JsonSchema): boolean {
  return typeof items === 'object' && items !== null && typesOf(items as JsonSchema).has('object')
}

/** The text itself where it is no JSON, which the operation then refuses by the name of its field. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

function booleanOf(text: string): boolean | string {
  if (text === 'true' || text === 'on') return true
  return text === 'false' ? false : text
}

/** The names of types that a schema allows, itself or by one of several. */
function typesOf(schema: JsonSchema): ReadonlySet<unknown> {
  const { type, anyOf } = schema
  const any = Array.isArray(anyOf) ? (anyOf as readonly JsonSchema[]) : []
  return new Set([...[type].flat(), ...any.flatMap((one) => [...typesOf(one)])])
}

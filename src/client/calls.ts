import type { z } from 'zod'
import { namedOperations, type Operation, type Operations } from '../operations/index.ts'
import type { Query, Transport } from './transport.ts'

/** Every operation that answers JSON, by topic: `calls.notices.retry({ id, mail })`. */
export type Calls = {
  readonly [Topic in keyof Operations]: {
    readonly [Name in keyof Operations[Topic] as Operations[Topic][Name] extends Operation
      ? Name
      : never]: CallOf<Operations[Topic][Name]>
  }
}

type CallOf<Declared> =
  Declared extends Operation<infer Schema, infer Answer>
    ? Call<Sent<z.input<Schema>>, Answer>
    : never

/** Nothing need be given where there is no field, or none is needed. */
type Given<Input> = string extends keyof Input
  ? [input?: Input]
  : Partial<Input> extends Input
    ? [input?: Input]
    : [input: Input]

/** Throws what the server refuses with. */
export interface Call<Input, Answer> {
  (...given: Given<Input>): Promise<Answer>
  /** The same of a list, with how many rows all pages have: `1304`, `10000+`; null where nobody counts. */
  page(input: Input): Promise<CountedPage<Answer>>
}

/** A caller of the API with one person's key: every operation by topic, and the connection for what streams. */
export type Client = Calls & { readonly transport: Transport }

export function createClient(transport: Transport): Client {
  return { ...createCalls(transport), transport }
}

export interface CountedPage<Rows> {
  readonly rows: Rows
  readonly total: string | null
}

/** What is sent: nothing of a field that is undefined, where it may be absent. */
type Sent<Input> = Input extends readonly (infer Item)[]
  ? readonly Sent<Item>[]
  : Input extends object
    ? {
        readonly [Field in keyof Input]:
          | Sent<Input[Field]>
          | (Blank<Input, Field> extends true ? undefined : never)
      }
    : Input
type Blank<Input, Field extends keyof Input> =
  Partial<Pick<Input, Field>> extends Pick<Input, Field> ? true : false

export function createCalls(transport: Pick<Transport, 'get' | 'list' | 'post'>): Calls {
  const topics: Record<string, Record<string, Call<Fields, unknown>>> = {}
  for (const [name, operation] of namedOperations()) {
    const [topic = '', call = ''] = name.split('.')
    if (operation.kind === 'call') (topics[topic] ??= {})[call] = callOf(operation, transport)
  }
  // Made of the same table as the type, name by name.
  return topics as unknown as Calls
}

function callOf(
  { method, path }: Pick<Operation, 'method' | 'path'>,
  transport: Pick<Transport, 'get' | 'list' | 'post'>,
): Call<Fields, unknown> {
  const call = (input: Fields = {}) => {
    const { filled, rest } = placed(path, input)
    return method === 'GET' ? transport.get(filled, rest as Query) : transport.post(filled, rest)
  }
  const page = (input: Fields) => {
    const { filled, rest } = placed(path, input)
    return transport.list(filled, rest as Query)
  }
  return Object.assign(call, { page })
}

type Fields = Readonly<Record<string, unknown>>

/** The path with the fields that it tells, and the others. */
function placed(path: string, input: Fields): { readonly filled: string; readonly rest: Fields } {
  const told: string[] = []
  const filled = path.replaceAll(/:(\w+)/g, (_found, name: string) => {
    told.push(name)
    return encodeURIComponent(String(input[name]))
  })
  const rest = Object.entries(input).filter(([name]) => !told.includes(name))
  return { filled, rest: Object.fromEntries(rest) }
}

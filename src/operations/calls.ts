import type { z } from 'zod'
import { OPERATIONS, type Operations } from './all.ts'
import type { AnyOperation, Operation } from './operation.ts'

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
type Arguments<Input> = string extends keyof Input
  ? [input?: Input]
  : Partial<Input> extends Input
    ? [input?: Input]
    : [input: Input]

/** Throws what the server refuses with. */
export interface Call<Input, Answer> {
  (...given: Arguments<Input>): Promise<Answer>
  /** The same of a list, with how many rows all pages have: `1304`, `10000+`; null where nobody counts. */
  page(input: Input): Promise<CountedPage<Answer>>
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

/** The fields of an input by name, before they are checked. */
export type Given = Readonly<Record<string, unknown>>

/** Calls of every operation, each made by `make`. */
export function callsBy(make: (operation: Operation) => Call<Given, unknown>): Calls {
  const topics = Object.entries(OPERATIONS).map(([topic, operations]) => {
    const calls = Object.entries<AnyOperation>(operations).flatMap(([name, operation]) =>
      operation.kind === 'call' ? [[name, make(operation)] as const] : [],
    )
    return [topic, Object.fromEntries(calls)] as const
  })
  // Made of the same table as the type, name by name.
  return Object.fromEntries(topics) as unknown as Calls
}

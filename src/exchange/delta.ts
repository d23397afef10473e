import { defined } from '../core/index.ts'
import type { HindraError } from '../errors.ts'
import type { Classification, Description, KnownHashSet, ListedHash } from '../register/index.ts'

/** One line of somebody's list, in our terms. Lines are 1-based. */
export type Delta = Put | Deletion | Refusal

/** The list has this, or has it in this form now. */
export interface Put {
  readonly change: 'put'
  readonly line: number
  /** What the list calls it; else its first hash. */
  readonly key?: string
  readonly kind?: KnownHashSet['kind']
  readonly hashes: readonly ListedHash[]
  readonly classification?: Classification
  /** The list's own class, where it has one: mapped by whoever imports. */
  readonly sourceClass?: string
  readonly description?: Partial<Description>
}

/** The list has this no more. */
export interface Deletion {
  readonly change: 'delete'
  readonly line: number
  readonly key: string
}

/** The line cannot be read. */
export interface Refusal {
  readonly change: 'refused'
  readonly line: number
  /** What the list calls it, where that much can be read. */
  readonly key?: string
  readonly field: string
  readonly message: string
}

/** What an error says of one line: the field is told beside the words, which begin with its name in an error. */
export function refusalFor(
  { line, key }: Pick<Refusal, 'line' | 'key'>,
  { field = 'row', message }: Pick<HindraError, 'field' | 'message'>,
): Refusal {
  const named = `${field}: `
  const words = message.startsWith(named) ? message.slice(named.length) : message
  return { change: 'refused', line, ...defined({ key }), field, message: words }
}

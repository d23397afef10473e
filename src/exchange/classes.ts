import { defined, own } from '../core/index.ts'
import type { Classification } from '../register/index.ts'
import type { Delta } from './delta.ts'

/** How the classes of a list are understood. */
export interface ClassMap {
  /** The class of lines that name none. */
  readonly all?: Classification
  /** Our class for each of the list's own. */
  readonly bySource?: Readonly<Record<string, Classification>>
}

/** Each line with a class of ours; a line whose class nobody has mapped is refused, never guessed. */
export async function* classified(
  deltas: AsyncIterable<Delta>,
  classes: ClassMap,
): AsyncGenerator<Delta> {
  for await (const delta of deltas) yield withClass(delta, classes)
}

/** One line with the class that is ours. Throws as `classified`. */
export function withClass(delta: Delta, { all, bySource = {} }: ClassMap): Delta {
  if (delta.change !== 'put' || delta.classification !== undefined) return delta
  const { sourceClass, ...rest } = delta
  const mapped: Classification | undefined =
    sourceClass === undefined ? all : (own(bySource, sourceClass) ?? all)
  if (mapped !== undefined) return { ...rest, classification: mapped }
  const { line, key } = delta
  return {
    change: 'refused',
    line,
    ...defined({ key }),
    field: 'classification',
    message: unmapped(sourceClass),
  }
}

function unmapped(sourceClass: string | undefined): string {
  return sourceClass === undefined
    ? 'the line names no class, and none was named for all'
    : `the class ${sourceClass} of the list was not mapped to one of ours`
}

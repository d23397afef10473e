import type { Classification } from '../register/index.ts'
import type { ClassMap, Delta } from './types.ts'

/** Each line with a class of ours; a line whose class nobody has mapped is refused, never guessed. */
export async function* classified(
  deltas: AsyncIterable<Delta>,
  { all, bySource = {} }: ClassMap,
): AsyncGenerator<Delta> {
  for await (const delta of deltas) {
    if (delta.change !== 'put' || delta.classification !== undefined) {
      yield delta
      continue
    }
    const { sourceClass, ...rest } = delta
    const mapped: Classification | undefined =
      sourceClass === undefined ? all : (bySource[sourceClass] ?? all)
    yield mapped === undefined
      ? {
          change: 'refused',
          line: delta.line,
          field: 'classification',
          message: unmapped(sourceClass),
        }
      : { ...rest, classification: mapped }
  }
}

function unmapped(sourceClass: string | undefined): string {
  return sourceClass === undefined
    ? 'the line names no class, and none was named for all'
    : `the class ${sourceClass} of the list was not mapped to one of ours`
}

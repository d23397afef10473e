import { HindraError } from '../errors.ts'
import type { Key, KeySpace } from '../store/index.ts'

const CURSOR = /^([0-9a-f]{20})-(\d+)$/

/** `versionstamp-n`, from a key of the log. */
export function cursorOf([, version = '', position = 0]: Key): string {
  return `${String(version)}-${String(position)}`
}

/** Throws INVALID_INPUT, naming the field that brought it. */
export function keyOf(keys: KeySpace, cursor: string, field: 'after' | 'before' = 'after'): Key {
  const [, version, position] = CURSOR.exec(cursor) ?? []
  if (version === undefined) {
    throw new HindraError('INVALID_INPUT', 'this is no cursor of the audit log', { field })
  }
  return keys(version, Number(position))
}

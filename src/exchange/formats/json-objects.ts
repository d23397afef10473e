import { JSONParser } from '@streamparser/json'
import { isObject, own } from '../../core/index.ts'
import { HindraError } from '../../errors.ts'
import type { Delta } from '../delta.ts'
import { invalid, refused, refusing } from './refusing.ts'

export type Json = Readonly<Record<string, unknown>>

/**
 * The objects at some paths of one JSON document, as they come, none of which is kept; `line` is the number
 * of the object. Throws INVALID_INPUT where it is no JSON.
 *
 * @param deltaOf Undefined for what is at a path and no line of the list; throws INVALID_INPUT with the field
 */
export async function* readObjects(
  bytes: AsyncIterable<Uint8Array>,
  paths: string[],
  deltaOf: (object: Json, line: number) => Delta | undefined,
): AsyncGenerator<Delta> {
  const parser = new JSONParser({ paths, keepStack: false })
  let found: Delta[] = []
  let line = 1
  let failure: Error | undefined
  parser.onValue = ({ value, parent }) => {
    // What holds it is held until its end where it is at a path, too, and would keep all that is in it.
    if (Array.isArray(parent)) parent.pop()
    const delta = isObject(value)
      ? refusing(line, () => deltaOf(value, line))
      : refused(line, 'row', 'is no object')
    if (delta === undefined) return
    found.push(delta)
    line += 1
  }
  parser.onError = (error) => {
    failure = error
  }
  for await (const chunk of bytes) {
    parser.write(chunk)
    yield* found
    found = []
    if (failure !== undefined) break
  }
  if (failure !== undefined || !parser.isEnded) {
    throw new HindraError('INVALID_INPUT', `the file is no whole JSON, behind object ${line - 1}`, {
      cause: failure,
    })
  }
}

/** A text, or what is written as one; undefined where it is not told. Throws INVALID_INPUT. */
export function textIn(object: Json, field: string): string | undefined {
  const value = own(object, field)
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string') throw invalid(field, 'is no text')
  return value.trim() === '' ? undefined : value
}

/** Null where it is not told, or in a word that says neither. Throws INVALID_INPUT. */
export function flagIn(object: Json, field: string): boolean | null {
  const text = textIn(object, field)?.trim().toLowerCase()
  if (text === 'true' || text === '1') return true
  return text === 'false' || text === '0' ? false : null
}

import { JSONParser } from '@streamparser/json'
import { HindraError } from '../../errors.ts'
import type { Delta } from '../delta.ts'

export type Json = Readonly<Record<string, unknown>>

/**
 * The objects at a path of one JSON document, as they come; `line` is the number of the object. Throws
 * INVALID_INPUT where it is no JSON or has nothing there.
 */
export async function* readObjects(
  bytes: AsyncIterable<Uint8Array>,
  path: string,
  deltaOf: (object: Json, line: number) => Delta,
): AsyncGenerator<Delta> {
  const parser = new JSONParser({ paths: [path], keepStack: false })
  let found: Delta[] = []
  let line = 0
  let failure: Error | undefined
  parser.onValue = ({ value }) => {
    line += 1
    found.push(
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? deltaOf(value, line)
        : refused(line, 'row', 'is no object'),
    )
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
    throw new HindraError('INVALID_INPUT', `the file is no whole JSON, behind object ${line}`, {
      cause: failure,
    })
  }
}

export function refused(line: number, field: string, message: string): Delta {
  return { change: 'refused', line, field, message }
}

export function textOf(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}

export function flagOf(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value
  if (value === 'true' || value === 'True' || value === 1) return true
  if (value === 'false' || value === 'False' || value === 0) return false
  return null
}

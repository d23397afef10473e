import { JSONParser } from '@streamparser/json'
import { own } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { HashType, ListedHash } from '../register/index.ts'
import type { Delta } from './types.ts'

/** Of ThreatExchange, `/{privacy_group}/threat_updates`. */
const THREAT_TYPES: Readonly<Partial<Record<string, HashType>>> = {
  HASH_PDQ: 'pdq',
  HASH_MD5: 'md5',
  HASH_SHA1: 'sha1',
  HASH_SHA256: 'sha256',
  HASH_TMK: 'tmk-pdqf',
  HASH_PHOTODNA: 'photodna',
}

type Json = Readonly<Record<string, unknown>>

/** `data[]` of ThreatExchange: an update a hash, by its id; `should_delete` takes it away. */
export function readThreatExchange(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Delta> {
  return readObjects(bytes, '$.data.*', (update, line) => {
    const key = text(update['id'])
    if (key === undefined) return refused(line, 'id', 'is missing')
    if (update['should_delete'] === true) return { change: 'delete', line, key }
    const named = text(update['type']) ?? ''
    const type = own(THREAT_TYPES, named)
    const value = text(update['indicator'])
    if (type === undefined) return refused(line, 'type', `${named} is no hash that is kept`)
    if (value === undefined) return refused(line, 'indicator', 'is missing')
    return { change: 'put', line, key, hashes: [{ type, value }] }
  })
}

/**
 * `value[].Media[]` of a Project VIC or VICS 2.0 file. IsPrecategorized and TotalMediaFiles are not
 * relied on; the category is a national one and mapped by whoever imports.
 */
export function readVics(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Delta> {
  return readObjects(bytes, '$.value.*.Media.*', (media, line) => {
    const hashes: ListedHash[] = []
    for (const [field, type] of [
      ['MD5', 'md5'],
      ['SHA1', 'sha1'],
      ['PhotoDNA', 'photodna'],
    ] as const) {
      const value = text(media[field])
      if (value !== undefined) hashes.push({ type, value })
    }
    const key = text(media['MediaID'])
    const category = text(media['Category'])
    const series = text(media['Series'])
    const tags = text(media['Tags'])
    const notes = [
      ...(series === undefined ? [] : [`series ${series}`]),
      ...(tags === undefined ? [] : [`tags ${tags}`]),
      ...(text(media['Comments']) === undefined ? [] : [text(media['Comments'])]),
    ]
    return {
      change: 'put',
      line,
      hashes,
      ...(key === undefined ? {} : { key }),
      ...(category === undefined ? {} : { sourceClass: category }),
      description: {
        sourceReference: key ?? null,
        victimIdentified: flag(media['VictimIdentified']),
        selfGenerated: flag(media['SelfGenerated']),
        note: notes.length === 0 ? null : notes.join('; '),
      },
    }
  })
}

/**
 * The objects at a path of one JSON document, as they come; `line` is the number of the object. Throws
 * INVALID_INPUT where it is no JSON or has nothing there.
 */
async function* readObjects(
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

function refused(line: number, field: string, message: string): Delta {
  return { change: 'refused', line, field, message }
}

function text(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}

function flag(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value
  if (value === 'true' || value === 'True' || value === 1) return true
  if (value === 'false' || value === 'False' || value === 0) return false
  return null
}

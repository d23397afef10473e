import { splitLines } from '../core/index.ts'
import { HASH_TYPES, type HashType } from '../register/index.ts'
import type { Delta } from './types.ts'

const LINE_BYTES_MAX = 1024 * 1024

/** A `type hash` a line; what begins with # is a comment. */
export async function* readLocalFile(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Delta> {
  for await (const { line, bytes: read } of splitLines(bytes, LINE_BYTES_MAX)) {
    const text = Buffer.from(read ?? [])
      .toString('utf8')
      .trim()
    if (text === '' || text.startsWith('#')) continue
    const [type = '', value, ...more] = text.split(/\s+/)
    if (value === undefined || more.length > 0) {
      yield { change: 'refused', line, field: 'row', message: 'a type and a hash are wanted' }
    } else if (!isHashType(type.toLowerCase())) {
      const message = `one of ${HASH_TYPES.join(', ')}`
      yield { change: 'refused', line, field: 'type', message }
    } else {
      yield { change: 'put', line, hashes: [{ type: type.toLowerCase() as HashType, value }] }
    }
  }
}

function isHashType(text: string): boolean {
  return (HASH_TYPES as readonly string[]).includes(text)
}

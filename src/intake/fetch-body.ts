import { constants } from 'node:buffer'
import { promisify } from 'node:util'
import { brotliDecompress, unzip } from 'node:zlib'
import { HindraError } from '../errors.ts'

const ENCODINGS_MAX = 2

const decoders = new Map([
  ['gzip', promisify(unzip)],
  ['x-gzip', promisify(unzip)],
  ['deflate', promisify(unzip)],
  ['br', promisify(brotliDecompress)],
])

/** Reads a body that is no longer than `bytesMax`. Throws TOO_LARGE. */
export async function readBody(
  body: AsyncIterable<Uint8Array>,
  declaredBytes: number,
  bytesMax: number,
): Promise<Uint8Array> {
  if (declaredBytes > bytesMax) throw tooLarge(bytesMax)
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body) {
    length += chunk.length
    if (length > bytesMax) throw tooLarge(bytesMax)
    chunks.push(chunk)
  }
  // Its own memory, not a slice of a pooled buffer: workers take it over.
  const bytes = new Uint8Array(length)
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.length
  }
  return bytes
}

/**
 * Undoes the content encodings that a server applied although none was asked for. Throws TOO_LARGE
 * as soon as the result is over `bytesMax` (a compression bomb), FETCH_FAILED where it cannot.
 */
export async function decodeBody(
  bytes: Uint8Array,
  contentEncoding: string,
  bytesMax: number,
): Promise<Uint8Array> {
  const encodings = contentEncoding
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity')
  if (encodings.length > ENCODINGS_MAX) throw unreadable('too many content encodings')
  let decoded = bytes
  for (const encoding of encodings.reverse()) {
    const decode = decoders.get(encoding)
    if (decode === undefined) throw unreadable('a content encoding that is not understood')
    decoded = await decode(decoded, {
      maxOutputLength: Math.min(bytesMax, constants.MAX_LENGTH),
    }).catch((error: unknown) => {
      const { code } = error as NodeJS.ErrnoException
      throw code === 'ERR_BUFFER_TOO_LARGE'
        ? tooLarge(bytesMax)
        : unreadable('an encoded body that is damaged')
    })
  }
  return decoded
}

function tooLarge(bytesMax: number): HindraError {
  return new HindraError('TOO_LARGE', `the body is over fetch.bytesMax (${bytesMax} bytes)`)
}

function unreadable(what: string): HindraError {
  return new HindraError('FETCH_FAILED', `the server sent ${what}`)
}

import type { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { Busboy, type BusboyFileStream, type BusboyInstance } from '@fastify/busboy'
import { defined } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { PartLimit } from '../operations/index.ts'

const HEAD_BYTES_MAX = 4 * 1024
const HEAD_FIELDS_MAX = 16

/**
 * The parts of a multipart/form-data body (RFC 7578) by name, whole and in memory: nothing touches a
 * disk. Throws INVALID_INPUT for a part that is not asked for or comes twice, and for what is no such
 * body; TOO_LARGE naming the setting. What follows is not read then.
 *
 * @param bodyBytes how long the body is at most
 */
export async function readForm<Name extends string>(
  body: Readable,
  contentType: string,
  limits: Readonly<Record<Name, PartLimit>>,
  bodyBytes: number,
): Promise<Partial<Record<Name, Uint8Array>>> {
  const parts = new Map<string, Uint8Array>()
  const reading: Promise<void>[] = []
  const parser = openParser(contentType)

  async function read(name: string, part: BusboyFileStream): Promise<void> {
    if (!Object.hasOwn(limits, name))
      throw unreadable('there is a part that the route has no use for')
    if (parts.has(name)) throw unreadable('the part comes twice', name)
    parts.set(name, new Uint8Array())
    parts.set(name, await bytesOf(part, name, limits[name as Name], bodyBytes))
  }

  parser.on('file', (name, part) => {
    // Also where nobody reads it any more, for an error without a listener ends the process.
    part.on('error', () => undefined)
    reading.push(
      read(name, part).catch((cause: unknown) => {
        parser.destroy(cause instanceof HindraError ? cause : unreadable('a part breaks off', name))
      }),
    )
  })
  try {
    // Not by `pipeline`, which aborts what it has done, and so makes an error for each form.
    body.once('error', (cause) => parser.destroy(cause))
    body.once('close', () => {
      if (!body.readableEnded) parser.destroy(unreadable('the body breaks off'))
    })
    await finished(body.pipe(parser))
  } catch (cause) {
    body.unpipe(parser)
    // The parser's own words may quote the body.
    throw cause instanceof HindraError ? cause : unreadable('the body is no multipart/form-data')
  }
  await Promise.all(reading)
  return Object.fromEntries(parts) as Partial<Record<Name, Uint8Array>>
}

function openParser(contentType: string): BusboyInstance {
  try {
    return new Busboy({
      headers: { 'content-type': contentType },
      isPartAFile: () => true,
      limits: { headerPairs: HEAD_FIELDS_MAX, headerSize: HEAD_BYTES_MAX },
    })
  } catch (cause) {
    throw new HindraError('INVALID_INPUT', 'this is no multipart/form-data with a boundary', {
      field: 'content-type',
      cause,
    })
  }
}

async function bytesOf(
  part: AsyncIterable<Buffer>,
  name: string,
  { bytesMax, setting }: PartLimit,
  bodyBytes: number,
): Promise<Uint8Array> {
  let whole: Uint8Array = new Uint8Array()
  let bytes = 0
  for await (const chunk of part) {
    const next = bytes + chunk.length
    if (next > bytesMax) {
      const message = `the part is over ${setting}, ${bytesMax} bytes`
      throw new HindraError('TOO_LARGE', `${name}: ${message}`, { field: name })
    }
    if (next > whole.length) {
      // What is longer than a chunk is put together where it stays, or it would be in memory twice. What nobody writes to
      // takes no memory, but the collector of garbage counts it.
      const longer = Buffer.allocUnsafeSlow(bytes === 0 ? next : Math.min(bytesMax, bodyBytes))
      longer.set(whole)
      whole = longer
    }
    whole.set(chunk, bytes)
    bytes = next
  }
  return whole.subarray(0, bytes)
}

function unreadable(message: string, field?: string): HindraError {
  const place = defined({ field })
  return new HindraError(
    'INVALID_INPUT',
    field === undefined ? message : `${field}: ${message}`,
    place,
  )
}

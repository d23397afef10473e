import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import type { JWK } from 'jose'
import { createSealer, type Random, type Sealer, type SealKeys } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { dataKeyId, keysOf, openWrapped, type StoredPair } from '../store/index.ts'
import { escrowId, openWith } from './escrow.ts'
import {
  type BackupHeader,
  bindingOf,
  damaged,
  LENGTH_BYTES,
  MAGIC,
  PART_BYTES_MAX,
  TRAILER,
  TRAILER_BYTES,
  unpackPairs,
} from './format.ts'

const CHUNK_BYTES = 1024 * 1024
const HEADER_BYTES_MAX = 1024 * 1024

/** What opens a backup: the data key of its time, or a private escrow key. */
export type BackupKey = { readonly dataKey: Uint8Array } | { readonly escrow: JWK }

export interface OpenBackup {
  readonly header: BackupHeader
  /** Keys of the records. */
  readonly keys: SealKeys
  /**
   * Every pair to the end, to be read once. Throws BACKUP_DAMAGED where a part was changed, is missing or was cut off.
   */
  readonly pairs: AsyncIterable<StoredPair>
  close(): Promise<void>
}

/**
 * True where the file is, to the last byte, what was written. Needs no key, and so says nothing of who
 * wrote it.
 */
export async function isWhole(file: string): Promise<boolean> {
  const handle = await open(file, 'r')
  try {
    const { size } = await handle.stat()
    const end = size - TRAILER_BYTES
    if (end < 0) return false
    const hash = createHash('sha256')
    for (let position = 0; position < end; position += CHUNK_BYTES) {
      hash.update(await readAt(handle, position, Math.min(CHUNK_BYTES, end - position)))
    }
    const trailer = (await readAt(handle, end, TRAILER_BYTES)).toString('latin1')
    return trailer === `${TRAILER}${hash.digest('hex')}\n`
  } finally {
    await handle.close()
  }
}

/** Throws BACKUP_DAMAGED, KEY_WRONG (naming the keys that open it), INVALID_INPUT. */
export async function openBackup(
  file: string,
  key: BackupKey,
  random: Random,
): Promise<OpenBackup> {
  if (!(await isWhole(file))) throw damaged('the backup is not whole: it was changed or cut off')
  const handle = await open(file, 'r')
  try {
    const { header, start } = await readHeader(handle)
    const sealer = createSealer(await fileKeyOf(header, key, random), random)
    const parts = readParts(handle, start, header.id, sealer)
    const first = await parts.next()
    if (first.done === true) throw damaged('the backup holds no keys')
    const keys = keysOf(JSON.parse(Buffer.from(first.value).toString('utf8')) as never)
    return { header, keys, pairs: readPairs(parts), close: () => handle.close() }
  } catch (error) {
    await handle.close()
    throw error
  }
}

async function* readPairs(parts: AsyncIterable<Uint8Array>): AsyncGenerator<StoredPair> {
  let count = 0
  // The last part is the count, so each is held back until another follows.
  let held: Uint8Array | undefined
  for await (const part of parts) {
    if (held !== undefined) {
      for (const pair of unpackPairs(held)) {
        yield pair
        count += 1
      }
    }
    held = part
  }
  const end = JSON.parse(Buffer.from(held ?? []).toString('utf8') || '{}') as { pairs?: number }
  if (end.pairs !== count) throw damaged('the backup does not hold as many records as it says')
}

async function* readParts(
  handle: FileHandle,
  start: number,
  id: string,
  sealer: Sealer,
): AsyncGenerator<Uint8Array> {
  let position = start
  for (let number = 0; ; number += 1) {
    const length = (await readAt(handle, position, LENGTH_BYTES)).readUInt32BE()
    position += LENGTH_BYTES
    if (length === 0) return
    if (length > PART_BYTES_MAX) throw damaged('a part of the backup is of no possible length')
    const sealed = await readAt(handle, position, length)
    position += length
    try {
      yield sealer.open(sealed, bindingOf(id, number))
    } catch (cause) {
      throw new HindraError('BACKUP_DAMAGED', `part ${number} of the backup was changed`, { cause })
    }
  }
}

async function readHeader(handle: FileHandle): Promise<{ header: BackupHeader; start: number }> {
  const { size } = await handle.stat()
  const text = (await readAt(handle, 0, Math.min(size, HEADER_BYTES_MAX))).toString('latin1')
  const end = text.indexOf('\n', MAGIC.length)
  if (!text.startsWith(MAGIC) || end < 0) throw damaged('this is no backup of Hindra')
  try {
    return { header: JSON.parse(text.slice(MAGIC.length, end)) as BackupHeader, start: end + 1 }
  } catch (cause) {
    throw new HindraError('BACKUP_DAMAGED', 'the header of the backup cannot be read', { cause })
  }
}

async function fileKeyOf(
  header: BackupHeader,
  key: BackupKey,
  random: Random,
): Promise<Uint8Array> {
  if ('escrow' in key) {
    const id = await escrowId(key.escrow)
    const found = header.escrow.find((entry) => entry.id === id)
    if (found !== undefined) return openWith(key.escrow, found.jwe)
    const ids = header.escrow.map((entry) => entry.id).join(', ') || 'none'
    throw new HindraError('KEY_WRONG', `escrow key ${id}; the backup is opened by: ${ids}`)
  }
  const id = dataKeyId(key.dataKey)
  if (id === header.dataKey.id) return openWrapped(key.dataKey, header.dataKey.sealed, random)
  throw new HindraError(
    'KEY_WRONG',
    `the data key is ${id}; the backup is opened by ${header.dataKey.id}`,
  )
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length)
  const { bytesRead } = await handle.read(bytes, 0, length, position)
  if (bytesRead < length) throw damaged('the backup is cut off')
  return bytes
}

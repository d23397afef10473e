import { type FileHandle, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { MINUTE_MS, systemClock } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { Context } from '../store/index.ts'

const LENGTH_BYTES = 4
const MODE = 0o600

const ID_BYTES = 16
const END = 'end'
const UNFINISHED = '.new'
/** Nobody who still writes a file leaves it alone for so long. */
const LEFT_MS = 10 * MINUTE_MS

/** A part of a sealed file; the name says what it is. */
export interface SealedPart {
  readonly name: string
  readonly bytes: Uint8Array
}

export interface SealedFile {
  /** Written at the beginning: 32 hex digits. */
  readonly id: string
  readonly parts: AsyncGenerator<SealedPart, undefined>
}

export interface WrittenFile {
  readonly id: string
  putInPlace(): Promise<void>
  /** It is not wanted after all. */
  discard(): Promise<void>
}

/**
 * Writes parts to a file beside `file` that nobody else writes to, each sealed and bound to the file's id and to its
 * number, so that none can be changed, dropped, doubled, put elsewhere or brought from another file; the last one says
 * that it is the last. The file is on the disk when this resolves, and not yet in its place.
 */
export async function writeSealedFile(
  file: string,
  { sealer, random }: Pick<Context, 'sealer' | 'random'>,
  parts: AsyncIterable<SealedPart>,
): Promise<WrittenFile> {
  const id = random.bytes(ID_BYTES)
  const hexId = Buffer.from(id).toString('hex')
  const beside = `${file}.${hexId}${UNFINISHED}`
  const discard = () => rm(beside, { force: true })
  const handle = await open(beside, 'w', MODE)
  let number = 0
  try {
    await handle.write(id)
    for await (const part of parts) await append(part)
    await append({ name: END, bytes: new Uint8Array() })
    await handle.sync()
  } catch (error) {
    await discard()
    throw error
  } finally {
    await handle.close()
  }
  return {
    id: hexId,
    async putInPlace() {
      await rename(beside, file)
      const directory = await open(dirname(file), 'r')
      await directory.sync().finally(() => directory.close())
    },
    discard,
  }

  async function append(part: SealedPart): Promise<void> {
    const sealed = sealer.seal(encode(part), bindingOf(hexId, number))
    const length = Buffer.alloc(LENGTH_BYTES)
    length.writeUInt32LE(sealed.length)
    await handle.writev([length, sealed])
    number += 1
  }
}

/** The id of the file, whoever may open it. Throws INDEX_CORRUPT. */
export async function sealedFileId(handle: FileHandle): Promise<string> {
  const { bytesRead, buffer } = await handle.read(Buffer.alloc(ID_BYTES), 0, ID_BYTES, 0)
  if (bytesRead < ID_BYTES) throw cutOff()
  return buffer.toString('hex')
}

/**
 * The parts in the order in which they were written. Reading on throws INDEX_CORRUPT, STORE_CORRUPT
 * or KEY_WRONG where the file is not, to the last byte, what was written under its id.
 */
export async function openSealedFile(
  handle: FileHandle,
  { sealer }: Pick<Context, 'sealer'>,
): Promise<SealedFile> {
  let left = (await handle.stat()).size
  const id = (await read(ID_BYTES)).toString('hex')
  return { id, parts: readParts() }

  async function* readParts(): AsyncGenerator<SealedPart, undefined> {
    for (let number = 0; ; number += 1) {
      const length = (await read(LENGTH_BYTES)).readUInt32LE()
      const part = decode(sealer.open(await read(length), bindingOf(id, number)))
      if (part.name !== END) yield part
      else if (left === 0) return
      else throw new HindraError('INDEX_CORRUPT', 'something follows the end of the saved index')
    }
  }

  async function read(length: number): Promise<Buffer> {
    left -= length
    if (left < 0) throw cutOff()
    const bytes = Buffer.allocUnsafe(length)
    const { bytesRead } = await handle.read(bytes, 0, length)
    if (bytesRead < length) throw cutOff()
    return bytes
  }
}

/** Removes what crashes left unfinished beside the file; others that share the directory may be writing theirs. */
export async function removeUnfinished(file: string): Promise<void> {
  const folder = dirname(file)
  // A directory that is not there has nothing unfinished in it.
  for (const name of await readdir(folder).catch(() => [])) {
    if (!name.startsWith(`${basename(file)}.`) || !name.endsWith(UNFINISHED)) continue
    const path = join(folder, name)
    const found = await stat(path).catch(() => undefined)
    if (found === undefined || systemClock.now() - found.mtimeMs < LEFT_MS) continue
    await rm(path, { force: true })
  }
}

function cutOff(): HindraError {
  return new HindraError('INDEX_CORRUPT', 'the saved index is cut off')
}

function bindingOf(id: string, number: number): string {
  return `sealed-file/${id}/${number}`
}

/** Length of the name (1), name, bytes. */
function encode({ name, bytes }: SealedPart): Uint8Array {
  return Buffer.concat([Buffer.of(name.length), Buffer.from(name), bytes])
}

function decode(plain: Uint8Array): SealedPart {
  const bytes = Buffer.from(plain.buffer, plain.byteOffset, plain.byteLength)
  const start = 1 + bytes.readUInt8(0)
  return { name: bytes.toString('utf8', 1, start), bytes: bytes.subarray(start) }
}

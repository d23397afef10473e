import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { HindraError } from '../errors.ts'
import type { Context } from '../store/index.ts'

const LENGTH_BYTES = 4
const MODE = 0o600

const ID_BYTES = 16
const END = 'end'

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

/**
 * Writes parts to `file`.new, each sealed and bound to the file's id and to its number, so that
 * none can be changed, dropped, doubled, put elsewhere or brought from another file; the last one
 * says that it is the last. The file is on the disk when this resolves, and not yet in its place.
 */
export async function writeSealedFile(
  file: string,
  { sealer, random }: Pick<Context, 'sealer' | 'random'>,
  parts: AsyncIterable<SealedPart>,
): Promise<{ readonly id: string; putInPlace(): Promise<void> }> {
  const beside = newName(file)
  const id = random.bytes(ID_BYTES)
  const hexId = Buffer.from(id).toString('hex')
  const handle = await open(beside, 'w', MODE)
  let number = 0
  try {
    await handle.write(id)
    for await (const part of parts) await append(part)
    await append({ name: END, bytes: new Uint8Array() })
    await handle.sync()
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
  }

  async function append(part: SealedPart): Promise<void> {
    const sealed = sealer.seal(encode(part), bindingOf(hexId, number))
    const length = Buffer.alloc(LENGTH_BYTES)
    length.writeUInt32LE(sealed.length)
    await handle.writev([length, sealed])
    number += 1
  }
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

/** Removes the file and what was not finished beside it. */
export async function removeSealedFile(file: string): Promise<void> {
  await Promise.all([file, newName(file)].map((path) => rm(path, { force: true })))
}

/** Removes what a crash left unfinished. */
export async function removeUnfinished(file: string): Promise<void> {
  await rm(newName(file), { force: true })
}

function cutOff(): HindraError {
  return new HindraError('INDEX_CORRUPT', 'the saved index is cut off')
}

function newName(file: string): string {
  return `${file}.new`
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

import { type FileHandle, open } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import type { FilePosition } from './places.ts'

/** What is compared to tell a file from one that was written anew. */
const TAIL_BYTES = 4_096

/** The file at a path, opened; undefined where it is gone. */
export function openIfThere(path: string): Promise<FileHandle | undefined> {
  return open(path).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  })
}

/** The end of what stands before the place at which a file was left; undefined where it is to be read from its start. */
export async function tailToGoOnFrom(
  handle: FileHandle,
  size: number,
  { position, check }: FilePosition,
): Promise<Buffer | undefined> {
  if (position > size) return undefined
  const tail = await tailBefore(handle, position)
  return checkOf(tail) === check ? tail : undefined
}

/** The check of what stands before a place; undefined where the file was cut meanwhile: then nothing is known of it. */
export async function checkBefore(
  handle: FileHandle,
  position: number,
): Promise<number | undefined> {
  const tail = await tailBefore(handle, position)
  return tail.length === Math.min(position, TAIL_BYTES) ? checkOf(tail) : undefined
}

/** What stands in a file from one place to another, as far as it goes. */
export async function* bytesBetween(
  handle: FileHandle,
  from: number,
  to: number,
  chunkBytes: number,
): AsyncGenerator<Uint8Array> {
  for (let position = from; position < to; ) {
    // Nothing of it is given on but what was read into it.
    const buffer = Buffer.allocUnsafeSlow(Math.min(chunkBytes, to - position))
    const { bytesRead } = await handle.read({ buffer, position })
    if (bytesRead === 0) return
    position += bytesRead
    yield buffer.subarray(0, bytesRead)
  }
}

/** The end of what stands before a place. */
export async function tailBefore(handle: FileHandle, position: number): Promise<Buffer> {
  const length = Math.min(position, TAIL_BYTES)
  const { buffer, bytesRead } = await handle.read({
    buffer: Buffer.alloc(length),
    position: position - length,
  })
  return buffer.subarray(0, bytesRead)
}

/** 16 bits of a checksum. */
function checkOf(tail: Uint8Array): number {
  return crc32(tail) & 0xffff
}

import type { FileHandle } from 'node:fs/promises'
import { crc32 } from 'node:zlib'

/** What is compared to tell a file from one that was written anew. */
const TAIL_BYTES = 4_096

/** What stands in a file from one place to another, as far as it goes. */
export async function* bytesBetween(
  handle: FileHandle,
  from: number,
  to: number,
  chunkBytes: number,
): AsyncGenerator<Uint8Array> {
  for (let position = from; position < to; ) {
    const buffer = Buffer.alloc(Math.min(chunkBytes, to - position))
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

/** Whether a tail is all that can stand before a place: a file may have been cut meanwhile. */
export function isWholeTail(tail: Uint8Array, position: number): boolean {
  return tail.length === Math.min(position, TAIL_BYTES)
}

/** 16 bits of a checksum. */
export function checkOf(tail: Uint8Array): number {
  return crc32(tail) & 0xffff
}

import { ftruncateSync, readSync, writeSync } from 'node:fs'
import { createMemoryFile, type MemoryFile } from '../decode/index.ts'
import { HindraError } from '../errors.ts'

/** Descriptor at which the process finds the memory of its first lane; those of the others follow. */
export const FIRST_MEMORY_FD = 4

/**
 * Memory that this process writes and the other one reads: a fifth of what a pipe costs, which takes every 64 KiB
 * through two streams. Without names, and empty as soon as the file was answered.
 */
export interface HandOver {
  /** Each opens a descriptor for the other process, to be closed here: one a lane, none where there is no such memory. */
  readonly readers: readonly (() => number)[]
  /** Whether the bytes are there; false where there is no room for them, and they have to go another way. */
  put(lane: number, bytes: Uint8Array): boolean
  /** Leaves nothing of the bytes that were put there. */
  empty(lane: number, length: number): void
  close(): void
}

/** Memory that is kept for the next file; larger ones give theirs back. */
const KEPT_BYTES = 4 * 1024 * 1024
const NOTHING = new Uint8Array(KEPT_BYTES)

/** Throws TOO_MANY_FILES. */
export function createHandOver(lanes: number): HandOver {
  const files: MemoryFile[] = []
  try {
    for (let lane = 0; lane < lanes; lane += 1) files.push(createMemoryFile(new Uint8Array()))
  } catch (error) {
    for (const file of files.splice(0)) file.close()
    if (!(error instanceof HindraError) || error.code !== 'SHM_UNAVAILABLE') throw error
  }

  function write(fd: number, bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at, bytes.length - at, at)
  }

  return {
    readers: files.map((file) => file.openReader),
    // Without a wait, in which the descriptor could become another file's: 100 MiB take some 25 ms.
    put(lane, bytes) {
      const file = files[lane]
      if (file === undefined) return false
      try {
        write(file.fd, bytes)
        return true
      } catch {
        // Full: others have it, films among them. What fitted in goes at once.
        ftruncateSync(file.fd)
        return false
      }
    },
    empty(lane, length) {
      const file = files[lane]
      if (file === undefined) return
      if (length > KEPT_BYTES) ftruncateSync(file.fd)
      else write(file.fd, NOTHING.subarray(0, length))
    },
    close() {
      for (const file of files.splice(0)) file.close()
    },
  }
}

/** The other side: the bytes alone in their memory. Of a file that was cancelled they may be short. */
export function takeOver(lane: number, length: number): Uint8Array<ArrayBuffer> {
  // Not of the pool of small buffers, and not filled with zeros that are written over.
  const bytes = new Uint8Array(Buffer.allocUnsafeSlow(length).buffer)
  for (let at = 0; at < length; ) {
    const read = readSync(FIRST_MEMORY_FD + lane, bytes, at, length - at, at)
    if (read === 0) break
    at += read
  }
  return bytes
}

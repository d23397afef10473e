import { closeSync, constants, openSync, statfsSync, writeSync } from 'node:fs'
import { diskCodeOf, HindraError, toHindraError } from '../errors.ts'

/** Linux: asks for an inode without a name (open(2)). Node does not list it. */
const O_TMPFILE = 0o20000000 | constants.O_DIRECTORY
/** statfs(2): the file system lives in memory. */
const TMPFS_MAGIC = 0x01021994

/**
 * Bytes that another process can read and seek as a file, though no file has a name: an unlinked
 * inode of a memory file system, gone when the last descriptor closes. (Node has no memfd_create.)
 */
export interface MemoryFile {
  /** The descriptor that can write. */
  readonly fd: number
  /** A fresh read-only descriptor at offset 0, for a child process. Close it after the spawn. */
  readonly openReader: () => number
  close(): void
}

/**
 * Holds `bytes` in memory under `directory`. Throws SHM_UNAVAILABLE where that is no memory file
 * system or has too little room, TOO_MANY_FILES: the bytes never go to a disk instead.
 *
 * Synchronous: no disk is waited for, and a thread that is woken for each of these steps costs more than
 * they do. What a worker thread has open is closed by Node when that ends.
 */
export function createMemoryFile(bytes: Uint8Array, directory = '/dev/shm'): MemoryFile {
  requireMemory(directory)
  let opened: number | undefined
  try {
    opened = openSync(directory, O_TMPFILE | constants.O_RDWR, 0o600)
    writeAll(opened, bytes)
  } catch (cause) {
    if (opened !== undefined) closeSync(opened)
    if (diskCodeOf(cause) === 'TOO_MANY_FILES') throw toHindraError(cause)
    const message = `${directory} has no room for a file of ${String(bytes.length)} bytes`
    throw new HindraError('SHM_UNAVAILABLE', message, { cause })
  }
  const fd = opened
  return {
    fd,
    openReader: () => openSync(`/proc/self/fd/${String(fd)}`, constants.O_RDONLY),
    close: () => {
      closeSync(fd)
    },
  }
}

/** A descriptor that reads the bytes, which are gone when it and every copy of it are closed. Throws as `createMemoryFile`. */
export function openInMemory(bytes: Uint8Array): number {
  const file = createMemoryFile(bytes)
  try {
    return file.openReader()
  } finally {
    file.close()
  }
}

function requireMemory(directory: string): void {
  if (isInMemory(directory)) return
  throw new HindraError('SHM_UNAVAILABLE', `${directory} is not a memory file system`)
}

/** Whether files there live in memory: tmpfs. */
export function isInMemory(directory: string): boolean {
  try {
    return statfsSync(directory).type === TMPFS_MAGIC
  } catch {
    return false
  }
}

function writeAll(fd: number, bytes: Uint8Array): void {
  let written = 0
  while (written < bytes.length) {
    written += writeSync(fd, bytes, written, bytes.length - written, written)
  }
}

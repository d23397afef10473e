import { constants } from 'node:fs'
import { type FileHandle, open, statfs } from 'node:fs/promises'
import { HindraError } from '../errors.ts'

/** Linux: asks for an inode without a name (open(2)). Node does not list it. */
const O_TMPFILE = 0o20000000 | constants.O_DIRECTORY
/** statfs(2): the file system lives in memory. */
const TMPFS_MAGIC = 0x01021994

/**
 * Bytes that another process can read and seek as a file, though no file has a name: an unlinked
 * inode of a memory file system, gone when the last descriptor closes. (Node has no memfd_create.)
 */
export interface MemoryFile {
  /** A fresh read-only descriptor at offset 0, for a child process. Close it after the spawn. */
  openReader(): Promise<FileHandle>
  /** The descriptor that can write. */
  readonly handle: FileHandle
  close(): Promise<void>
}

/**
 * Holds `bytes` in memory under `directory`. Throws SHM_UNAVAILABLE where that is no memory file
 * system or has too little room: the bytes never go to a disk instead.
 */
export async function createMemoryFile(
  bytes: Uint8Array,
  directory = '/dev/shm',
): Promise<MemoryFile> {
  await requireMemory(directory)
  const handle = await open(directory, O_TMPFILE | constants.O_RDWR, 0o600).catch(unavailable)
  try {
    await writeAll(handle, bytes)
  } catch (cause) {
    await handle.close()
    return unavailable(cause)
  }
  return {
    handle,
    openReader: () => open(`/proc/self/fd/${String(handle.fd)}`, constants.O_RDONLY),
    close: () => handle.close(),
  }

  function unavailable(cause: unknown): never {
    const message = `${directory} has no room for a file of ${String(bytes.length)} bytes`
    throw new HindraError('SHM_UNAVAILABLE', message, { cause })
  }
}

async function requireMemory(directory: string): Promise<void> {
  const type = await statfs(directory).then(
    (stats) => stats.type,
    () => undefined,
  )
  if (type === TMPFS_MAGIC) return
  throw new HindraError('SHM_UNAVAILABLE', `${directory} is not a memory file system`)
}

async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  let written = 0
  while (written < bytes.length) {
    const rest = bytes.length - written
    written += (await handle.write(bytes, written, rest, written)).bytesWritten
  }
}

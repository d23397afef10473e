import { chmodSync, lstatSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { connect } from 'node:net'
import { dirname } from 'node:path'
import { HindraError } from '../errors.ts'

/** `sun_path` of Linux holds 108 bytes with the closing zero. */
const PATH_BYTES_MAX = 107

/**
 * Makes way for a Unix socket: its directory exists with mode 0700, and what a server left behind
 * that was killed is removed. Throws INVALID_CONFIG, or STORE_LOCKED where a server answers.
 */
export async function prepareSocket(path: string): Promise<void> {
  if (Buffer.byteLength(path) > PATH_BYTES_MAX) {
    throw wrong(`is longer than the ${PATH_BYTES_MAX} bytes that a socket's path may have`)
  }
  const directory = dirname(path)
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  // Between listen and chmod only the directory protects the socket.
  if ((statSync(directory).mode & 0o077) !== 0) {
    throw wrong('must lie in a directory of mode 0700')
  }
  const left = lstatSync(path, { throwIfNoEntry: false })
  if (left === undefined) return
  if (!left.isSocket()) throw wrong('names a file that is no socket')
  if (await isAnswered(path)) {
    throw new HindraError('STORE_LOCKED', 'another server answers at the socket')
  }
  rmSync(path, { force: true })
}

/** Closes the socket to all but the owner. */
export function closeToOthers(path: string): void {
  chmodSync(path, 0o600)
}

/** True where a process accepts connections at the socket. */
function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => {
      resolve(false)
    })
  })
}

function wrong(problem: string): HindraError {
  return new HindraError('INVALID_CONFIG', `server.socket ${problem}`)
}

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync } from 'node:fs'
import { Readable } from 'node:stream'
import { defined } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { Deadline } from './deadline.ts'
import { findProgram } from './ffmpeg-path.ts'
import { openInMemory } from './memory-file.ts'
import { startError } from './start-error.ts'

/** A film decoder that runs apart, so that what breaks it breaks nothing else. */
export interface DecoderProcess {
  readonly stdout: Readable
  /** What the child writes to descriptor 4. */
  readonly side: Readable
  /**
   * Waits for its end; whether it came to it without an error. Throws DECODE_TIMEOUT, MEDIA_LIMIT, MEDIA_CORRUPT when it crashed, or
   * FFMPEG_MISSING when it is not there; TOO_MANY_FILES and OVERLOADED where the system has nothing left
   * for it.
   */
  end(): Promise<boolean>
  /** Kills it where it still runs; resolves when it is reaped. */
  stop(): Promise<void>
}

/** Descriptor that the child may write to, besides its standard output. */
export const SIDE_FD = 4
/** Frames at the default pixel limit, sixteen of them for reference, fit in. */
const ADDRESS_SPACE_BYTES = 4 * 1024 ** 3
/**
 * The exit codes of a shell, setpriv, prlimit and the dynamic loader for what was found but is not to be run, and for what was
 * not found.
 */
const NOT_STARTED = [126, 127]
const COMPLAINT_OF_SIZE = 'exceeds specified max pixel count'

/**
 * Starts `program` with the film at descriptor 3 as a memory file. It gets no environment but the
 * library path, writes no file (file size limit 0), dumps no core, and ends at the deadline, or with the thread that
 * started it.
 */
export function startDecoder(
  program: string,
  args: readonly string[],
  film: Uint8Array,
  deadline: Deadline,
): DecoderProcess {
  const reader = openInMemory(film)
  const [command = program, ...rest] = [...confinement(deadline), program, ...args]
  const child = spawn(command, rest, {
    cwd: '/',
    env: libraryPath(),
    stdio: ['ignore', 'pipe', 'pipe', reader, 'pipe'],
  })
  // Where there are no descriptors left Node makes no pipes, whatever its types say.
  const isStarted = child.pid !== undefined
  const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
  // A failed start is told by `end`, which nobody may have asked for yet.
  exited.catch(() => undefined)
  closeSync(reader)
  if (!isStarted) return neverStarted(exited)
  return superviseDecoder(child, exited, deadline)
}

/** What the system refused to start: it is told why, and not that of the film. */
function neverStarted(exited: Promise<unknown>): DecoderProcess {
  const nothing = () => Readable.from([])
  return {
    stdout: nothing(),
    side: nothing(),
    async end() {
      await exited.catch((cause: unknown) => {
        throw decoderStartError(cause)
      })
      return false
    },
    stop: () => Promise.resolve(),
  }
}

function decoderStartError(cause: unknown): HindraError {
  const { code = '' } = cause as NodeJS.ErrnoException
  return code === 'ENOENT' || code === 'EACCES'
    ? new HindraError('FFMPEG_MISSING', 'the film decoder cannot be run', { cause })
    : startError(cause, `the film decoder could not be started: ${code}`)
}

function superviseDecoder(
  child: ChildProcess,
  exited: Promise<[number | null, NodeJS.Signals | null]>,
  deadline: Deadline,
): DecoderProcess {
  const { stdout, stderr } = child
  const side = child.stdio[SIDE_FD]
  if (stdout === null || stderr === null || !(side instanceof Readable)) {
    throw new HindraError('INTERNAL', 'the film decoder has no pipes')
  }
  const complains = says(stderr, COMPLAINT_OF_SIZE).catch(() => false)
  let late = false
  const timer = setTimeout(() => {
    late = true
    child.kill('SIGKILL')
  }, deadline.remainingMs())
  const ended = exited.finally(() => {
    clearTimeout(timer)
  })
  ended.catch(() => undefined)
  return {
    stdout,
    side,
    async end() {
      const [code, signal] = await ended
      if (code !== null && NOT_STARTED.includes(code)) {
        throw new HindraError('FFMPEG_MISSING', 'the film decoder is there but cannot be run')
      }
      if (late || signal === 'SIGXCPU') throw deadline.error()
      if (signal === 'SIGKILL') {
        throw new HindraError('OVERLOADED', 'the system ended the film decoder: memory is short')
      }
      if (signal !== null) throw new HindraError('MEDIA_CORRUPT', 'the film crashed its decoder')
      if (await complains) {
        throw new HindraError('MEDIA_LIMIT', 'a frame of the film is over decode.pixelsMax')
      }
      return code === 0
    },
    async stop() {
      child.kill('SIGKILL')
      for (const stream of [stdout, stderr, side]) stream.destroy()
      await ended.catch(() => undefined)
    },
  }
}

/** Reads it to its end and keeps next to nothing of it: a hostile film makes ffmpeg talk without end. */
async function says(output: Readable, words: string): Promise<boolean> {
  let isSaid = false
  let before = ''
  for await (const chunk of output.setEncoding('latin1') as AsyncIterable<string>) {
    if (isSaid) continue
    const heard = before + chunk
    isSaid = heard.includes(words)
    before = heard.slice(-words.length)
  }
  return isSaid
}

/** util-linux's setpriv and prlimit, where they are there; each replaces itself by the command that follows. */
function confinement(deadline: Deadline): readonly string[] {
  return [...untilParentEnds(), ...withinLimits(deadline)]
}

/** Whether setpriv can do it: that of busybox cannot. Asked once, by the first film. */
let canEndWithParent: boolean | undefined

/** Whoever waits for a decoder may be ended in the middle: a thread by the pool, its process by anybody. */
function untilParentEnds(): readonly string[] {
  const setpriv = findProgram('setpriv')
  if (setpriv === undefined) return []
  const words = ['--pdeathsig', 'KILL', '--']
  if (canEndWithParent === undefined) {
    const { status } = spawnSync(setpriv, [...words, setpriv, '--version'], { stdio: 'ignore' })
    // What could not be started now may be later.
    if (status === null) return []
    canEndWithParent = status === 0
  }
  return canEndWithParent ? [setpriv, ...words] : []
}

function withinLimits(deadline: Deadline): readonly string[] {
  const cpuSeconds = String(Math.ceil(deadline.limitSeconds) + 1)
  const space = String(ADDRESS_SPACE_BYTES)
  return withoutCore(`--as=${space}`, `--cpu=${cpuSeconds}`, '--fsize=0')
}

/**
 * The words before a command that is to leave no image of its memory, which holds media, on any disk where it crashes.
 *
 * @param limits What it is kept to besides, in the words of util-linux's prlimit; nothing is where that is not there
 */
export function withoutCore(...limits: readonly string[]): readonly string[] {
  const prlimit = findProgram('prlimit')
  return prlimit === undefined ? [] : [prlimit, ...limits, '--core=0', '--']
}

function libraryPath(): NodeJS.ProcessEnv {
  const path = process.env['LD_LIBRARY_PATH']
  return defined({ LD_LIBRARY_PATH: path })
}

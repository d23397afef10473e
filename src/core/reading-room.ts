import { once } from 'node:events'
import { type Transferable, Worker } from 'node:worker_threads'
import { type ErrorCode, HindraError } from '../errors.ts'
import { SECOND_MS } from './clock.ts'
import type { WorkerFile } from './worker-file.ts'

/** What one text may take. */
export interface ReadingLimits {
  /** Wall time, from when the thread has the text. */
  readonly secondsMax: number
  /** JavaScript heap of the thread. */
  readonly memoryMib: number
}

/**
 * A thread that reads what strangers wrote, one text after the other: text in, plain data out. Whatever a text
 * does to its parser, the thread that holds keys and answers requests goes on.
 */
export interface ReadingRoom<Text, Read> {
  /**
   * Throws what the parser refuses with; `unreadable` where the text passes a limit or ends the thread, which is
   * replaced; WORKER_NOT_STARTED and OVERLOADED (the room closes), which say nothing of the text.
   */
  read(text: Text, moved?: readonly Transferable[]): Promise<Read>
  close(): Promise<void>
}

export interface ReadingRoomOptions {
  /** Answers by `serveReadingRoom`. */
  readonly worker: WorkerFile
  readonly limits: ReadingLimits
  readonly unreadable: ErrorCode
}

/** Errors lose their type on the way. */
export type RoomAnswer =
  | { readonly read: unknown }
  | { readonly refusal: { readonly code: ErrorCode; readonly message: string } }

interface ReadingThread {
  readonly worker: Worker
  /** Rejects when it has ended, however it did. */
  readonly gone: Promise<never>
  /** Before that it must not be ended: Node aborts the whole process when a thread ends while it loads. */
  readonly loaded: Promise<unknown>
}

/**
 * The thread starts with the first text, has no environment and keeps no process alive while it reads nothing.
 * Whoever asks holds a turn of its own (a request, a look, a round of the inbox), so texts wait without a limit
 * here.
 */
export function createReadingRoom<Text, Read>(
  options: ReadingRoomOptions,
): ReadingRoom<Text, Read> {
  const { worker: file, limits, unreadable } = options
  let current: ReadingThread | undefined
  let isClosed = false
  let last: Promise<unknown> = Promise.resolve()
  let ended: Promise<unknown> = Promise.resolve()

  function start(): ReadingThread {
    const worker = new Worker(file.url, {
      execArgv: [...file.execArgv],
      resourceLimits: { maxOldGenerationSizeMb: limits.memoryMib },
      env: {},
    })
    const gone = Promise.race([
      once(worker, 'exit').then(() => Promise.reject(new Error('the thread ended'))),
      once(worker, 'error').then(([cause]) => Promise.reject(cause as Error)),
    ])
    const thread = { worker, gone, loaded: Promise.race([once(worker, 'message'), gone]) }
    const leave = () => {
      drop(thread)
    }
    gone.catch(leave)
    thread.loaded.catch(leave)
    return thread
  }

  function drop(thread: ReadingThread): void {
    if (current !== thread) return
    current = undefined
    ended = Promise.all([ended, end(thread)])
  }

  async function end({ worker, loaded }: ReadingThread): Promise<void> {
    worker.ref()
    await loaded.catch(() => undefined)
    await worker.terminate()
  }

  async function started(): Promise<ReadingThread> {
    try {
      if (!isClosed) current ??= start()
      const thread = current
      thread?.worker.ref()
      await thread?.loaded
      // Closed now, or while it loaded.
      if (thread !== undefined && thread === current) return thread
    } catch (cause) {
      throw new HindraError('WORKER_NOT_STARTED', 'no thread could start that reads', { cause })
    }
    throw closing()
  }

  async function readNext(text: Text, moved: readonly Transferable[]): Promise<Read> {
    const thread = await started()
    const { worker, gone } = thread
    const limit = timeLimit()
    let answer: RoomAnswer
    try {
      const answered = once(worker, 'message') as Promise<[RoomAnswer]>
      worker.postMessage(text, moved)
      ;[answer] = await Promise.race([answered, gone, limit.passed])
    } catch (cause) {
      drop(thread)
      throw isClosed ? closing() : lost(cause)
    } finally {
      limit.stop()
    }
    worker.unref()
    if ('read' in answer) return answer.read as Read
    throw new HindraError(answer.refusal.code, answer.refusal.message)
  }

  function timeLimit(): { readonly passed: Promise<never>; stop(): void } {
    const { secondsMax } = limits
    let timer: NodeJS.Timeout | undefined
    const passed = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        reject(new HindraError(unreadable, `it took over ${secondsMax} s to read`))
      }, secondsMax * SECOND_MS)
    })
    return {
      passed,
      stop: () => {
        clearTimeout(timer)
      },
    }
  }

  function lost(cause: unknown): HindraError {
    if (cause instanceof HindraError) return cause
    const isFull = (cause as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY'
    const why = isFull ? `it took over ${limits.memoryMib} MiB` : 'it ended the thread that read it'
    return new HindraError(unreadable, why, { cause })
  }

  return {
    read(text, moved = []) {
      const read = last.then(() => readNext(text, moved))
      last = read.catch(() => undefined)
      return read
    },
    async close() {
      isClosed = true
      if (current !== undefined) drop(current)
      await ended
    },
  }
}

function closing(): HindraError {
  return new HindraError('OVERLOADED', 'the readers are closing')
}

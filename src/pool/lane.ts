import { once } from 'node:events'
import { Piscina } from 'piscina'
import { SECOND_MS, type WorkerFile } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { MemoryBudget, MemoryAllotment } from './pixel-memory.ts'
import type { PoolAnswer, PoolTask } from './task.ts'

/** A task as it is given to a lane. */
export type LaneTask<Bytes extends Uint8Array = Uint8Array> = Omit<PoolTask, 'memory' | 'bytes'> & {
  readonly bytes: Bytes
}

/** One worker thread, which is replaced when it is lost. Takes one task at a time. */
export interface Lane<Bytes extends Uint8Array = Uint8Array> {
  /**
   * Throws WORKER_NOT_STARTED (no fault of the file), WORKER_DIED, DECODE_TIMEOUT or the signal's reason; the worker is gone in each case,
   * whatever it was stuck in.
   */
  readonly run: (task: LaneTask<Bytes>, signal?: AbortSignal) => Promise<PoolAnswer>
  readonly close: () => Promise<void>
}

export interface LaneOptions {
  readonly worker: WorkerFile
  /** JavaScript heap of the worker. */
  readonly memoryMib: number
  /** Shared with the other lanes. */
  readonly memory: MemoryBudget
  /** Wall time for one task. */
  readonly seconds: number
}

/**
 * A lane has a piscina of its own and drops it together with a lost worker: one piscina for all
 * would stop replacing workers for good once a worker ends before it is ready, as the replacement
 * of an aborted one can.
 *
 * Takes the bytes of a task over, which are alone in their memory: they move to the worker.
 *
 * The worker is started by its first task, and not ended before it has loaded: Node aborts the whole
 * process when a thread ends in the middle of that (seen in 1 of 60 commands that closed at once).
 */
export function createLane({
  worker,
  memoryMib,
  memory,
  seconds,
}: LaneOptions): Lane<Uint8Array<ArrayBuffer>> {
  let current: Piscina<PoolTask, PoolAnswer> | undefined
  /** When its worker has loaded its modules, and may be ended. */
  const loaded = new WeakMap<Piscina, Promise<unknown>>()
  const ready = new WeakSet<Piscina>()
  /** The allotment of each worker, so that what one holds that is ended comes back. */
  const shares = new WeakMap<Piscina, MemoryAllotment>()
  let ended: Promise<unknown> = Promise.resolve()

  function start(): Piscina<PoolTask, PoolAnswer> {
    const piscina = new Piscina<PoolTask, PoolAnswer>({
      filename: worker.url.href,
      execArgv: [...worker.execArgv],
      minThreads: 0,
      maxThreads: 1,
      idleTimeout: Number.POSITIVE_INFINITY,
      resourceLimits: { maxOldGenerationSizeMb: memoryMib },
      // Else a worker sleeps between tasks and what a film leaves behind (exits of its decoder) waits.
      atomics: 'disabled',
      recordTiming: false,
    })
    // It loaded; it could not; or it went away while it did.
    const events = ['workerCreate', 'error', 'workerDestroy']
    loaded.set(piscina, Promise.race(events.map((event) => once(piscina, event).catch(() => []))))
    piscina.once('workerCreate', () => ready.add(piscina))
    // Died between two tasks: nobody's file is lost.
    piscina.on('error', () => {
      drop(piscina)
    })
    return piscina
  }

  function shareOf(piscina: Piscina): MemoryAllotment {
    const share = shares.get(piscina) ?? memory.share()
    shares.set(piscina, share)
    return share
  }

  function drop(piscina: Piscina): void {
    if (current === piscina) current = undefined
    ended = Promise.all([ended, end(piscina)])
  }

  async function end(piscina: Piscina): Promise<void> {
    await loaded.get(piscina)
    await piscina.destroy()
    const share = shares.get(piscina)
    if (share !== undefined) memory.takeBack(share)
  }

  return {
    async run(task, signal) {
      signal?.throwIfAborted()
      const piscina = (current ??= start())
      const stop = () => {
        drop(piscina)
      }
      const limit = { isOver: false }
      const timer = setTimeout(() => {
        limit.isOver = true
        stop()
      }, seconds * SECOND_MS)
      signal?.addEventListener('abort', stop)
      try {
        const share = shareOf(piscina)
        return await piscina.run({ ...task, memory: share }, { transferList: [task.bytes.buffer] })
      } catch (cause) {
        stop()
        signal?.throwIfAborted()
        if (!ready.has(piscina)) {
          throw new HindraError('WORKER_NOT_STARTED', 'the worker could not start', { cause })
        }
        throw limit.isOver
          ? new HindraError('DECODE_TIMEOUT', `hashing took over ${seconds} s`, { cause })
          : new HindraError('WORKER_DIED', 'the worker died over this file', { cause })
      } finally {
        clearTimeout(timer)
        signal?.removeEventListener('abort', stop)
      }
    },
    async close() {
      if (current !== undefined) drop(current)
      await ended
    },
  }
}

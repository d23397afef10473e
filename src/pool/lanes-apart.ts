import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ERRORS, HindraError } from '../errors.ts'
import {
  type WorkerProcess,
  type Orders,
  ProcessEnded,
  startWorkerProcess,
} from './worker-process.ts'
import type { Lane, LaneOptions } from './lane.ts'
import type { PoolAnswer, PoolTask } from './task.ts'

type Task = Omit<PoolTask, 'memory'>

/**
 * Lanes whose threads live in a process apart, which holds no key, no store and no way out: what breaks a decoder
 * breaks it alone. The first task starts it. Where it ends over several files each is tried again by itself, so that none
 * pays for another.
 *
 * @param model The folder of the learned model, which it may read
 */
export function createLanesApart(
  orders: Omit<Orders, 'worker'> & Pick<LaneOptions, 'worker'>,
  model?: string,
): readonly Lane[] {
  const readable = [
    dirname(fileURLToPath(orders.worker.url)),
    ...(model === undefined ? [] : [model]),
  ]
  let current: WorkerProcess | undefined
  /** Tasks that are tried one at a time; all others wait for them. */
  let suspects: Promise<unknown> = Promise.resolve()

  function ask(lane: number, task: Task, signal?: AbortSignal): Promise<PoolAnswer> {
    if (current === undefined || current.hasEnded) current = startWorkerProcess(orders, readable)
    return current.ask(lane, task, signal)
  }

  /** Tries a suspect task by itself, so that the end of the process is its own. */
  function suspect(lane: number, task: Task, signal?: AbortSignal): Promise<PoolAnswer> {
    const turn = suspects.then(() => {
      signal?.throwIfAborted()
      return ask(lane, task, signal)
    })
    suspects = turn.catch(() => undefined)
    return turn
  }

  async function untried(): Promise<void> {
    for (let seen; seen !== suspects; ) {
      seen = suspects
      await seen
    }
  }

  async function run(lane: number, task: Task, signal?: AbortSignal): Promise<PoolAnswer> {
    await untried()
    signal?.throwIfAborted()
    try {
      return await ask(lane, task, signal)
    } catch (cause) {
      if (!(cause instanceof ProcessEnded)) throw cause
      if (cause.how.wasAlone || cause.how.wasLate) throw blamed(cause, orders.seconds)
      return suspect(lane, task, signal).catch((again: unknown) => {
        throw again instanceof ProcessEnded ? blamed(again, orders.seconds) : again
      })
    }
  }

  return Array.from({ length: orders.lanes }, (_, lane) => ({
    run: async (task, signal) => checked(await run(lane, task, signal)),
    async close() {
      await current?.end()
    },
  }))
}

function blamed(cause: ProcessEnded, seconds: number): HindraError {
  if (!cause.how.hadStarted) {
    return new HindraError('WORKER_NOT_STARTED', 'the decoding process could not start', { cause })
  }
  if (cause.how.wasLate) {
    return new HindraError('DECODE_TIMEOUT', `hashing took over ${seconds} s`, { cause })
  }
  return cause.how.signal === 'SIGKILL'
    ? new HindraError('OVERLOADED', 'the system ended the decoding process: memory is short', {
        cause,
      })
    : new HindraError('WORKER_DIED', 'the decoding process died over this file', { cause })
}

/** A code that this process has no entry for would break whoever answers by it. */
function checked(answer: PoolAnswer): PoolAnswer {
  if (!('refusal' in answer) || Object.hasOwn(ERRORS, answer.refusal.code)) return answer
  throw new HindraError('WORKER_DIED', 'the decoding process answered what it cannot')
}

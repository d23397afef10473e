import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { HindraError, isErrorCode } from '../errors.ts'
import {
  type WorkerProcess,
  type Orders,
  ProcessEnded,
  startWorkerProcess,
} from './worker-process.ts'
import type { Lane, LaneOptions, LaneTask } from './lane.ts'
import type { PoolAnswer } from './task.ts'

/**
 * What decoders hold back grows with every odd file, slowly: after so many tasks a new process begins. That takes 2 s of CPU
 * time, until all workers have compiled what they run; so a file of which native code read the luma, and no decoder anything,
 * counts for a tenth.
 */
const TASKS_MAX = 4_000
const LUMA_SHARE = 0.1

/**
 * Lanes whose threads live in a process apart, which holds no key, no store and no way out: what breaks a decoder
 * breaks it alone. The first task starts it, and after many it is replaced. Where it ends over several files each is tried
 * again by itself, so that none pays for another.
 *
 * @param model The folder of the learned model, which it may read
 * @param tasksMax After so many a process is replaced, once it is idle
 */
export function createLanesApart(
  orders: Omit<Orders, 'worker'> & Pick<LaneOptions, 'worker'>,
  model?: string,
  tasksMax = TASKS_MAX,
): readonly Lane[] {
  const readable = [
    dirname(fileURLToPath(orders.worker.url)),
    ...(model === undefined ? [] : [model]),
  ]
  let current: WorkerProcess | undefined
  /** Tasks that are tried one at a time; all others wait for them. */
  let suspects: Promise<unknown> = Promise.resolve()

  let tasks = 0
  let working = 0
  /** A process that has done its share ends once nothing is worked on; all new tasks wait for that. */
  let retiring: { readonly done: Promise<void>; readonly resolve: () => void } | undefined

  async function ask(lane: number, task: LaneTask, signal?: AbortSignal): Promise<PoolAnswer> {
    if (current === undefined || current.hasEnded) {
      current = startWorkerProcess(orders, readable)
      tasks = 0
    }
    tasks += 1
    working += 1
    const asked = current
    try {
      const answer = await asked.ask(lane, task, signal)
      if (asked === current && isOfLuma(answer)) tasks -= 1 - LUMA_SHARE
      return answer
    } finally {
      working -= 1
      retireIfIdle()
    }
  }

  /** Two processes at once would hold twice the memory that decoding may take. */
  async function room(): Promise<void> {
    if (tasks >= tasksMax && retiring === undefined) {
      let resolve = (): void => undefined
      const done = new Promise<void>((settle) => {
        resolve = settle
      })
      retiring = { done, resolve }
      retireIfIdle()
    }
    await retiring?.done
  }

  function retireIfIdle(): void {
    if (retiring === undefined || working > 0) return
    const { resolve } = retiring
    const process = current
    // Whoever comes now starts another one: a task in a process that is being ended would be blamed for that.
    current = undefined
    tasks = 0
    void (process?.end() ?? Promise.resolve()).then(() => {
      retiring = undefined
      resolve()
    })
  }

  /** Tries a suspect task by itself, so that the end of the process is its own. */
  function suspect(lane: number, task: LaneTask, signal?: AbortSignal): Promise<PoolAnswer> {
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

  async function run(lane: number, task: LaneTask, signal?: AbortSignal): Promise<PoolAnswer> {
    await untried()
    await room()
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
      await Promise.all([current?.end(), retiring?.done])
    },
  }))
}

function isOfLuma(answer: PoolAnswer): boolean {
  return 'fingerprint' in answer && answer.fingerprint.hasher === 'pdq-dc'
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
  if (!('refusal' in answer) || isErrorCode(answer.refusal.code)) return answer
  throw new HindraError('WORKER_DIED', 'the decoding process answered what it cannot')
}

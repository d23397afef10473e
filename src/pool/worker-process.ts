import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, writeFileSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { SECOND_MS, workerFile } from '../core/index.ts'
import { withoutCore } from '../decode/index.ts'
import { HindraError } from '../errors.ts'
import { confinementOf } from './confinement.ts'
import { createHandOver, type HandOver } from './hand-over.ts'
import type { LaneOptions, LaneTask } from './lane.ts'
import { type PipeLine, readPipeLines, writePipeLine } from './pipe-lines.ts'
import type { PoolAnswer, PoolTask } from './task.ts'
import { readAnswer, type WrittenAnswer } from './written-answer.ts'

/** How long one answer may be: thousands of frames of a film, or the features of a picture. */
const ANSWER_BYTES_MAX = 64 * 1024 * 1024
/** Beyond what its lanes allow a task: whatever holds the process is ended with it. */
const MARGIN_SECONDS = 10
/** proc_pid_oom_score_adj(5): half of all memory counts as taken beside what is. */
const OOM_SCORE = 500
/** What decoding asks of its surroundings, none of it a secret. */
const SURROUNDINGS = new Set([
  ...['PATH', 'LD_LIBRARY_PATH', 'UV_THREADPOOL_SIZE'],
  ...['HINDRA_FFMPEG', 'HINDRA_KERNEL'],
])

/** What the process is told first. */
export interface Orders extends Omit<LaneOptions, 'memory' | 'worker'> {
  readonly lanes: number
  /** The memory for all that is decoded at once. */
  readonly decodeMib: number
  readonly worker: { readonly url: string; readonly execArgv: readonly string[] }
}

/** What it is told of a task; or that nobody waits for it any more. */
export type Order =
  | {
      readonly id: number
      readonly lane: number
      readonly task: Omit<PoolTask, 'memory' | 'bytes'>
      /** How many bytes lie in the lane's memory; absent where they follow. */
      readonly inMemory?: number
    }
  | { readonly id: number; readonly cancelled: true }

/** What it answers, a line each; the first line says that it is ready. */
export interface AnsweredTask {
  readonly id: number
  readonly answer: WrittenAnswer
}

interface Ending {
  /** Nothing else was worked on, so that it is this file's fault. */
  readonly wasAlone: boolean
  readonly hadStarted: boolean
  /** Whether it was this file that took too long. */
  readonly wasLate: boolean
  readonly signal: NodeJS.Signals | null
}

/** The process is gone, and with it what it worked on. */
export class ProcessEnded extends Error {
  readonly how: Ending

  constructor(how: Ending) {
    super('the decoding process ended')
    this.how = how
  }
}

/** A process of worker threads without keys, store, network or environment. */
export interface WorkerProcess {
  /** Rejects with ProcessEnded, or the signal's reason. */
  ask(lane: number, task: LaneTask, signal: AbortSignal | undefined): Promise<PoolAnswer>
  readonly hasEnded: boolean
  end(): Promise<void>
}

interface Asked {
  readonly resolve: (answer: PoolAnswer) => void
  readonly reject: (error: Error) => void
  wasLate: boolean
}

export function startWorkerProcess(
  orders: Omit<Orders, 'worker'> & Pick<LaneOptions, 'worker'>,
  readable: readonly string[],
): WorkerProcess {
  const handOver = createHandOver(orders.lanes)
  const child = startOrClose(handOver, () => spawnConfined(readable, handOver))
  const { stdin, stdout } = child
  const asked = new Map<number, Asked>()
  const state = { lastId: 0, hasStarted: false, hasEnded: false }

  const ended = once(child, 'close').then(
    ([, signal]) => {
      lose(signal as NodeJS.Signals | null)
    },
    () => {
      lose(null)
    },
  )
  // It says why it ended by ending.
  stdin.on('error', () => undefined)
  writePipeLine(stdin, { ...orders, worker: { ...orders.worker, url: orders.worker.url.href } })
  void hear(stdout)

  function lose(signal: NodeJS.Signals | null): void {
    state.hasEnded = true
    handOver.close()
    const wasAlone = asked.size === 1
    for (const { reject, wasLate } of asked.values()) {
      reject(new ProcessEnded({ wasAlone, hadStarted: state.hasStarted, wasLate, signal }))
    }
    asked.clear()
  }

  /** What it says is what an attacker may say who has taken it over. */
  async function hear(source: Readable): Promise<void> {
    try {
      for await (const line of readPipeLines(source, ANSWER_BYTES_MAX)) {
        if (state.hasStarted) take(line)
        else state.hasStarted = true
      }
    } catch {
      child.kill('SIGKILL')
    }
  }

  function take({ head, payload }: PipeLine): void {
    const { id, answer } = head as AnsweredTask
    asked.get(id)?.resolve(readAnswer(answer, payload))
    asked.delete(id)
  }

  /** Resolves when it is answered; whoever cancels it waits no longer. */
  function answerTo(order: Order, bytes: Uint8Array | undefined, signal?: AbortSignal) {
    const { id } = order
    return new Promise<PoolAnswer>((resolve, reject) => {
      const one: Asked = {
        wasLate: false,
        resolve(answer) {
          done()
          resolve(answer)
        },
        reject(error) {
          done()
          reject(error)
        },
      }
      const late = (): void => {
        one.wasLate = true
        child.kill('SIGKILL')
      }
      const timer = setTimeout(late, (orders.seconds + MARGIN_SECONDS) * SECOND_MS)
      const cancel = (): void => {
        asked.delete(id)
        writePipeLine(stdin, { id, cancelled: true } satisfies Order)
        one.reject(signal?.reason as Error)
      }
      const done = (): void => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', cancel)
      }
      signal?.addEventListener('abort', cancel)
      asked.set(id, one)
      writePipeLine(stdin, order, bytes === undefined ? [] : [bytes])
    })
  }

  return {
    get hasEnded() {
      return state.hasEnded
    },
    async ask(lane, { bytes, ...task }, signal) {
      const id = (state.lastId += 1)
      if (!handOver.put(lane, bytes)) return answerTo({ id, lane, task }, bytes, signal)
      try {
        return await answerTo({ id, lane, task, inMemory: bytes.length }, undefined, signal)
      } finally {
        handOver.empty(lane, bytes.length)
      }
    },
    async end() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

function spawnConfined(readable: readonly string[], handOver: HandOver) {
  const file = workerFile('apart', import.meta.url)
  const confinement = confinementOf(readable)
  const main = fileURLToPath(file.url)
  const node = [process.execPath, ...collectorFlags(), ...file.execArgv]
  const words = [...withoutCore(), ...confinement.words, ...node, main]
  const [command = process.execPath, ...rest] = words
  const handed: (number | 'ignore')[] = []
  try {
    handed.push(confinement.openFilter())
    for (const openReader of handOver.readers) handed.push(openReader())
    const child = spawn(command, rest, {
      cwd: '/',
      env: surroundings(),
      stdio: ['pipe', 'pipe', 'ignore', ...handed],
    })
    // That it could not start is told by `withPipes`, or by its end.
    child.on('error', () => undefined)
    letEndFirst(child)
    return withPipes(child)
  } finally {
    for (const fd of handed) if (fd !== 'ignore') closeSync(fd)
  }
}

/**
 * Where memory runs out the system ends this process, or a decoder that it has started, and not the server: a file is
 * refused then, and that is all.
 */
function letEndFirst({ pid }: ChildProcess): void {
  try {
    writeFileSync(`/proc/${String(pid)}/oom_score_adj`, String(OOM_SCORE))
  } catch {
    // No Linux, or it has ended: the system chooses.
  }
}

/** What does not start leaves no descriptor behind: where there are too few, that would make it last. */
function startOrClose<T>(handOver: HandOver, start: () => T): T {
  try {
    return start()
  } catch (error) {
    handOver.close()
    throw error
  }
}

/** The flags that give the process as much room as this one was given: it decodes for it. */
function collectorFlags(): readonly string[] {
  return process.execArgv.filter((flag) =>
    /^--(max-semi-space-size|heap-growing-percent)=/.test(flag),
  )
}

function withPipes(child: ChildProcess) {
  const { stdin, stdout } = child
  if (stdin === null || stdout === null) {
    throw new HindraError('OVERLOADED', 'the decoding process could not be started')
  }
  return Object.assign(child, { stdin, stdout })
}

function surroundings(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => SURROUNDINGS.has(name)))
}

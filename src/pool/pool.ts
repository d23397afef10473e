import { availableParallelism } from 'node:os'
import { Piscina } from 'piscina'
import type { Config } from '../config.ts'
import { SECOND_MS, workerFile } from '../core/index.ts'
import type { DecodeLimits } from '../decode/index.ts'
import { HindraError } from '../errors.ts'
import type { Fingerprint } from '../fingerprint/index.ts'
import type { PoolAnswer } from './task.ts'
import { createTurns } from './turns.ts'

/** Beyond the decoder's own limit: starting a worker takes time on a busy machine. */
const MARGIN_SECONDS = 15

/** Worker threads that turn bytes into fingerprints. */
export interface Pool {
  /**
   * Takes the bytes over: where they fill their own ArrayBuffer it is transferred, and the
   * caller's view is empty afterwards; else they are copied once.
   *
   * Throws OVERLOADED (too many wait), DECODE_TIMEOUT (its worker is replaced), WORKER_DIED (out
   * of memory, native crash: replaced too, no other file is touched), and what
   * `fingerprintMedia` throws.
   */
  fingerprint(bytes: Uint8Array): Promise<Fingerprint>
  /** Files that wait for a worker. */
  readonly queued: number
  /** Waits for what is under way. */
  close(): Promise<void>
}

export interface PoolOptions {
  readonly settings: Config['pool']
  readonly limits: DecodeLimits
  /** What the workers run; the tests bring one that misbehaves. */
  readonly worker?: ReturnType<typeof workerFile>
}

export function createPool({ settings, limits, worker }: PoolOptions): Pool {
  const threads = settings.threads === 0 ? availableParallelism() : settings.threads
  const { url, execArgv } = worker ?? workerFile('worker', import.meta.url)
  const piscina = new Piscina<{ bytes: Uint8Array; limits: DecodeLimits }, PoolAnswer>({
    filename: url.href,
    execArgv: [...execArgv],
    minThreads: threads,
    maxThreads: threads,
    resourceLimits: { maxOldGenerationSizeMb: settings.memoryMib },
  })
  const turns = createTurns(threads, settings.queueMax)
  const timeoutMs = (limits.secondsMax + MARGIN_SECONDS) * SECOND_MS

  /** The time limit counts from the start of the work, not from its place in the queue. */
  async function run(bytes: Uint8Array): Promise<PoolAnswer> {
    const owned = ownBuffer(bytes)
    // An abort ends the worker thread, whatever it is stuck in; the pool starts another.
    const limit = new AbortController()
    const timer = setTimeout(() => {
      limit.abort()
    }, timeoutMs)
    try {
      const options = { transferList: [owned.buffer], signal: limit.signal }
      return await piscina.run({ bytes: owned, limits }, options)
    } catch (cause) {
      throw limit.signal.aborted
        ? new HindraError('DECODE_TIMEOUT', `hashing took over ${limits.secondsMax} s`, { cause })
        : new HindraError('WORKER_DIED', 'the worker died over this file', { cause })
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    get queued() {
      return turns.waiting
    },
    async fingerprint(bytes) {
      await turns.take()
      try {
        const answer = await run(bytes)
        if ('fingerprint' in answer) return answer.fingerprint
        throw new HindraError(answer.refusal.code, answer.refusal.message)
      } finally {
        turns.pass()
      }
    },
    close: () => piscina.close(),
  }
}

/** Bytes alone in their ArrayBuffer: a pooled Buffer shares its own with strangers. */
function ownBuffer(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteLength } = bytes
  const alone = buffer instanceof ArrayBuffer && buffer.byteLength === byteLength
  return alone ? new Uint8Array(buffer) : Uint8Array.from(bytes)
}

import { setTimeout as sleep } from 'node:timers/promises'
import { defined, type Random, SECOND_MS } from '../core/index.ts'
import { type ErrorCode, ERRORS, HindraError } from '../errors.ts'

const FIRST_WAIT_MS = 250
const LONGEST_WAIT_MS = 30 * SECOND_MS

/** Statuses of what is no fault of a request: too much to do, away, no room. */
const STATUSES_OF_SERVER: readonly number[] = [429, 503, 507]
/** What only an installation mends: waiting for it would hold up all else. */
const LASTING: readonly ErrorCode[] = ['FFMPEG_MISSING', 'SHM_UNAVAILABLE', 'NOT_INITIALISED']

/**
 * What passes by itself: the server is away, starts, stops, or has nothing left for the work. By the table
 * of errors, so that a fault of the server that is new there is waited out too.
 */
const PASSING: readonly ErrorCode[] = (Object.keys(ERRORS) as ErrorCode[]).filter(
  (code) => STATUSES_OF_SERVER.includes(ERRORS[code].status) && !LASTING.includes(code),
)

/** What a key may not do: no other line of it would be answered differently. */
const STATUSES_OF_KEY: readonly number[] = [401, 403]

export function isOfKey(code: ErrorCode): boolean {
  return STATUSES_OF_KEY.includes(ERRORS[code].status)
}

/** The server is there and asks for time: nothing of the request was done. */
export const BUSY: readonly ErrorCode[] = ['OVERLOADED', 'RATE_LIMITED']

export interface PatienceOptions {
  /**
   * How long to go on without any success before the failure is thrown; for ever by default. A
   * server that asks for more time than is left is not waited for.
   */
  readonly giveUpAfterMs?: number
  /** What is waited out; by default all that passes by itself. */
  readonly waitsFor?: readonly ErrorCode[]
  /** Told of each failure that is waited out, and how long. */
  readonly onRetry?: (error: HindraError, waitMs: number) => void
  readonly signal?: AbortSignal
}

/** Waits between tries: twice as long each time, up to 30 s, up to half of it less by chance. */
export interface Patience {
  /** Waits, or throws what does not pass, or has not passed in time. */
  afterFailure(error: unknown): Promise<void>
  /** Whether waiting may help. */
  outlasts(error: unknown): error is HindraError
  success(): void
}

export function createPatience(
  { giveUpAfterMs = Infinity, waitsFor = PASSING, onRetry, signal }: PatienceOptions,
  random: Random,
): Patience {
  let failures = 0
  let waitedMs = 0

  function outlasts(error: unknown): error is HindraError {
    return error instanceof HindraError && waitsFor.includes(error.code)
  }

  return {
    outlasts,
    async afterFailure(error) {
      if (!outlasts(error)) throw error
      const askedMs = (error.retryAfterSeconds ?? 0) * SECOND_MS
      if (waitedMs >= giveUpAfterMs || askedMs > giveUpAfterMs - waitedMs) throw error
      const [byte = 0] = random.bytes(1)
      const wait = Math.min(FIRST_WAIT_MS * 2 ** failures, LONGEST_WAIT_MS) * (1 - byte / 512)
      const waitMs = Math.max(wait, askedMs)
      failures += 1
      waitedMs += waitMs
      onRetry?.(error, waitMs)
      await sleep(waitMs, undefined, defined({ signal })).catch(() => undefined)
    },
    success() {
      failures = 0
      waitedMs = 0
    },
  }
}

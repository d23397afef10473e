import { CLOCKS_APART_MS, isoTime } from './clock.ts'
import type { Random } from './random.ts'

const FACTOR = 4
const FRACTION_BYTES = 4

interface Waits {
  readonly firstMs: number
  readonly longestMs: number
}

/**
 * How long to wait after so many failures in a row: four times as long each time, up to a limit,
 * less up to half of it by chance, so that what fell together does not rise together.
 */
export function backoffMs(failures: number, { firstMs, longestMs }: Waits, random: Random): number {
  const wait = firstMs * FACTOR ** (failures - 1)
  const bytes = Buffer.from(random.bytes(FRACTION_BYTES))
  const fraction = bytes.readUInt32BE() / 2 ** (8 * FRACTION_BYTES)
  return Math.min(wait, longestMs) * (1 - fraction / 2)
}

/**
 * Whether what `backoffMs` put off until `retryAt`, null where it is not put off, still waits. What is to wait for longer
 * than the longest was put off by a clock that has been set back since, and waits no more.
 */
export function stillWaits(retryAt: string | null, nowMs: number, { longestMs }: Waits): boolean {
  if (retryAt === null) return false
  const leftMs = Date.parse(retryAt) - nowMs
  return leftMs > 0 && leftMs <= longestMs
}

/** A row that can be put off has these two times, UTC ISO 8601, by which `isPutOff` tells whether it still waits. */
export interface PutOff {
  /** Null where it is not put off. */
  readonly retryAt: string | null
  /** When it was put off; absent where it never was, and in records of before it was kept. */
  readonly putOffAt?: string
}

/** Puts off from one time to another, in milliseconds since the epoch: the wait may be as long as somebody asks for. */
export function putOff(untilMs: number, nowMs: number): Required<PutOff> {
  return { retryAt: isoTime(untilMs), putOffAt: isoTime(nowMs) }
}

/** Whether it still waits. What was put off later than now was so by a clock that has been set back since: it waits no more. */
export function isPutOff({ retryAt, putOffAt }: PutOff, nowMs: number): boolean {
  if (retryAt === null || Date.parse(retryAt) <= nowMs) return false
  return putOffAt === undefined || Date.parse(putOffAt) <= nowMs + CLOCKS_APART_MS
}

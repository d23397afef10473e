import type { Versionstamp } from './port.ts'

const BATCH_DIGITS = 16
const ORDER_DIGITS = 4

/** Commits that one batch can tell apart. */
export const BATCH_COMMITS_MAX = 16 ** ORDER_DIGITS

/** Batch counter, then order within the batch. */
export function versionstamp(batch: number, order: number): Versionstamp {
  const digits = (value: number, count: number) => value.toString(16).padStart(count, '0')
  return digits(batch, BATCH_DIGITS) + digits(order, ORDER_DIGITS)
}

export function batchOf(version: Versionstamp): number {
  return parseInt(version.slice(0, BATCH_DIGITS), 16)
}

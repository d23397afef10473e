import { HindraError } from '../errors.ts'
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

/** Batches of one epoch: 34 years of them at a thousand a second, and 8,192 epochs that numbers hold exactly. */
const EPOCH_BATCHES = 2 ** 40

/** Where the epoch begins that follows the one of a batch. */
export function nextEpoch(batch: number): number {
  return (Math.floor(batch / EPOCH_BATCHES) + 1) * EPOCH_BATCHES
}

/** Which history a version is of: a failover may have lost the end of the one before. */
export function epochOf(version: Versionstamp): number {
  return Math.floor(batchOf(version) / EPOCH_BATCHES)
}

/** Throws INVALID_INPUT for what is no versionstamp. */
export function assertVersionstamp(text: string): void {
  if (/^[0-9a-f]{20}$/.test(text)) return
  throw new HindraError('INVALID_INPUT', 'a versionstamp has 20 lower-case hex digits')
}

import type { BoxWindow } from './grid.ts'

/** Filters one row by a running float32 sum: the newest sample comes in before the oldest leaves. */
export function boxRow(input: Float32Array, output: Float32Array, window: BoxWindow): void {
  const { length, before, after } = window
  let sum = 0
  let count = 0
  let newest = 0
  let oldest = 0
  let at = 0
  for (; newest < after; newest += 1) {
    sum = Math.fround(sum + (input[newest] ?? 0))
    count += 1
  }
  for (; at <= before; at += 1) {
    sum = Math.fround(sum + (input[newest] ?? 0))
    count += 1
    newest += 1
    output[at] = sum / count
  }
  for (; newest < length; at += 1) {
    sum = Math.fround(sum + (input[newest] ?? 0))
    sum = Math.fround(sum - (input[oldest] ?? 0))
    newest += 1
    oldest += 1
    output[at] = sum / count
  }
  for (; at < length; at += 1) {
    sum = Math.fround(sum - (input[oldest] ?? 0))
    oldest += 1
    count -= 1
    output[at] = sum / count
  }
}

export interface ColumnBox {
  /** Takes the next row, which the caller may reuse afterwards. */
  push(row: Float32Array): void
  /** Emits the rows that were waiting for rows ahead; to be called after the last one. */
  end(): void
}

/**
 * Filters all columns at once, row by row: per column the same running sum as `boxRow`. The row
 * given to `emit` is reused for the next one.
 */
export function createColumnBox(
  width: number,
  window: BoxWindow,
  emit: (row: Float32Array, y: number) => void,
): ColumnBox {
  const { length, before, after } = window
  const size = before + after + 1
  const sums = new Float32Array(width)
  const output = new Float32Array(width)
  /** The rows in the window: row y lies in slot y modulo size, where it replaces the oldest. */
  const slots = Array.from({ length: size }, () => new Float32Array(width))
  const slotOf = (y: number) => slots[y % size] as Float32Array
  let pushed = 0
  let count = 0
  let at = 0

  return {
    push(row) {
      const slot = slotOf(pushed)
      if (count < size) {
        count += 1
        add(sums, row)
      } else {
        addAndSubtract(sums, row, slot)
      }
      slot.set(row)
      pushed += 1
      if (pushed > after) emitRow()
    },
    end() {
      while (at < length) {
        count -= 1
        subtract(sums, slotOf(at - before - 1))
        emitRow()
      }
    },
  }

  function emitRow(): void {
    divide(sums, count, output)
    emit(output, at)
    at += 1
  }
}

function add(sums: Float32Array, row: Float32Array): void {
  for (let x = 0; x < sums.length; x += 1) {
    sums[x] = (sums[x] ?? 0) + (row[x] ?? 0)
  }
}

function addAndSubtract(sums: Float32Array, newest: Float32Array, oldest: Float32Array): void {
  for (let x = 0; x < sums.length; x += 1) {
    const sum = Math.fround((sums[x] ?? 0) + (newest[x] ?? 0))
    sums[x] = sum - (oldest[x] ?? 0)
  }
}

function subtract(sums: Float32Array, row: Float32Array): void {
  for (let x = 0; x < sums.length; x += 1) {
    sums[x] = (sums[x] ?? 0) - (row[x] ?? 0)
  }
}

function divide(sums: Float32Array, count: number, output: Float32Array): void {
  for (let x = 0; x < sums.length; x += 1) output[x] = (sums[x] ?? 0) / count
}

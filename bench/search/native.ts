import { createNativeIndex, nativeCoreAbsence, type NativeIndex } from '../../src/index/index.ts'
import type { Bench } from '../bench.ts'
import { countOf } from './dataset.ts'

export interface FilledIndex {
  readonly index: NativeIndex
  /** The seconds from the first call until the index has nothing left to do in the background. */
  readonly buildSeconds: number
  /** How much the process's resident memory grew. */
  readonly grownBytes: number
}

/** False, with a note on what to do about it, where there is no native core. */
export function hasNative(bench: Bench): boolean {
  const absence = nativeCoreAbsence()
  if (absence !== undefined) bench.note(`without the native index: ${absence}`)
  return absence === undefined
}

/** All hashes in one call, labels being positions; nothing is left in the delta but a remainder. */
export async function fillNative(hashes: Uint8Array): Promise<FilledIndex> {
  const labels = new Uint32Array(countOf(hashes)).map((_, position) => position)
  const before = process.memoryUsage.rss()
  const start = performance.now()
  const index = createNativeIndex()
  index.addAll(labels, hashes)
  await index.idle()
  const buildSeconds = (performance.now() - start) / 1e3
  return { index, buildSeconds, grownBytes: process.memoryUsage.rss() - before }
}

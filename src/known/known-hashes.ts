import { BROWSER_BITS_MAX, type View } from '../fingerprint/index.ts'
import type { Label } from '../index/index.ts'
import type { LabelRange } from './known-items.ts'
import { RecordArena } from './record-arena.ts'

/** Layout of a record: row of the item + 1 (0 where the label names nothing any more). */
const ITEM = 0
const SECONDS = 4
const QUALITY = 8
const RECORD_BYTES = 9
/** In the byte of the quality, which is 100 at most: a browser made the hash. */
const OF_BROWSER = 0x80

/**
 * What the labels of the index stand for: item, time in the film, quality; 9 bytes a hash. A label
 * is never given twice, so that a search that ran while an item was replaced cannot name another.
 */
export class KnownHashes {
  readonly records = new RecordArena(RECORD_BYTES)
  #count = 0

  get count(): number {
    return this.#count
  }

  /** @param seconds Of a frame; kept to a thousandth in films of up to four hours. */
  add(itemRow: number, { quality, seconds }: Pick<View, 'quality' | 'seconds'>, slack = 0): Label {
    const label = this.records.append()
    const page = this.records.pageOf(label)
    const at = this.records.offsetOf(label)
    page.writeUInt32LE(itemRow + 1, at + ITEM)
    page.writeFloatLE(seconds ?? Number.NaN, at + SECONDS)
    page.writeUInt8(slack === 0 ? quality : quality | OF_BROWSER, at + QUALITY)
    this.#count += 1
    return label
  }

  remove({ first, count }: LabelRange): void {
    for (let label = first; label < first + count; label += 1) {
      if (this.itemRowOf(label) === undefined) continue
      const at = this.records.offsetOf(label)
      this.records.pageOf(label).fill(0, at, at + RECORD_BYTES)
      this.#count -= 1
    }
  }

  itemRowOf(label: Label): number | undefined {
    if (label >= this.records.rows) return undefined
    const held = this.records.pageOf(label).readUInt32LE(this.records.offsetOf(label) + ITEM)
    return held === 0 ? undefined : held - 1
  }

  qualityOf(label: Label): number {
    return this.#qualityByte(label) & ~OF_BROWSER
  }

  /** Bits by which the hash may be off: see `slackOf`. */
  slackOf(label: Label): number {
    return (this.#qualityByte(label) & OF_BROWSER) === 0 ? 0 : BROWSER_BITS_MAX
  }

  #qualityByte(label: Label): number {
    return this.records.pageOf(label).readUInt8(this.records.offsetOf(label) + QUALITY)
  }

  /** Undefined for a picture. */
  secondsOf(label: Label): number | undefined {
    const seconds = this.records.pageOf(label).readFloatLE(this.records.offsetOf(label) + SECONDS)
    return Number.isNaN(seconds) ? undefined : seconds
  }

  load(saved: Uint8Array): void {
    const from = this.records.rows
    this.records.load(saved)
    for (let label = from; label < this.records.rows; label += 1) {
      if (this.itemRowOf(label) !== undefined) this.#count += 1
    }
  }
}

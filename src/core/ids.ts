import type { Clock } from './clock.ts'
import type { Random } from './random.ts'

/** Makes UUIDv7 (RFC 9562), strictly increasing in this process also when the clock moves back. */
export type NewId = () => string

/** Sorts behind every id that was made before a time, and before all others: ids of UUIDv7 begin with milliseconds. */
export function idsFrom(ms: number): string {
  const hex = Math.max(0, ms).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}`
}

/** The time within an id, in milliseconds of the epoch. */
export function idTimeMs(id: string): number {
  return Number.parseInt(id.slice(0, 13).replace('-', ''), 16)
}

export function createIds(clock: Clock, random: Random): NewId {
  let lastMs = 0
  let counter = 0
  return () => {
    const nowMs = clock.now()
    if (nowMs > lastMs) {
      lastMs = nowMs
      counter = 0
    } else {
      counter += 1
      // 12 bits of rand_a count within a millisecond; borrow from the future when they run out.
      if (counter > 0xfff) {
        lastMs += 1
        counter = 0
      }
    }
    const bytes = Buffer.alloc(16)
    bytes.writeUIntBE(lastMs, 0, 6)
    bytes.writeUInt16BE(0x7000 | counter, 6)
    bytes.set(random.bytes(8), 8)
    bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
    const hex = bytes.toString('hex')
    return [
      hex.slice(0, 8),
      hex.slice(8, 12),
      hex.slice(12, 16),
      hex.slice(16, 20),
      hex.slice(20),
    ].join('-')
  }
}

import { randomBytes, randomFillSync } from 'node:crypto'

/** Ids and nonces are small and many; a call of the generator costs as much as sealing a record. */
const DRAWN_BYTES = 8_192
const SMALL_BYTES = 32

/** Source of random bytes. Injected, so that a simulation can be replayed from its seed. */
export interface Random {
  bytes(count: number): Uint8Array
}

export const systemRandom = createSystemRandom()

/** Small draws are cut from one large one; no byte is handed out twice, nor left behind. */
function createSystemRandom(): Random {
  const drawn = new Uint8Array(DRAWN_BYTES)
  let next = DRAWN_BYTES
  return {
    bytes(count) {
      if (count > SMALL_BYTES) return randomBytes(count)
      if (next + count > DRAWN_BYTES) {
        randomFillSync(drawn)
        next = 0
      }
      const bytes = drawn.slice(next, next + count)
      drawn.fill(0, next, next + count)
      next += count
      return bytes
    },
  }
}

/** Small seeded generator (mulberry32) for scenes, tests and simulations. Never for secrets. */
export class SeededRandom implements Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** A number uniform in [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let t = this.#state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }

  /** An integer uniform in [low, high]. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1))
  }

  /** A number uniform in [low, high). */
  between(low: number, high: number): number {
    return low + this.next() * (high - low)
  }

  bytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.integer(0, 255))
  }
}

/** 64 bits, as two unsigned numbers of 32: V8 has no cheaper way to hold them. */
export interface Word {
  readonly high: number
  readonly low: number
}

/** The tag of what is not there. */
export const NO_TAG: Word = { high: 0, low: 0 }

export function isSameWord(a: Word, b: Word): boolean {
  return a.high === b.high && a.low === b.low
}

/** Place and tag, each as high and low. */
export const SLOT_WORDS = 4
const SLOTS_FIRST = 1024

/**
 * The newest tag of each place: a hash table with open addressing in one typed array, at 16 bytes a slot,
 * because a `Map` would take eight times the memory for the millions of records of a large store.
 */
export class TagTable {
  #slots = new Uint32Array(SLOTS_FIRST * SLOT_WORDS)
  /** Places that the table knows, also those whose record is gone. */
  #known = 0
  #live = 0
  #growths = 0

  /** Places that have a record. */
  get live(): number {
    return this.#live
  }

  get capacity(): number {
    return this.#slots.length / SLOT_WORDS
  }

  /** Moves on whenever slots have moved. */
  get growths(): number {
    return this.#growths
  }

  get(place: Word): Word {
    const at = this.#find(place)
    return { high: this.#slots[at + 2] ?? 0, low: this.#slots[at + 3] ?? 0 }
  }

  /** Gives what was there before. */
  set(place: Word, tag: Word): Word {
    if (this.#known * 4 >= this.capacity * 3) this.#grow()
    const at = this.#find(place)
    const isKnown = this.#slots[at] !== 0 || this.#slots[at + 1] !== 0
    const before = { high: this.#slots[at + 2] ?? 0, low: this.#slots[at + 3] ?? 0 }
    if (!isKnown) this.#known += 1
    if (!isSameWord(before, NO_TAG)) this.#live -= 1
    if (!isSameWord(tag, NO_TAG)) this.#live += 1
    this.#slots[at] = place.high
    this.#slots[at + 1] = place.low
    this.#slots[at + 2] = tag.high
    this.#slots[at + 3] = tag.low
    return before
  }

  /** The slots from one to another that have a record, as they lie. */
  liveBetween(from: number, to: number): Uint32Array {
    const found = new Uint32Array((Math.min(to, this.capacity) - from) * SLOT_WORDS)
    let length = 0
    for (
      let at = from * SLOT_WORDS;
      at < Math.min(to, this.capacity) * SLOT_WORDS;
      at += SLOT_WORDS
    ) {
      if (this.#slots[at + 2] === 0 && this.#slots[at + 3] === 0) continue
      found.set(this.#slots.subarray(at, at + SLOT_WORDS), length)
      length += SLOT_WORDS
    }
    return found.subarray(0, length)
  }

  /** Where the place is, or would be. */
  #find({ high, low }: Word): number {
    const slots = this.#slots
    const mask = slots.length / SLOT_WORDS - 1
    for (let slot = low & mask; ; slot = (slot + 1) & mask) {
      const at = slot * SLOT_WORDS
      const isFree = slots[at] === 0 && slots[at + 1] === 0
      if (isFree || (slots[at] === high && slots[at + 1] === low)) return at
    }
  }

  /** Leaves out the places whose record is gone. */
  #grow(): void {
    const before = this.#slots
    const isHalfGone = this.#live * 2 < this.#known
    this.#slots = new Uint32Array(isHalfGone ? before.length : before.length * 2)
    this.#known = 0
    this.#live = 0
    this.#growths += 1
    for (let at = 0; at < before.length; at += SLOT_WORDS) {
      const tag = { high: before[at + 2] ?? 0, low: before[at + 3] ?? 0 }
      if (isSameWord(tag, NO_TAG)) continue
      this.set({ high: before[at] ?? 0, low: before[at + 1] ?? 0 }, tag)
    }
  }
}

/**
 * A place in the table by its key (cyrb53 of bryc, with both halves kept): two of three million keys share
 * one by a chance of one in four million.
 */
export function placeOf(key: string): Word {
  let high = 0xdeadbeef
  let low = 0x41c6ce57
  for (let at = 0; at < key.length; at += 1) {
    const code = key.charCodeAt(at)
    high = Math.imul(high ^ code, 2654435761)
    low = Math.imul(low ^ code, 1597334677)
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909)
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909)
  return { high: high >>> 0, low: low >>> 0 || 1 }
}

import { createHmac, timingSafeEqual } from 'node:crypto'
import { HindraError } from '../../errors.ts'
import { versionsKey, versionsRange } from '../layout.ts'
import { firstKey, type StoredRow, type Rows, type RowWrite, rowsOf } from '../rows.ts'
import { sealedPartAt } from '../sealed-value.ts'
import type { StoreState, VersionsState } from '../state.ts'
import type { KeyBytes } from '../tuple.ts'
import { Superseded } from './superseded.ts'
import { isSameWord, NO_TAG, placeOf, SLOT_WORDS, TagTable, type Word } from './tag-table.ts'

const MAC_BYTES = 32
const WORD_BYTES = 4
const SLOT_BYTES = SLOT_WORDS * WORD_BYTES
const TAG_BYTES = 8
/** Slots of the table that one batch states anew. */
const RESTATED_SLOTS = 8_192
/** Below this the log is never stated anew. */
const LOGGED_MIN = 16_384
/** Entries that one batch drops, once the log behind them says all. */
const DROPPED_ENTRIES = 1_000

/** What a batch writes beside its values, so that they are the newest of their records. */
export interface VersionsUpdate {
  readonly writes: readonly RowWrite[]
  readonly state: VersionsState
  /** The writer of the batch calls this once it is durable. */
  readonly apply: () => void
}

const START: VersionsState = {
  first: 0,
  next: 0,
  before: '0'.repeat(2 * MAC_BYTES),
  last: '0'.repeat(2 * MAC_BYTES),
}

/**
 * Which copy of each sealed record is the newest. Who has the disk and not the data key cannot make a
 * record, but could put an older copy of one back: a key that was revoked, an item before it was retracted.
 * A copy is told by the end of its AES-GCM tag, which no other copy has. Each batch logs the tags of what it
 * writes; the entries are chained by HMACs, and the last one stands in the state of the store. In memory
 * lies the newest tag of every record, at 21 to 43 bytes each.
 */
export class VersionLog {
  readonly #key: Uint8Array
  readonly #table = new TagTable()
  readonly #superseded = new Superseded()
  #state = START
  /** Slots in the entries from the first on. */
  #logged = 0
  /** The log is being stated anew: from this entry on it will say all. */
  #restating:
    | {
        readonly from: number
        readonly before: string
        slot: number
        growths: number
        logged: number
      }
    | undefined
  /** The oldest entry that is still there, though the log begins behind it. */
  #oldest = 0
  /** The log was loaded up to this entry: what an older view was to show is not known. */
  #loaded = 0

  private constructor(key: Uint8Array) {
    this.#key = key
  }

  /** Reads the log. Throws STORE_REPLAYED where it is not what this store wrote last. */
  static async load(rows: Rows, state: StoreState, key: Uint8Array): Promise<VersionLog> {
    const versions = new VersionLog(key)
    const stated = versions.#proven(state)
    versions.#state = { ...stated, next: stated.first, last: stated.before }
    versions.#loaded = stated.next
    await versions.#readUpTo(stated, rowsOf(rows.pages(versionsRange(stated.first))))
    const oldest = await firstKey(rows, versionsRange())
    versions.#oldest = oldest === undefined ? stated.first : numberOf(oldest)
    return versions
  }

  /**
   * Reads on, up to where the store knows itself to be: what another process has written. Throws STORE_REPLAYED
   * where it is not that.
   *
   * @param entries Those that this has not read yet; others of before may be among them
   */
  async follow(state: StoreState, entries: Iterable<StoredRow>): Promise<void> {
    const stated = this.#proven(state)
    const unread = [...entries].filter(([at]) => numberOf(at) >= this.#state.next)
    await this.#readUpTo(stated, unread)
  }

  /**
   * Knows of no record yet, and logs from a number on.
   *
   * @param oldest Of the entries that an older log left
   */
  static empty(key: Uint8Array, { oldest, next }: { oldest: number; next: number }): VersionLog {
    const versions = new VersionLog(key)
    versions.#state = { ...START, first: next, next }
    versions.#oldest = oldest
    return versions
  }

  get state(): VersionsState {
    return this.#state
  }

  /** Records that a view is to show; undefined where it is older than what is known here. */
  recordsIn(view: StoreState): number | undefined {
    const next = nextOf(view)
    if (next < this.#loaded) return undefined
    let count = this.#table.live
    for (const [place, tag] of this.#superseded.since(next)) {
      count +=
        Number(!isSameWord(tag, NO_TAG)) - Number(!isSameWord(this.#table.get(place), NO_TAG))
    }
    return count
  }

  /** HMAC of all that the store knows of itself. */
  proof({ version, changes, truncated, parted, versions }: StoreState): string {
    const { first, next, before, last } = versions ?? this.#state
    const parting = parted === undefined ? [] : [parted.after, parted.at]
    const told = ['state', version, changes, truncated, first, next, before, last, ...parting]
    return createHmac('sha256', this.#key).update(told.join('\n')).digest('hex')
  }

  update(values: ReadonlyMap<KeyBytes, Buffer | undefined>): VersionsUpdate {
    const changed = this.#changesOf(values)
    const restated = changed.length === 0 ? undefined : this.#restate()
    const drop = this.#takeDropped().map((key) => ({ key, value: undefined }))
    if (changed.length === 0) {
      return { writes: drop, state: this.#state, apply: () => undefined }
    }
    const slots = Buffer.concat([restated?.slots ?? Buffer.of(), bytesOf(changed)])
    const { next, last } = this.#state
    const mac = this.#mac(next, last, slots)
    const begins = restated?.ends ?? {}
    const state = { ...this.#state, ...begins, next: next + 1, last: mac }
    const entry = { key: versionsKey(next), value: Buffer.concat([Buffer.from(mac, 'hex'), slots]) }
    return {
      writes: [...drop, entry],
      state,
      apply: () => {
        this.#state = state
        this.#logged += slots.length / SLOT_BYTES
        restated?.done(slots.length / SLOT_BYTES)
        for (const { place, tag } of changed) {
          this.#superseded.note(next, place, this.#table.set(place, tag))
        }
      },
    }
  }

  /** Forgets what only views before this one could read. */
  forget(oldest: Pick<StoreState, 'versions'>): void {
    this.#superseded.forget(nextOf(oldest))
  }

  /**
   * Whether another copy of the record than this one is the newest.
   *
   * @param value Undefined where nothing was found
   * @param view What the view shows that it was read by
   */
  isReplayed(key: KeyBytes, value: Buffer | undefined, view: StoreState): boolean {
    const next = nextOf(view)
    if (next < this.#loaded) return false
    const place = placeOf(key)
    const tag = value === undefined ? NO_TAG : tagOf(value)
    const newest = this.#superseded.at(place, next) ?? this.#table.get(place)
    return !isSameWord(tag, newest)
  }

  /** Whether a record is to be there. */
  isThere(key: KeyBytes, view: StoreState): boolean {
    return this.isReplayed(key, undefined, view)
  }

  #changesOf(values: ReadonlyMap<KeyBytes, Buffer | undefined>): { place: Word; tag: Word }[] {
    const changed: { place: Word; tag: Word }[] = []
    for (const [key, value] of values) {
      const place = placeOf(key)
      const tag = value === undefined ? NO_TAG : tagOf(value)
      if (!isSameWord(tag, NO_TAG) || !isSameWord(this.#table.get(place), NO_TAG))
        changed.push({ place, tag })
    }
    return changed
  }

  /** The next part of the log that says all, once most of what it says is out of date. */
  #restate() {
    if (this.#restating === undefined) {
      if (this.#logged < LOGGED_MIN || this.#logged < 3 * this.#table.live) return undefined
      const { next, last } = this.#state
      const { growths } = this.#table
      this.#restating = { from: next, before: last, slot: 0, growths, logged: 0 }
    }
    const restating = this.#restating
    // Where the slots have moved, none is known to have been stated.
    if (restating.growths !== this.#table.growths) restating.slot = 0
    const { growths } = this.#table
    const until = restating.slot + RESTATED_SLOTS
    const live = this.#table.liveBetween(restating.slot, until)
    const isAll = until >= this.#table.capacity
    return {
      slots: Buffer.from(live.buffer, live.byteOffset, live.byteLength),
      // Another process may have stated it anew meanwhile, and dropped what came before.
      ends:
        isAll && restating.from > this.#state.first
          ? { first: restating.from, before: restating.before }
          : undefined,
      done: (slots: number) => {
        restating.slot = until
        restating.growths = growths
        restating.logged += slots
        if (!isAll) return
        this.#logged = restating.logged
        this.#restating = undefined
      },
    }
  }

  #takeDropped(): Buffer[] {
    const until = Math.min(this.#state.first, this.#oldest + DROPPED_ENTRIES)
    const dropped: Buffer[] = []
    for (; this.#oldest < until; this.#oldest += 1) dropped.push(versionsKey(this.#oldest))
    return dropped
  }

  /** What the store says of the log, which only who has the key can have said. */
  #proven(state: StoreState): VersionsState {
    const { versions: stated, proof } = state
    if (stated === undefined || proof === undefined || !isEqual(proof, this.proof(state))) {
      throw replayed('what the store knows of itself is not what was written last')
    }
    return stated
  }

  async #readUpTo(
    stated: VersionsState,
    entries: Iterable<StoredRow> | AsyncIterable<StoredRow>,
  ): Promise<void> {
    let { next: number, last: before } = this.#state
    for await (const [at, entry] of entries) {
      if (number === stated.next) throw replayed('the log of versions goes on behind its end')
      const expected = versionsKey(number)
      const [mac, slots] = [entry.subarray(0, MAC_BYTES), entry.subarray(MAC_BYTES)]
      const isNext = at.equals(expected) && entry.length >= MAC_BYTES
      if (!isNext || !isEqual(mac.toString('hex'), this.#mac(number, before, slots))) break
      this.#read(number, slots)
      before = mac.toString('hex')
      number += 1
    }
    if (number !== stated.next || before !== stated.last) {
      throw replayed(`entry ${number} of the log of versions is not the one that was written`)
    }
    this.#state = stated
  }

  #read(entry: number, slots: Buffer): void {
    for (let at = 0; at + SLOT_BYTES <= slots.length; at += SLOT_BYTES) {
      const word = (offset: number): Word => ({
        high: slots.readUInt32LE(at + offset),
        low: slots.readUInt32LE(at + offset + WORD_BYTES),
      })
      const before = this.#table.set(word(0), word(2 * WORD_BYTES))
      if (entry >= this.#loaded) this.#superseded.note(entry, word(0), before)
    }
    this.#logged += slots.length / SLOT_BYTES
  }

  #mac(number: number, before: string, slots: Buffer): string {
    return createHmac('sha256', this.#key)
      .update(`entry\n${number}\n${before}\n`)
      .update(slots)
      .digest('hex')
  }
}

/** The first entry of the log that a view does not show. */
function nextOf({ versions }: Pick<StoreState, 'versions'>): number {
  return versions?.next ?? 0
}

function bytesOf(changed: readonly { readonly place: Word; readonly tag: Word }[]): Buffer {
  const words = changed.flatMap(({ place, tag }) => [place.high, place.low, tag.high, tag.low])
  return Buffer.from(Uint32Array.from(words).buffer)
}

/** Whether it is of the kind whose versions are kept. */
export function isRecord(value: Buffer): boolean {
  return !isSameWord(tagOf(value), NO_TAG)
}

/** The end of the tag of a sealed record; none where this is no such record. */
function tagOf(value: Buffer): Word {
  const start = sealedPartAt(value)
  if (start === undefined || value.length < start + TAG_BYTES) return NO_TAG
  const [high, low] = [value.readUInt32LE(value.length - 8), value.readUInt32LE(value.length - 4)]
  return high === 0 && low === 0 ? { high, low: 1 } : { high, low }
}

/** Of an entry, by where it lies. */
export function numberOf(key: Buffer): number {
  return parseInt(key.toString('latin1', 1), 16)
}

function isEqual(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))
}

function replayed(message: string): HindraError {
  return new HindraError('STORE_REPLAYED', message)
}

import type { Lease } from './lease.ts'

/**
 * An ordered key-value space with transactions, in the manner of FoundationDB's layers.
 * Keys are tuples; their order is the order of their parts (strings by UTF-8 bytes, numbers by
 * value, bytes by bytes; bytes before strings before numbers; a tuple sorts before its own
 * extensions). Numbers are finite; strings are well-formed Unicode; else INVALID_INPUT.
 */
export type KeyPart = string | number | Uint8Array
export type Key = readonly KeyPart[]

/** Assigned at commit, in commit order: 20 hex digits that sort as text. Unknown before commit. */
export type Versionstamp = string

/** Sorts before every versionstamp: reads a feed from its beginning. */
export const VERSIONSTAMP_ZERO: Versionstamp = '0'.repeat(20)

export interface Pair {
  readonly key: Key
  readonly value: Uint8Array
}

export interface RangeOptions {
  /** Newest or largest first. */
  readonly reverse?: boolean
  readonly limit?: number
  /** Only keys strictly after this one (before it, when reversed): for paging. */
  readonly after?: Key
}

/** Keys that start with `prefix` (and are longer), or keys with from <= key < to. */
export type Range = { readonly prefix: Key } | { readonly from: Key; readonly to: Key }

/**
 * From which versions a store starts to tell older copies of its records: `known` reads those that were kept; `anew` takes
 * every record as it is for the newest; `begun` does so unless this or another process has before.
 */
export type VersionsBaseline = 'known' | 'begun' | 'anew'

export interface Transaction {
  get(key: Key): Promise<Uint8Array | undefined>
  /** Reads what these keys hold at once, so that a `get` of one of them has nothing to wait for. */
  prefetch(keys: readonly Key[]): Promise<void>
  put(key: Key, value: Uint8Array): void
  delete(key: Key): void
  /** Shows own writes that were made before its first step, and none that are made later. */
  range(range: Range, options?: RangeOptions): AsyncIterable<Pair>
  /** How many keys are in a range, own writes among them; at most `max` are counted, and no value is read. */
  count(range: Range, max?: number): Promise<number>
  /**
   * Adds to the 64-bit integer at `key` (0 where there is none) without reading it, so that busy
   * counters make no conflicts. Read it back with `readCounter`. `transact` throws STORE_CORRUPT
   * where something else than a counter is there.
   */
  add(key: Key, delta: number): void
  /**
   * Writes at [...prefix, versionstamp, n], n counting from 0 within the transaction, which itself
   * cannot read it.
   */
  putWithVersionstamp(prefix: Key, value: Uint8Array): void
  /**
   * Notes that the record there cannot be read: see `Store.damaged`.
   *
   * @param how What is wrong with it, in words, where it is more than damage
   */
  damaged(key: Key, how?: string): void
  /**
   * Whether what was read there is another copy of the sealed record than the one that was written last, or
   * is missing: somebody else than this store has written it. Never so before `Store.keepVersions`.
   *
   * @param value As `get` or `range` gave it
   */
  isReplayed(key: Key, value: Uint8Array | undefined): boolean
  /** The newest commit that it shows; undefined where it shows own writes, too. */
  version(): Versionstamp | undefined
  /**
   * The keys below a prefix that were written after a version, up to what this shows and maybe later; undefined where
   * nobody knows any more, where this shows what was before, and where it shows own writes, too.
   */
  writtenSince(prefix: Key, version: Versionstamp): readonly Key[] | undefined
}

/** The part of a transaction that changes nothing. */
export type ReadTransaction = Pick<
  Transaction,
  'get' | 'prefetch' | 'range' | 'count' | 'damaged' | 'isReplayed' | 'version' | 'writtenSince'
>

export interface Change {
  readonly key: Key
  readonly versionstamp: Versionstamp
}

/** A key and a value as the store keeps them. */
export interface StoredPair {
  readonly key: Uint8Array
  readonly value: Uint8Array
}

export interface ChangesOptions {
  /** Given: waits for further changes until aborted. Absent: ends with what is committed now. */
  readonly signal?: AbortSignal
}

export interface Store {
  /** Whether other processes may have it open at the same time. */
  readonly isShared: boolean
  /**
   * Serialisable, reads its own writes, all or nothing, durable when it resolves. `work` may run
   * again after a conflict, so it does no I/O and has no side effect outside `tx`.
   * Throws TX_TOO_LARGE, TX_CONFLICT, STORE_CLOSED, and whatever `work` throws (nothing written);
   * DISK_FULL, with nothing written, where what stays free of the disk is reached; DISK_FULL,
   * DISK_READ_ONLY, DISK_DENIED, TOO_MANY_FILES or STORE_FAILED when the disk refused: it may or may not be
   * there when the store goes on (by itself, or after STORE_FAILED by a restart).
   */
  transact<T>(work: (tx: Transaction) => Promise<T>): Promise<T>
  /**
   * Reads as of one moment, for as long as it takes: writers do not wait for it, and nothing of what
   * they write is remembered for it. Throws STORE_CLOSED, at the next step, where the store is closed.
   */
  read<T>(work: (reading: ReadTransaction) => Promise<T>): Promise<T>
  /**
   * Keys (not values) below `prefix` in commit order, after a versionstamp. All keys of one commit
   * carry its versionstamp, so a cursor moves on when the next one shows, not with every key.
   * Throws FEED_TRUNCATED when `after` is older than what is kept: read everything anew.
   */
  changes(prefix: Key, after: Versionstamp, options?: ChangesOptions): AsyncIterable<Change>
  /**
   * Resolves when nothing that these keys held before is left in the store's files: neither what was
   * deleted nor what was replaced. Costs a rewriting of the files in between; for erasures.
   */
  scrub(keys: readonly Key[]): Promise<void>
  /** All that the store is made of, as of one moment, while it is in use; see `restoreLevelStore`. */
  dump(): AsyncIterable<StoredPair>
  /** Resolves where writes are taken. Throws what keeps the store from it, as `transact` would. */
  writable(): Promise<void>
  /**
   * What was found damaged since the store was opened: records that could not be read, by kind and id, unless
   * they were written anew, and places in files.
   */
  damaged(): readonly string[]
  /** Looks through the files for what is damaged, at leisure, until aborted; see `damaged`. */
  check(signal: AbortSignal): Promise<void>
  /** As `check`, through all records, for those that somebody put back or took away; see `keepVersions`. */
  checkRecords(signal: AbortSignal): Promise<void>
  /**
   * From now on tells an older copy of a sealed record from the one that was written last; see `isReplayed`.
   * Called once, before records are read or written. Throws STORE_REPLAYED where `known` versions are not
   * those that this store wrote last.
   *
   * @param key Proves them: 32 bytes
   */
  keepVersions(key: Uint8Array, versions: VersionsBaseline): Promise<void>
  /** The versionstamp of the newest durable commit that is known here. */
  version(): Versionstamp
  /**
   * When `version` was the newest of all, by `performance.now()`: another process may have committed since. Undefined
   * where none can.
   */
  checkedAt(): number | undefined
  /** What `changes` would tell up to `version`, at once; undefined where memory does not hold all of it. */
  recentChanges(prefix: Key, after: Versionstamp): readonly Change[] | undefined
  /** The right to work of this name, among all processes that have the store open. */
  lease(name: string): Lease
  /**
   * Before an effect that no transaction can undo, as a mail: waits as long as nobody knows whether another process has
   * one of the leases by which this is done. Throws LEASE_ELSEWHERE.
   */
  sure(): Promise<void>
  /**
   * From now on whatever is read and written rests on what this key holds: once another process has changed it, `changed`
   * is told before anything is shown that was committed after, and a transaction that began before runs again. What it
   * throws ends the store.
   */
  restOn(key: Key, changed: (value: Uint8Array | undefined) => void): void
  /** Who holds which lease now, by the names of the leases. */
  leaseHolders(): Promise<Readonly<Record<string, string>>>
  /** The process is about to end: whoever waits here for a lease that another one has is told LEASE_ELSEWHERE, from now on. */
  endWaiting(): void
  /** Names of the other processes that have the store open. */
  others(): Promise<readonly string[]>
  close(): Promise<void>
  /**
   * Closes it for good, and answers what it is called from then on: it has that name before anybody else can open it.
   * Undefined, with nothing done, where it is not at this version any more.
   *
   * @param mark Digits, put behind its name
   */
  retire(mark: string, version: Versionstamp): Promise<string | undefined>
}

export interface StoreLimits {
  /** Bytes of keys and values that one transaction may write. */
  readonly transactionBytesMax: number
  readonly keyBytesMax: number
  readonly valueBytesMax: number
}

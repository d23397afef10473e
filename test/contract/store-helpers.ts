import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import fc from 'fast-check'
import { afterEach, beforeEach } from 'vitest'
import type {
  Change,
  ChangesOptions,
  Key,
  KeyPart,
  Range,
  RangeOptions,
  Store,
  StoreLimits,
  Transaction,
  Versionstamp,
} from '../../src/store/index.ts'

export interface StoreOptions {
  readonly limits?: Partial<StoreLimits>
  readonly changesKept?: number
}

export type OpenStore = (directory: string, options?: StoreOptions) => Promise<Store>

/** A fresh store for every test, which the test may close, and open again with other options. */
export interface Bench {
  readonly store: Store
  reopen(options?: StoreOptions): Promise<Store>
}

export function storeBench(open: OpenStore): Bench {
  let directory: string
  let store: Store
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hindra-store-'))
    store = await open(directory)
  })
  afterEach(async () => {
    await store.close()
    await rm(directory, { recursive: true, force: true })
  })
  return {
    get store() {
      return store
    },
    async reopen(options) {
      await store.close()
      store = await open(directory, options)
      return store
    },
  }
}

export const bytes = (text: string): Uint8Array => Buffer.from(text)
export const text = (value: Uint8Array | undefined): string | undefined =>
  value === undefined ? undefined : Buffer.from(value).toString()

/** For work that only writes. */
export function write(store: Store, work: (tx: Transaction) => void): Promise<void> {
  return store.transact((tx) => {
    work(tx)
    return Promise.resolve()
  })
}

export function read(store: Store, key: Key): Promise<string | undefined> {
  return store.transact(async (tx) => text(await tx.get(key)))
}

/** Keys and values of a range, as text that is easy to compare. */
export async function list(
  tx: Transaction,
  range: Range,
  options?: RangeOptions,
): Promise<[Key, string][]> {
  const pairs: [Key, string][] = []
  for await (const { key, value } of tx.range(range, options)) pairs.push([key, text(value) ?? ''])
  return pairs
}

export async function changesOf(
  store: Store,
  prefix: Key,
  after: Versionstamp,
  options?: ChangesOptions,
): Promise<Change[]> {
  const changes: Change[] = []
  for await (const change of store.changes(prefix, after, options)) changes.push(change)
  return changes
}

export function times<T>(count: number, make: (position: number) => T): T[] {
  return Array.from({ length: count }, (_, position) => make(position))
}

/** Lets others run, so that transactions overlap in many ways. */
export async function pause(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await nextTurn()
}

/** The order of keys, written down a second time and plainly. */
export function compareKeys(left: Key, right: Key): number {
  for (let position = 0; position < Math.min(left.length, right.length); position++) {
    const order = compareParts(left[position] ?? 0, right[position] ?? 0)
    if (order !== 0) return order
  }
  return left.length - right.length
}

function compareParts(left: KeyPart, right: KeyPart): number {
  const [leftType, rightType] = [typeof left, typeof right]
  const types = ['object', 'string', 'number']
  if (leftType !== rightType) return types.indexOf(leftType) - types.indexOf(rightType)
  if (typeof left === 'number') return left < Number(right) ? -1 : Number(left > Number(right))
  return Buffer.compare(toBytes(left), toBytes(right))
}

function toBytes(part: KeyPart): Uint8Array {
  return part instanceof Uint8Array ? part : Buffer.from(String(part))
}

export const keyParts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 4 }),
  fc.constantFrom('', '\0', '\0\0', 'a', 'a\0', 'a\u00ff', '\uffff', '\u{10000}'),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom(-0, Number.MIN_VALUE, -Number.MAX_VALUE, Number.MAX_SAFE_INTEGER, 0.1),
  fc.uint8Array({ maxLength: 4 }),
  fc.constantFrom(Uint8Array.of(), Uint8Array.of(0), Uint8Array.of(0, 255), Uint8Array.of(255)),
)

import { setImmediate as nextTurn } from 'node:timers/promises'
import type {
  Change,
  ChangesOptions,
  Key,
  KeyPart,
  Range,
  RangeOptions,
  Store,
  Transaction,
  Versionstamp,
} from '../../src/store/index.ts'

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

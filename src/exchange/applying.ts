import type { Principal } from '../access/index.ts'
import {
  hashSetOf,
  type Item,
  type ListedHash,
  listedHashesOf,
  type Register,
} from '../register/index.ts'
import type { Transaction } from '../store/index.ts'
import type { Put, Removal } from './types.ts'

/** What a line did. */
export interface Applied {
  readonly outcome: 'added' | 'changed' | 'unchanged' | 'deleted'
  /** Items that lost an entry by it. */
  readonly retracted?: readonly string[]
}

/** A hash that a list names, in the form in which it is its entry's name. */
function nameOf({ type, value }: ListedHash): string {
  return `${type}:${value.toLowerCase()}`
}

/**
 * One line of a list, applied to its entries: nothing is edited in place, so what changed is retracted
 * and entered anew. Throws what `Register.enter` throws, having written nothing.
 */
export function createApplying(register: Register) {
  return async function apply(
    tx: Transaction,
    by: Principal,
    list: string,
    delta: Put | Removal,
  ): Promise<Applied> {
    if (delta.change === 'delete') {
      const living = await livingEntry(tx, list, delta.key)
      if (living === undefined) return { outcome: 'unchanged' }
      await retract(tx, by, living, 'deleted by its list')
      return { outcome: 'deleted', retracted: [living.itemId] }
    }
    const { hashes, kind, key, classification, description } = delta
    const set = hashSetOf(hashes, kind)
    const [first] = listedHashesOf(set)
    const named = key ?? (first === undefined ? '' : nameOf(first))
    const input = {
      list,
      hashes: set,
      key: named,
      ...(classification === undefined ? {} : { classification }),
      ...(description === undefined ? {} : { description }),
    }
    const before = await livingEntry(tx, list, named)
    if (before === undefined) {
      await register.enter(tx, by, input, { isBulk: true })
      return { outcome: 'added' }
    }
    if (isSame(before, delta)) return { outcome: 'unchanged' }
    // What is wrong with it is said before anything is taken back.
    await register.check(tx, input)
    await retract(tx, by, before, 'replaced by its list')
    await register.enter(tx, by, input, { isBulk: true })
    return { outcome: 'changed', retracted: [before.itemId] }
  }

  async function livingEntry(tx: Transaction, list: string, key: string) {
    const found = await register.listed(tx, list, key)
    return found === undefined || found.status === 'retracted' ? undefined : found
  }

  async function retract(
    tx: Transaction,
    by: Principal,
    { itemId, id: entryId, status }: Living,
    reason: string,
  ): Promise<Item> {
    const target = { itemId, entryId }
    if (status === 'verified') await register.dispute(tx, by, target, reason)
    return register.retract(tx, by, target, reason)
  }
}

type Living = NonNullable<Awaited<ReturnType<Register['listed']>>>

/** What a list says again it has not changed. */
function isSame(before: Living, delta: Put): boolean {
  if (delta.classification !== undefined && delta.classification !== before.classification) {
    return false
  }
  for (const [field, value] of Object.entries(delta.description ?? {})) {
    if (value !== null && value !== before[field as keyof Living]) return false
  }
  const names = (hashes: readonly ListedHash[]) =>
    hashes.map((hash) => `${nameOf(hash)} ${String(hash.quality ?? 0)}`).sort()
  return names(listedHashesOf(before.hashes)).join() === names(delta.hashes).join()
}

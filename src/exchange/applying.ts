import type { Principal } from '../access/index.ts'
import { defined } from '../core/index.ts'
import {
  type Finding,
  type Item,
  isGrave,
  type ListedHash,
  type ListedPlace,
  listedHashesOf,
  type Register,
} from '../register/index.ts'
import type { Transaction } from '../store/index.ts'
import type { PreparedPut } from './prepare.ts'
import type { Deletion } from './delta.ts'

/** What a line did. */
export interface Applied {
  readonly outcome: 'added' | 'changed' | 'unchanged' | 'deleted'
  /** Items that lost an entry by it. */
  readonly retracted?: readonly string[]
  /** What the gates found about the entry that it made, or why it made none. */
  readonly findings?: readonly Finding[]
  /** The list vouches for what arrives, but not for this. */
  readonly isHeld?: boolean
  /** The living entry that the line found. */
  readonly named?: string
}

export type Applying = ReturnType<typeof createApplying>

/** What lists say, applied to their entries. */
export function createApplying(register: Register) {
  return { apply, withdraw }

  /**
   * One line: nothing is edited in place, so what changed is retracted and entered anew. Throws what
   * `Register.enter` throws, having written nothing.
   */
  async function apply(
    tx: Transaction,
    by: Principal,
    list: string,
    line: PreparedPut | Deletion,
  ): Promise<Applied> {
    if (line.change === 'delete') {
      const living = await livingEntry(tx, list, line.key)
      if (living === undefined) return { outcome: 'unchanged' }
      await retract(tx, by, living, 'deleted by its list')
      return { outcome: 'deleted', retracted: [living.itemId], named: living.id }
    }
    const { key } = line
    const newest = await register.listed(tx, list, key)
    if (newest?.retractedBy === 'person' && isSame(newest, line)) return staysRetracted(newest)
    const before = newest?.status === 'retracted' ? undefined : newest
    if (before === undefined) {
      const made = await enter(tx, by, list, key, line, line.findings)
      return { outcome: 'added', ...made }
    }
    if (isSame(before, line)) return { outcome: 'unchanged', named: before.id }
    // What is wrong with it is said before anything is taken back.
    await register.check(tx, inputOf(list, key, line, line.findings))
    const { id, status } = await retract(tx, by, before, 'replaced by its list')
    // What it replaces is like it, as a matter of course.
    const findings = line.findings.filter(
      ({ itemId }) => itemId !== before.itemId || status !== 'retracted',
    )
    const made = await enter(tx, by, list, key, line, findings)
    return { outcome: 'changed', retracted: [id], named: before.id, ...made }
  }

  /** Takes back the entry that its list has no more. */
  async function withdraw(
    tx: Transaction,
    by: Principal,
    { itemId, entryId: id, status }: ListedPlace,
    reason: string,
  ): Promise<void> {
    await retract(tx, by, { itemId, id, status }, reason)
  }

  async function enter(
    tx: Transaction,
    by: Principal,
    list: string,
    key: string,
    line: PreparedPut,
    findings: readonly Finding[],
  ): Promise<Pick<Applied, 'findings' | 'isHeld'>> {
    await register.enterLine(tx, by, inputOf(list, key, line, findings))
    const { arrivesAs } = await register.lists.need(tx, list)
    return { findings, isHeld: arrivesAs === 'verified' && isGrave(findings) }
  }

  async function livingEntry(tx: Transaction, list: string, key: string) {
    const found = await register.listed(tx, list, key)
    return found === undefined || found.status === 'retracted' ? undefined : found
  }

  async function retract(
    tx: Transaction,
    by: Principal,
    { itemId, id: entryId, status }: Pick<Living, 'itemId' | 'id' | 'status'>,
    reason: string,
  ): Promise<Item> {
    const target = { itemId, entryId }
    if (status === 'verified') await register.dispute(tx, by, target, reason)
    return register.retract(tx, by, { ...target, isByList: true }, reason)
  }
}

type Living = NonNullable<Awaited<ReturnType<Register['listed']>>>

function inputOf(
  list: string,
  key: string,
  { set, classification, description }: PreparedPut,
  findings: readonly Finding[],
) {
  return {
    list,
    hashes: set,
    key,
    findings,
    ...defined({ classification, description }),
  }
}

/** A list that goes on saying what a person here has taken back does not bring it back. */
function staysRetracted({ itemId }: Living): Applied {
  const detail = 'a person here has retracted it, and the list says nothing new of it'
  return { outcome: 'unchanged', findings: [{ code: 'retracted-here', itemId, detail }] }
}

/** What a list says again it has not changed. */
function isSame(before: Living, { set, classification, description }: PreparedPut): boolean {
  if (classification !== undefined && classification !== before.classification) return false
  for (const [field, value] of Object.entries(description ?? {})) {
    if (value !== null && value !== before[field as keyof Living]) return false
  }
  const names = (hashes: readonly ListedHash[]) =>
    hashes.map(({ type, value, quality = 0 }) => `${type}:${value} ${quality}`).sort()
  return names(listedHashesOf(before.hashes)).join() === names(listedHashesOf(set)).join()
}

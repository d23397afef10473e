import type { Principal } from '../access/index.ts'
import type { Audit } from '../audit/index.ts'
import { isoTime } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { Collection, type Context, type Key, keySpace, type Transaction } from '../store/index.ts'
import type { BatchInput, BatchReport, LeftOut } from './terms.ts'

interface BatchClear {
  /** The act, as the audit calls it: `tip.dismiss`. */
  readonly action: string
  readonly by: string
  readonly startedAt: string
  readonly found: number
}

/** What is to be touched, and by which digest the same command is recognised. */
interface BatchSealed {
  readonly ids: readonly string[]
  readonly digest: string
  /** See `BatchInput.ground`; absent where there is none, and in records of before. */
  readonly ground?: string
}

/** How far it has come, by the id of its batch. */
interface ProgressClear {
  readonly position: number
  readonly done: number
}

interface ProgressSealed {
  readonly leftOut: readonly LeftOut[]
}

/** Targets that one call works on; the caller calls again until it is done. */
const AT_ONCE = 100
/** The same where each takes a look at a host that may be slow. */
const LOOKS_AT_ONCE = 10

/** The batch of a command that is not done yet. */
const UNDER_WAY = keySpace('batch-under-way')

/**
 * One act upon many things, each in a transaction of its own with its entry of the audit, which names the batch. How
 * far it has come moves in the same transaction: after a crash the same command goes on behind it.
 */
export interface Batches {
  /**
   * Does an act to all targets, or, in a dry run, says what it would do: each is done and taken back. Works on at most
   * 100 targets a call: the same call goes on until the state is `done`. Throws INVALID_INPUT where they are more than
   * the policy allows, or no number is given; CONFLICT where they are more or fewer than the number says; and as
   * `BatchInput.ground` does.
   */
  run(by: Principal, act: BatchInput): Promise<BatchReport>
  /** Ids of batches that began before a time, oldest first, for retention. */
  before(tx: Transaction, beforeIso: string, limit: number): Promise<readonly string[]>
  erase(tx: Transaction, id: string): Promise<void>
}

export function createBatches(context: Context, audit: Audit): Batches {
  const { store, sealer, clock, newId } = context
  const batches = new Collection<BatchClear, BatchSealed>(keySpace('batch'), sealer)
  const progress = new Collection<ProgressClear, ProgressSealed>(keySpace('batch-progress'), sealer)

  function placeOf(digest: string): Key {
    return UNDER_WAY(digest)
  }

  /** The same person, the same words, the same number: one that broke off goes on. */
  function digestOf(by: Principal, { action, words, asked, count }: BatchInput): string {
    return sealer.digest('batch', JSON.stringify([by.id, action, words, asked, count]))
  }

  async function targetsOf(act: BatchInput): Promise<readonly string[]> {
    const { max, setting } = act
    const ids = [...new Set(await act.find(max + 1))]
    if (ids.length <= max) return ids
    const message = { says: 'batch-large', max, setting } as const
    throw new HindraError('INVALID_INPUT', message)
  }

  /** Of none nothing is asked. */
  async function groundOf({ ground }: BatchInput, ids: readonly string[]): Promise<string> {
    return ground === undefined || ids.length === 0 ? '' : ground(ids)
  }

  async function dryRun(act: BatchInput): Promise<BatchReport> {
    const ids = await targetsOf(act)
    const ground = await groundOf(act, ids)
    const leftOut: LeftOut[] = []
    for (const id of ids) {
      const why = await store
        .transact((tx) => act.work(tx, id, ground).then(takeBack))
        .catch(refusalOf)
      if (why !== undefined) leftOut.push({ id, ...why })
    }
    return { batchId: null, state: 'dry-run', found: ids.length, done: 0, leftOut }
  }

  async function begin(by: Principal, act: BatchInput, digest: string): Promise<string> {
    const ids = await targetsOf(act)
    const { count, action } = act
    if (count === undefined) {
      const message = { says: 'batch-count', count: ids.length } as const
      throw new HindraError('INVALID_INPUT', message, { field: 'count' })
    }
    if (count !== ids.length) {
      const difference = Math.abs(ids.length - count)
      const way = ids.length > count ? 'more' : 'fewer'
      const message = {
        says: 'batch-changed',
        count: ids.length,
        difference,
        way,
        was: count,
      } as const
      throw new HindraError('CONFLICT', message, { field: 'count' })
    }
    const ground = await groundOf(act, ids)
    const id = newId()
    return store.transact(async (tx) => {
      const other = await tx.get(placeOf(digest))
      if (other !== undefined) return Buffer.from(other).toString()
      const clear = { action, by: by.id, startedAt: isoTime(clock.now()), found: count }
      batches.put(tx, id, clear, { ids, digest, ground })
      progress.put(tx, id, { position: 0, done: 0 }, { leftOut: [] })
      tx.put(placeOf(digest), Buffer.from(id))
      const detail = { ...act.words, act: action, found: count }
      audit.append(tx, { by: by.id, action: 'batch.begin', subject: id, detail })
      return id
    })
  }

  /** Does it to the target at a position, unless another call of the same command did. */
  async function step(
    act: BatchInput,
    { batchId, ground }: { readonly batchId: string; readonly ground: string },
    position: number,
    id: string,
  ): Promise<void> {
    const move = async (tx: Transaction, why?: Omit<LeftOut, 'id'>) => {
      const { clear, sealed } = await progress.need(tx, batchId)
      const done = clear.done + (why === undefined ? 1 : 0)
      const leftOut = why === undefined ? sealed.leftOut : [...sealed.leftOut, { id, ...why }]
      progress.put(tx, batchId, { position: position + 1, done }, { leftOut })
    }
    const isNext = async (tx: Transaction) =>
      (await progress.need(tx, batchId)).clear.position === position
    const done = async () => {
      await act.prepare?.(id, ground)
      await store.transact(async (tx) => {
        if (!(await isNext(tx))) return
        audit.inBatch(tx, batchId)
        await act.work(tx, id, ground)
        await move(tx)
      })
    }
    const why = await done().then(() => undefined, refusalOf)
    if (why === undefined) return
    await store.transact(async (tx) => {
      if (await isNext(tx)) await move(tx, why)
    })
  }

  return {
    async run(by, act) {
      if (act.isDryRun) return dryRun(act)
      const digest = digestOf(by, act)
      const held = await store.transact((tx) => tx.get(placeOf(digest)))
      const batchId =
        held === undefined ? await begin(by, act, digest) : Buffer.from(held).toString()
      const { ids, ground, from } = await store.transact(async (tx) => {
        const { sealed } = await batches.need(tx, batchId)
        const { position } = (await progress.need(tx, batchId)).clear
        return { ids: sealed.ids, ground: sealed.ground ?? '', from: position }
      })
      const atOnce = act.prepare === undefined ? AT_ONCE : LOOKS_AT_ONCE
      for (const [at, id] of ids.slice(from, from + atOnce).entries()) {
        await step(act, { batchId, ground }, from + at, id)
      }
      return store.transact(async (tx) => {
        const { clear, sealed } = await progress.need(tx, batchId)
        const isDone = clear.position === ids.length
        if (isDone && (await tx.get(placeOf(digest))) !== undefined) {
          tx.delete(placeOf(digest))
          const detail = { done: clear.done, leftOut: sealed.leftOut.length }
          audit.append(tx, { by: by.id, action: 'batch.done', subject: batchId, detail })
        }
        const state = isDone ? 'done' : 'running'
        return { batchId, state, found: ids.length, done: clear.done, leftOut: sealed.leftOut }
      })
    },

    before: (tx, beforeIso, limit) =>
      batches.idsWhile(tx, limit, ({ clear }) => clear.startedAt < beforeIso),

    async erase(tx, id) {
      const { sealed } = await batches.need(tx, id)
      const held = await tx.get(placeOf(sealed.digest))
      if (held !== undefined && Buffer.from(held).toString() === id) {
        tx.delete(placeOf(sealed.digest))
      }
      batches.delete(tx, id)
      progress.delete(tx, id)
    },
  }
}

/** Thrown where an act was possible, so that its transaction leaves nothing. */
class TakenBack extends Error {}

function takeBack(): never {
  throw new TakenBack()
}

/** Why a target is left out; undefined where the act was possible. A fault of the program is thrown on. */
function refusalOf(error: unknown): Omit<LeftOut, 'id'> | undefined {
  if (error instanceof TakenBack) return undefined
  if (!(error instanceof HindraError) || error.status >= 500) throw error
  return { code: error.code, why: error.message }
}

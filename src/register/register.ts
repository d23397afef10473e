import type { Principal } from '../access/index.ts'
import type { Audit } from '../audit/index.ts'
import { isoTime } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { Collection, type Context, type Transaction } from '../store/index.ts'
import { checkProposal, checkReason } from './proposal.ts'
import {
  canMatch,
  type EventClear,
  type EventSealed,
  eventsOf,
  ITEMS,
  type ItemClear,
  type ItemRow,
  type ItemSealed,
  itemView,
  knownView,
  qualityOf,
} from './records.ts'
import type { Item, ItemEvent, ItemStatus, KnownItem, ProposeInput } from './types.ts'

const PAGE_ROWS = 100
/** Fingerprints of films are large: few rows a transaction. */
const SCAN_ROWS = 50

/** From where each step may be taken. */
const STEPS = {
  verify: { from: ['proposed', 'disputed'], to: 'verified' },
  dispute: { from: ['verified'], to: 'disputed' },
  retract: { from: ['proposed', 'disputed'], to: 'retracted' },
} as const satisfies Record<string, { from: readonly ItemStatus[]; to: ItemStatus }>

export interface ItemFilter {
  readonly status?: ItemStatus
  readonly after?: string
  readonly limit?: number
}

/** Known material: proposed by one person, verified by another, never edited in place. */
export interface Register {
  /**
   * Throws INVALID_INPUT, and CONFLICT (naming the item) where the same bytes are in the register;
   * what was retracted may be proposed anew, and is then verified anew.
   */
  propose(by: Principal, input: ProposeInput): Promise<Item>
  /** Throws NOT_FOUND, CONFLICT, SAME_PERSON, and FORBIDDEN where `by` is no person. */
  verify(tx: Transaction, by: Principal, itemId: string, reason?: string): Promise<Item>
  /** Something is wrong with a verified item: it stops deciding alone. Throws as `verify`. */
  dispute(tx: Transaction, by: Principal, itemId: string, reason: string): Promise<Item>
  /** For good, from proposed or disputed. Throws NOT_FOUND, CONFLICT, INVALID_INPUT. */
  retract(tx: Transaction, by: Principal, itemId: string, reason: string): Promise<Item>
  /** In order of proposal. */
  list(filter: ItemFilter): Promise<readonly Item[]>
  /** Throws NOT_FOUND. */
  get(itemId: string): Promise<Item>
  /** Oldest first. Throws NOT_FOUND. */
  history(itemId: string): Promise<readonly ItemEvent[]>
  /** The item as it is now; undefined where it is not there or can match nothing (any more). */
  known(tx: Transaction, itemId: string): Promise<KnownItem | undefined>
  /** Every item that can match. Reads in several transactions: follow the changes besides. */
  allKnown(): AsyncIterable<KnownItem>
}

export function createRegister(context: Context, audit: Audit): Register {
  const { store, sealer, clock, newId } = context
  const items = new Collection<ItemClear, ItemSealed>(ITEMS, sealer)

  return {
    async propose(by, input) {
      checkProposal(input)
      const { fingerprint, classification, reference = null, note = null } = input
      const { kind, sha256 } = fingerprint
      const id = newId()
      const quality = qualityOf(fingerprint)
      const clear: ItemClear = {
        kind,
        status: 'proposed',
        classification,
        quality,
        proposedBy: by.id,
        proposedAt: isoTime(clock.now()),
        verifiedBy: null,
        verifiedAt: null,
      }
      const sealed = { fingerprint, reference, note }
      const bytesKey = ['item-bytes', sealer.digest('item-sha256', sha256)]
      return store.transact(async (tx) => {
        const holder = await tx.get(bytesKey)
        if (holder !== undefined) await assertRetracted(tx, Buffer.from(holder).toString())
        tx.put(bytesKey, Buffer.from(id))
        items.put(tx, id, clear, sealed)
        appendEvent(tx, by, id, { from: null, to: 'proposed' }, null)
        const detail = { kind, classification, quality }
        audit.append(tx, { by: by.id, action: 'item.propose', subject: id, detail })
        return itemView({ id, clear, sealed })
      })
    },

    async verify(tx, by, itemId, reason) {
      if (by.kind !== 'person') {
        throw new HindraError('FORBIDDEN', 'only a person can verify an item')
      }
      const { clear } = await items.need(tx, itemId)
      if (clear.proposedBy === by.id) {
        throw new HindraError('SAME_PERSON', 'who proposed an item cannot verify it')
      }
      const verified = { verifiedBy: by.id, verifiedAt: isoTime(clock.now()) }
      return step(tx, by, itemId, 'verify', checkReason(reason, false), verified)
    },

    async dispute(tx, by, itemId, reason) {
      return step(tx, by, itemId, 'dispute', checkReason(reason, true))
    },

    async retract(tx, by, itemId, reason) {
      return step(tx, by, itemId, 'retract', checkReason(reason, true))
    },

    list({ status, after, limit = PAGE_ROWS }) {
      return store.transact(async (tx) => {
        const page: Item[] = []
        if (limit <= 0) return page
        const from = after === undefined ? {} : { after: [ITEMS, after] }
        for await (const { id, clear } of items.clearRows(tx, from)) {
          if (status !== undefined && clear.status !== status) continue
          page.push(itemView(await items.need(tx, id)))
          if (page.length >= limit) break
        }
        return page
      })
    },

    get(itemId) {
      return store.transact(async (tx) => itemView(await items.need(tx, itemId)))
    },

    history(itemId) {
      return store.transact(async (tx) => {
        await items.need(tx, itemId)
        const events: ItemEvent[] = []
        for await (const { clear, sealed } of eventCollection(itemId).rows(tx)) {
          events.push({ ...clear, ...sealed })
        }
        return events
      })
    },

    async known(tx, itemId) {
      const row = await items.get(tx, itemId)
      return row !== undefined && canMatch(row.clear) ? knownView(row) : undefined
    },

    async *allKnown() {
      let after: string | undefined
      for (;;) {
        const rows = await scan(after)
        for (const row of rows) if (canMatch(row.clear)) yield knownView(row)
        after = rows.at(-1)?.id
        if (after === undefined) return
      }
    },
  }

  async function step(
    tx: Transaction,
    by: Principal,
    itemId: string,
    name: keyof typeof STEPS,
    reason: string | null,
    changes: Partial<ItemClear> = {},
  ): Promise<Item> {
    const row = await items.need(tx, itemId)
    const { status: from, classification } = row.clear
    const { from: allowed, to } = STEPS[name]
    if (!(allowed as readonly ItemStatus[]).includes(from)) {
      throw new HindraError('CONFLICT', `the item is ${from}: it cannot become ${to}`)
    }
    const clear = { ...row.clear, ...changes, status: to }
    items.put(tx, itemId, clear, row.sealed)
    appendEvent(tx, by, itemId, { from, to }, reason)
    const detail = { from, to, classification }
    audit.append(tx, { by: by.id, action: `item.${name}`, subject: itemId, detail })
    return itemView({ ...row, clear })
  }

  function appendEvent(
    tx: Transaction,
    by: Principal,
    itemId: string,
    change: Pick<ItemEvent, 'from' | 'to'>,
    reason: string | null,
  ): void {
    const clear = { at: isoTime(clock.now()), by: by.id, ...change }
    eventCollection(itemId).put(tx, newId(), clear, { reason })
  }

  function eventCollection(itemId: string): Collection<EventClear, EventSealed> {
    return new Collection(eventsOf(itemId), sealer)
  }

  async function assertRetracted(tx: Transaction, itemId: string): Promise<void> {
    const { status } = (await items.need(tx, itemId)).clear
    if (status === 'retracted') return
    throw new HindraError('CONFLICT', `these bytes are in the register already, as item ${itemId}`)
  }

  function scan(after: string | undefined): Promise<readonly ItemRow[]> {
    return store.transact(async (tx) => {
      const rows: ItemRow[] = []
      const options = after === undefined ? {} : { after: [ITEMS, after] }
      for await (const row of items.rows(tx, { ...options, limit: SCAN_ROWS })) rows.push(row)
      return rows
    })
  }
}

import type { Principal } from '../access/index.ts'
import type { Case, Cases } from '../cases/index.ts'
import type { Config } from '../config.ts'
import { type Clock, isoTime } from '../core/index.ts'
import { reachOf } from '../match/index.ts'
import type { Pool } from '../pool/index.ts'
import {
  type Corpus,
  type EntryStatus,
  type Gates,
  hashSetOf,
  type Item,
  type ItemFilter,
  type KnownHashSet,
  type KnownSet,
  type List,
  type Neighbours,
  OWN_LIST,
  type Register,
} from '../register/index.ts'
import type { Store, Transaction } from '../store/index.ts'
import type { Takedown } from '../takedown/index.ts'
import { toHindraError } from '../errors.ts'
import { guarded, type Readings } from './guard.ts'
import { possibleActions } from './possible.ts'
import type { RefreshingItems } from './refreshing.ts'
import type {
  ItemProposal,
  ProposedMaterial,
  RegisterApi,
  SimilarItems,
  TouchedCase,
} from './register-types.ts'

interface RegisterParts {
  readonly store: Store
  readonly clock: Clock
  readonly readings: Readings
  readonly register: Register
  readonly gates: Gates
  readonly corpus: Corpus
  readonly known: Pick<KnownSet, 'catchUp'>
  readonly pool: Pick<Pool, 'fingerprint'>
  readonly cases: Cases
  readonly neighbours: Neighbours
  readonly takedown: Pick<Takedown, 'withdrawForCase' | 'correctForCase' | 'list'>
  readonly refreshing: Pick<RefreshingItems, 'refresh'>
  readonly policy: Config['match']
}

/** For whatever else changes entries: an import. */
export interface RegisterEffects {
  /** A changed entry reaches the cases of its item. */
  readonly carryChange: (by: Principal, itemId: string) => Promise<void>
  /** The cases of an item and their notices. */
  readonly touchedBy: (itemId: string) => Promise<readonly TouchedCase[]>
}

/**
 * The calls about known material, and what a change of it does to cases and notices.
 *
 * @param keepsFeatures Whether what is proposed with its media keeps local features.
 */
export function registerCalls(
  parts: RegisterParts,
  keepsFeatures: boolean,
): RegisterApi & RegisterEffects {
  const { store, clock, readings, register, gates, corpus, known, neighbours } = parts
  const { pool, cases, takedown } = parts
  const { lists } = register

  async function propose(by: Principal, proposal: ItemProposal): Promise<Item> {
    const { list: name = OWN_LIST, classification, key, description = {} } = proposal
    const list = await store.transact((tx) => lists.need(tx, name))
    const hashes = await hashesOf(proposal)
    const [findings = []] = await gates.inspect(list, [hashes])
    const { item } = await store.transact((tx) =>
      register.enter(tx, by, {
        ...{ list: name, hashes, findings, description },
        ...(classification === undefined ? {} : { classification }),
        ...(key === undefined ? {} : { key }),
      }),
    )
    await known.catchUp()
    return item
  }

  async function hashesOf(material: ProposedMaterial): Promise<KnownHashSet> {
    if ('media' in material) {
      return pool.fingerprint(material.media, { features: keepsFeatures })
    }
    return hashSetOf(material.hashes, material.kind)
  }

  /** A change of an item reaches its cases, and what was not sent yet, before it is answered. */
  async function rule(by: Principal, ruling: (tx: Transaction) => Promise<Item>): Promise<Item> {
    const { item, carried } = await store.transact(async (tx) => {
      const ruled = await ruling(tx)
      const count = await carry(tx, by, ruled)
      if (count > 0) register.unreached.note(tx, [ruled.id])
      return { item: ruled, carried: count }
    })
    if (carried > 0) await register.unreached.reach(item.id, (itemId) => carryChange(by, itemId))
    await known.catchUp()
    return item
  }

  async function carryChange(by: Principal, itemId: string): Promise<void> {
    for (;;) {
      const item = await register.get(itemId)
      if ((await store.transact((tx) => carry(tx, by, item))) === 0) return
    }
  }

  /** How many cases it changed; they are changed in batches. */
  async function carry(tx: Transaction, by: Principal, { id, joined, status }: Item) {
    let count = 0
    for (const itemId of [id, ...joined]) {
      const changed = await affected[status](tx, by.id, itemId)
      for (const entry of changed) {
        if (entry.status !== 'open') await takedown.withdrawForCase(tx, by.id, entry.id)
        if (entry.status === 'retracted') takedown.correctForCase(tx, entry.id)
      }
      count += changed.length
    }
    return count
  }

  async function touchedBy({ id, joined }: Pick<Item, 'id' | 'joined'>): Promise<TouchedCase[]> {
    const touched: TouchedCase[] = []
    for (const itemId of [id, ...joined]) {
      for (const { id: caseId, status } of await cases.forItem(itemId)) {
        const notices = await takedown.list({ caseId })
        touched.push({
          ...{ caseId, status },
          notices: notices.map(({ id: noticeId, state, recipient }) => ({
            ...{ id: noticeId, state, recipient },
          })),
        })
      }
    }
    return touched
  }

  function listsOf({ entries }: Item): (tx: Transaction) => Promise<ReadonlyMap<string, List>> {
    return async (tx) => {
      const found = new Map<string, List>()
      for (const { list } of entries) found.set(list, await lists.need(tx, list))
      return found
    }
  }

  async function similar(itemId: string, limit: number): Promise<SimilarItems> {
    if (neighbours.isReady) await neighbours.catchUp()
    const { id, fingerprints } = await store.transact((tx) => register.hashesOf(tx, itemId))
    const found = []
    for (const neighbour of await neighbours.similar(id, fingerprints, limit)) {
      const { status, classification, kind, series } = await register.get(neighbour.itemId)
      found.push({ ...neighbour, ...{ status, classification, kind, series } })
    }
    return { complete: neighbours.isReady, neighbours: found }
  }

  const affected: Record<
    EntryStatus,
    (tx: Transaction, by: string, itemId: string) => Promise<readonly Case[]>
  > = {
    proposed: () => Promise.resolve([]),
    verified: (tx, by, itemId) => cases.verifyItem(tx, by, itemId),
    disputed: (tx, by, itemId) => cases.disputeItem(tx, by, itemId),
    retracted: (tx, by, itemId) => cases.retractItem(tx, by, itemId),
  }

  return {
    async touchedBy(itemId) {
      const item = await register.get(itemId).catch((error: unknown) => {
        if (toHindraError(error).code === 'NOT_FOUND') return undefined
        throw error
      })
      // Retention may have erased it since, with its cases.
      return item === undefined ? [] : touchedBy(item)
    },
    carryChange,
    propose: guarded('item:propose', propose),
    refresh: guarded('item:propose', (by, media) => parts.refreshing.refresh(by, media)),
    verify: guarded('item:verify', (by, target, reason) =>
      rule(by, (tx) => register.verify(tx, by, target, reason)),
    ),
    dispute: guarded('item:verify', async (by, target, reason) => {
      const item = await rule(by, (tx) => register.dispute(tx, by, target, reason))
      return { ...item, touched: await touchedBy(item) }
    }),
    retract: guarded('item:retract', async (by, target, reason) => {
      const item = await rule(by, (tx) => register.retract(tx, by, target, reason))
      return { ...item, touched: await touchedBy(item) }
    }),
    disable: guarded('item:verify', (by, target, until, reason) =>
      store.transact((tx) => register.disable(tx, by, target, until, reason)),
    ),
    enable: guarded('item:verify', (by, target, reason) =>
      store.transact((tx) => register.enable(tx, by, target, reason)),
    ),
    release: guarded('item:verify', (by, itemId, reason) =>
      store.transact((tx) => register.release(tx, by, itemId, reason)),
    ),
    group: guarded('item:propose', (by, itemId, series, reason) =>
      store.transact((tx) => register.group(tx, by, itemId, series, reason)),
    ),
    join: guarded('item:verify', (by, itemId, otherId, reason) =>
      rule(by, (tx) => register.join(tx, by, itemId, otherId, reason)),
    ),
    part: guarded('item:verify', async (by, itemId, otherId, reason) => {
      const item = await rule(by, async (tx) => {
        const parted = await register.part(tx, by, itemId, otherId, reason)
        // What is left may stand otherwise without the other's entries.
        register.unreached.note(tx, [itemId])
        return parted
      })
      await register.unreached.reach(itemId, (id) => carryChange(by, id))
      return item
    }),
    series: readings.all('item:read', 'item.series', (_by, name: string) =>
      store.transact((tx) => register.series(tx, name)),
    ),
    similar: readings.one('item:read', 'item.similar', (_by, itemId, limit: number) =>
      similar(itemId, limit),
    ),
    touched: readings.one('item:read', 'item.cases', async (_by, itemId) =>
      touchedBy(await register.get(itemId)),
    ),
    items: readings.page(
      ...(['item:read', 'item.list'] as const),
      (_by, filter: ItemFilter) => register.list(filter),
      (filter, max) => register.count(filter, max),
    ),
    item: readings.one('item:read', 'item.read', async (by, itemId) => {
      const item = await register.get(itemId)
      const rules = {
        lists: await store.transact(listsOf(item)),
        retraction: register.retraction,
      }
      const possible = possibleActions(by, item, rules, isoTime(clock.now()))
      const reach = item.entries
        .filter(({ status }) => status !== 'retracted')
        .map(({ id: entryId, list, evidence, quality }) => ({
          ...{ entryId, list, most: reachOf(evidence, quality, parts.policy) },
        }))
      return { ...item, history: await register.history(itemId), possible, reach }
    }),

    vocabulary: guarded('item:read', () => Promise.resolve(register.vocabulary)),
    addBenign: guarded('item:propose', async (by, media) => {
      const added = await corpus.add(by, await pool.fingerprint(media))
      return { added, pictures: corpus.pictures }
    }),
    corpus: guarded('item:read', () => Promise.resolve({ pictures: corpus.pictures })),

    lists: guarded('list:read', () => store.transact((tx) => lists.all(tx))),
    list: guarded('list:read', (_by, name) =>
      store.transact(async (tx) => ({
        ...(await lists.view(tx, name)),
        history: await lists.history(tx, name),
      })),
    ),
    createList: guarded('list:manage', (by, list) =>
      store.transact((tx) => lists.create(tx, by, list)),
    ),
    changeList: guarded('list:manage', (by, name, policy, reason) =>
      store.transact((tx) => lists.change(tx, by, name, policy, reason)),
    ),
  }
}

import { allows, type People, type Principal } from '../access/index.ts'
import type { EntryAssessments } from '../assessing/index.ts'
import type { Case, Cases } from '../cases/index.ts'
import type { Config } from '../config.ts'
import { defined, isoTime } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { Tips } from '../intake/index.ts'
import type { Gates, KnownSet, Neighbour, Neighbours } from '../known/index.ts'
import { reachOf, reachText } from '../match/index.ts'
import type { Pool } from '../pool/index.ts'
import {
  type ComparedCopy,
  type EntryStatus,
  type Eyes,
  type GivenCopy,
  hashSetOf,
  withUntoldQuality,
  isVetted,
  type Item,
  type KnownHashSet,
  type List,
  OWN_LIST,
  type Register,
  type StepTarget,
  type VerifyTarget,
} from '../register/index.ts'
import { type Context, type Transaction, unlessGone } from '../store/index.ts'
import type { Takedown } from '../takedown/index.ts'
import { type HashedAnswer, type HashedProposal, proposeEach } from './hashed.ts'
import { browserSetOf, createOwnCopies } from './own-copies.ts'
import { possibleActions } from './possible.ts'
import type { ItemDetail, ItemProposal, ProposedMaterial } from './proposal.ts'
import type { Touched, TouchedCase } from './touched.ts'

/** Known items that look like one. */
export interface SimilarItems {
  /** False while the graph of neighbours is still being built: there may be more. */
  readonly complete: boolean
  /** Nearest first; with their series, which the item may belong to. */
  readonly neighbours: readonly (Neighbour &
    Pick<Item, 'status' | 'classification' | 'kind' | 'series'>)[]
}

export interface CurationParts {
  readonly register: Register
  readonly gates: Gates
  readonly known: Pick<KnownSet, 'catchUp'>
  readonly pool: Pick<Pool, 'fingerprint'>
  readonly cases: Cases
  readonly tips: Pick<Tips, 'read'>
  readonly access: Pick<People, 'people'>
  readonly entryAssessments: Omit<EntryAssessments, 'afterPanel'>
  readonly neighbours: Neighbours
  readonly takedown: Pick<Takedown, 'withdrawForCase' | 'correctForCase' | 'list'>
  readonly policy: Config['match']
  /** Whether what is proposed with its media keeps local features. */
  readonly keepsFeatures: boolean
}

/**
 * What people say of known material, and what a change of it does to cases and notices. See the stage `register`
 * for what each throws.
 */
export interface Curation {
  propose(by: Principal, proposal: ItemProposal): Promise<Item>
  /** The same of several pictures that a browser has hashed. Throws as `propose` where none of them could be. */
  proposeHashed(by: Principal, proposal: HashedProposal): Promise<HashedAnswer>
  /**
   * @param copy The verifier's own. Throws CONFLICT where it is of something else, RATE_LIMITED where hashes were asked
   *   about too often
   */
  verify(
    by: Principal,
    target: Omit<VerifyTarget, 'ownCopy'>,
    reason?: string,
    copy?: GivenCopy,
  ): Promise<Item>
  /**
   * Verifies, as one of many, what this person has seen: an item whose proposed bytes a file of theirs was, or that they
   * read as it is now. Its cases are reached by `carryChanges`. Throws as `verify`, and NOT_LOOKED_AT.
   */
  verifyLooked(tx: Transaction, by: Principal, itemId: string, reason?: string): Promise<Item>
  /**
   * How a file compares with what waits of an item, or with the item that has these very bytes; of hashes of a browser the
   * item must be named, and no distance is told. Throws NOT_FOUND, CONFLICT where nothing of the item waits, RATE_LIMITED.
   */
  compare(by: Principal, copy: GivenCopy, itemId?: string): Promise<ComparedCopy>
  dispute(by: Principal, target: StepTarget, reason: string): Promise<Item & Touched>
  /** Retracts it, and tells what that touches: corrections are due to whoever was told. */
  retract(by: Principal, target: StepTarget, reason: string): Promise<Item & Touched>
  /** The other item is this one, in another encoding. */
  join(by: Principal, itemId: string, otherId: string, reason: string): Promise<Item>
  /** The other item was joined by mistake: it is one of its own again, and is given back. */
  part(by: Principal, itemId: string, otherId: string, reason: string): Promise<Item>
  /** An item with its life so far, and what this person can do with it next. */
  detail(by: Principal, itemId: string): Promise<ItemDetail>
  /** What resembles the item in the own register, beyond the radius of a match too. */
  similar(itemId: string, limit: number): Promise<SimilarItems>
  /** The cases of the item and what was sent of them: whom a correction concerns. None of one that is gone. */
  touched(itemId: string): Promise<readonly TouchedCase[]>
  /** A changed entry reaches the cases of its item, whoever changed it. */
  carryChange(by: Principal, itemId: string): Promise<void>
  /** The same of all entries that changed and whose cases were not reached yet. */
  carryChanges(by: Principal): Promise<void>
}

export function createCuration(context: Context, parts: CurationParts): Curation {
  const { store, clock } = context
  const { register, gates, known, neighbours, pool, cases, tips, takedown } = parts
  const { access, entryAssessments } = parts
  const { lists } = register
  const ownCopies = createOwnCopies(context, parts)

  async function propose(by: Principal, proposal: ItemProposal): Promise<Item> {
    const { list: name = OWN_LIST, classification, key, description = {} } = proposal
    const { caseId, tipId } = proposal
    const fileName = 'fileName' in proposal ? proposal.fileName : undefined
    const fileBytes = 'media' in proposal ? proposal.media.length : undefined
    const origin = defined({ fileName, fileBytes, caseId, tipId })
    const list = await store.transact((tx) => lists.needOpen(tx, name))
    if ('hasher' in proposal && list.kind === 'allow') {
      const message = 'list: what clears others is hashed by Hindra itself: hindra register'
      throw new HindraError('INVALID_INPUT', message, { field: 'list' })
    }
    const hashes = await hashesOf(proposal, list)
    const [findings = []] = await gates.inspect(list, [hashes])
    const { item, isVerified } = await store.transact(async (tx) => {
      if (caseId !== undefined) await cases.read(tx, caseId)
      if (tipId !== undefined) await tips.read(tx, tipId)
      const entered = await register.enter(tx, by, {
        list: name,
        hashes,
        findings,
        description,
        origin,
        ...defined({ classification, key }),
      })
      // Two people may have assessed it before anybody proposed it.
      const isVerified = await entryAssessments.afterProposal(tx, entered.item.id)
      return { item: entered.item, isVerified }
    })
    if (isVerified) await register.unreached.reach(item.id, (itemId) => carryChange(by, itemId))
    await known.catchUp()
    return isVerified ? register.get(item.id) : item
  }

  async function hashesOf(material: ProposedMaterial, list: List): Promise<KnownHashSet> {
    if ('media' in material) {
      const features = parts.keepsFeatures && list.keepsFeatures
      return pool.fingerprint(material.media, { features })
    }
    if ('hasher' in material) return browserSetOf(material.hashes)
    return withUntoldQuality(hashSetOf(material.hashes, material.kind), list.untoldQuality)
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

  /** What waits of an item and this person has seen: by a file of their own, to the byte, or by reading it. */
  async function seenBy(
    tx: Transaction,
    by: Principal,
    itemId: string,
  ): Promise<Omit<VerifyTarget, 'acknowledgeFindings'>> {
    const { id, entries } = await register.read(tx, itemId)
    const waiting = entries.filter(({ status }) => status === 'proposed' || status === 'disputed')
    for (const { entryIds, sha256 } of await register.looks.by(tx, by, id)) {
      const [entry] = waiting.filter((one) => entryIds.includes(one.id))
      if (entry === undefined) continue
      if (sha256 === null && waiting.every((one) => entryIds.includes(one.id)))
        return { itemId: id }
      // The bytes are compared once more, with the entry as it is now.
      const ownCopy = { kind: 'unknown', views: [], sha256 } as const
      if (sha256 !== null) return { itemId: id, entryId: entry.id, ownCopy: { ...ownCopy, sha256 } }
    }
    if (waiting.length === 0) return { itemId: id }
    throw new HindraError('NOT_LOOKED_AT', { says: 'item-unseen', id })
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
      for (const { id: caseId, status, decision, openedAt } of await cases.forItem(itemId)) {
        const notices = await takedown.list({ caseId })
        touched.push({
          caseId,
          status,
          decision,
          openedAt,
          notices: notices.map(({ id: noticeId, state, recipient }) => ({
            id: noticeId,
            state,
            recipient,
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

  /** The eyes of whoever had a part in the item, and of who asks. */
  function eyesOn(by: Principal, { entries }: Item): Promise<ReadonlyMap<string, Eyes>> {
    const acted = entries.flatMap(({ proposedBy, disputedBy }) => [proposedBy, disputedBy ?? []])
    return store.transact(async (tx) => {
      const found = new Map<string, Eyes>()
      for (const id of new Set([by.id, ...acted.flat()]))
        found.set(id, await register.behind(tx, id))
      return found
    })
  }

  /** By whose assessments entries were verified, by their pseudonyms. */
  async function assessorsOf({ entries }: Item): Promise<ItemDetail['assessed']> {
    const found = entries.flatMap(({ id, assessed }) =>
      assessed === undefined ? [] : [{ entryId: id, ...assessed }],
    )
    if (found.length === 0) return []
    const people = await access.people()
    const pseudonyms = new Map(people.map(({ id, pseudonym }) => [id, pseudonym]))
    return found.map(({ entryId, panelId, by }) => ({
      entryId,
      panelId,
      people: by.map((id) => pseudonyms.get(id) ?? null),
    }))
  }

  async function similar(itemId: string, limit: number): Promise<SimilarItems> {
    if (neighbours.isReady) await neighbours.catchUp()
    const { id, fingerprints } = await store.transact((tx) => register.hashesOf(tx, itemId))
    const found = []
    for (const neighbour of await neighbours.similar(id, fingerprints, limit)) {
      const { status, classification, kind, series } = await register.get(neighbour.itemId)
      found.push({ ...neighbour, status, classification, kind, series })
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
    propose,
    proposeHashed: (by, proposal) => proposeEach(propose, by, proposal),
    async verify(by, target, reason, copy) {
      const { itemId, entryId } = target
      const ownCopy = copy && (await ownCopies.hashed(by, copy, itemId))
      const wanted = { ...target, ...defined({ ownCopy }) }
      return rule(by, async (tx) => {
        const assessed = await entryAssessments.demanded(tx, itemId, entryId)
        const verified = { ...wanted, ...defined({ assessed }) }
        const item = await register.verify(tx, by, verified, reason)
        if (ownCopy !== undefined) await ownCopies.addSeen(tx, by, item.id, ownCopy)
        return register.read(tx, item.id)
      })
    },
    async verifyLooked(tx, by, itemId, reason) {
      const seen = await seenBy(tx, by, itemId)
      const assessed = await entryAssessments.demanded(tx, itemId, seen.entryId)
      const item = await register.verify(tx, by, { ...seen, ...defined({ assessed }) }, reason)
      register.unreached.note(tx, [item.id])
      return item
    },
    async compare(by, copy, itemId) {
      const compared = await ownCopies.compare(by, copy, itemId)
      await known.catchUp()
      return compared
    },
    async dispute(by, target, reason) {
      const item = await rule(by, (tx) => register.dispute(tx, by, target, reason))
      return { ...item, touched: await touchedBy(item) }
    },
    async retract(by, target, reason) {
      const item = await rule(by, (tx) => register.retract(tx, by, target, reason))
      return { ...item, touched: await touchedBy(item) }
    },
    join: (by, itemId, otherId, reason) =>
      rule(by, (tx) => register.join(tx, by, itemId, otherId, reason)),
    async part(by, itemId, otherId, reason) {
      const item = await rule(by, async (tx) => {
        const parted = await register.part(tx, by, itemId, otherId, reason)
        // What is left may stand otherwise without the other's entries.
        register.unreached.note(tx, [itemId])
        return parted
      })
      await register.unreached.reach(itemId, (id) => carryChange(by, id))
      return item
    },
    async detail(by, itemId) {
      const item = await register.get(itemId)
      if (allows(by, 'item:verify')) {
        const look = { entryIds: item.entries.map(({ id }) => id), sha256: null }
        await store.transact((tx) => register.looks.note(tx, by, item.id, look))
      }
      const rules = {
        lists: await store.transact(listsOf(item)),
        retraction: register.retraction,
        eyes: await eyesOn(by, item),
        missing: await store.transact((tx) => entryAssessments.missing(tx, item.id)),
      }
      const possible = possibleActions(by, item, rules, isoTime(clock.now()))
      const reach = item.entries
        .filter(({ status }) => status !== 'retracted')
        .map((entry) => {
          const list = rules.lists.get(entry.list)
          const said = reachOf(entry, list !== undefined && isVetted(list), parts.policy)
          return { entryId: entry.id, list: entry.list, most: reachText(said), said }
        })
      const assessed = await assessorsOf(item)
      return { ...item, history: await register.history(itemId), possible, reach, assessed }
    },
    similar,
    async touched(itemId) {
      const item = await unlessGone(register.get(itemId))
      // Retention may have erased it since, with its cases.
      return item === undefined ? [] : touchedBy(item)
    },
    carryChange,
    async carryChanges(by) {
      await register.unreached.reachAll((itemId) => carryChange(by, itemId))
      await known.catchUp()
    },
  }
}

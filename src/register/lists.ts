import type { Principal } from '../access/index.ts'
import type { Audit } from '../audit/index.ts'
import { isoTime, own } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import {
  Collection,
  type Context,
  keySpace,
  readCounter,
  type Transaction,
  unlessDamaged,
} from '../store/index.ts'
import { CLASSIFICATIONS } from './classification.ts'
import { EVIDENCE_KINDS, type EvidenceCounts, type EvidenceKind } from './evidence.ts'
import {
  ALLOW_LIST,
  isVetted,
  type List,
  type ListEvent,
  type ListPolicy,
  type ListView,
  type NewList,
  OWN_LIST,
  OWN_REQUESTS,
  VETTING_PERSONS,
} from './list-types.ts'
import { checkReason } from './proposal.ts'
import { ENTRY_STATUSES, type EntryStatus, LIST_KINDS } from './item.ts'

const NAME = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,254}$/
const DESCRIPTION_CHARS_MAX = 1_000
/** A register with so many lists has another purpose. */
const LISTS_MAX = 1_000

/** Lists of before nobody has vetted, and they keep features as the house does. */
const OF_BEFORE = { vettedBy: [], keepsFeatures: true, untoldQuality: 0 } as const
const STRICT: ListPolicy = {
  fourEyes: true,
  reviewOnly: [],
  arrivesAs: 'proposed',
  keepsFeatures: true,
  untoldQuality: 0,
}

/** Whatever somebody might set: review alone, and nothing that a child could be recognised from. */
const OF_OWN_REQUESTS: ListPolicy = {
  fourEyes: true,
  reviewOnly: CLASSIFICATIONS,
  arrivesAs: 'proposed',
  keepsFeatures: false,
  untoldQuality: 0,
}

type SinceThen = keyof typeof OF_BEFORE
type ListClear = Omit<List, 'name' | 'description' | SinceThen> & Partial<Pick<List, SinceThen>>
type PolicyClear = Omit<ListPolicy, SinceThen> & Partial<ListPolicy>
type EventClear = Omit<ListEvent, 'reason' | 'vettedBy' | 'from' | 'to'> &
  Partial<Pick<ListEvent, 'vettedBy'>> & {
    readonly from: PolicyClear | null
    readonly to: PolicyClear
  }
type ListSealed = Pick<List, 'description'>

/** The lists, which say whose entries are: the house's own, partners', and what is known to be harmless. */
export interface Lists {
  /** Throws INVALID_INPUT, CONFLICT. */
  create(tx: Transaction, by: Principal, list: NewList): Promise<List>
  /**
   * A person has vetted how its hashes are made and checked; two of them have to. Throws NOT_FOUND, INVALID_INPUT (the
   * allow-list confirms nothing), FORBIDDEN (no person), SAME_PERSON, CONFLICT (two have).
   */
  vet(tx: Transaction, by: Principal, name: string, reason: string): Promise<List>
  /** Takes that back, alone. Throws NOT_FOUND, CONFLICT (nobody has). */
  unvet(tx: Transaction, by: Principal, name: string, reason: string): Promise<List>
  /** Another policy; who vetted the old one has not vetted this. Throws NOT_FOUND, INVALID_INPUT. */
  change(
    tx: Transaction,
    by: Principal,
    name: string,
    policy: Partial<ListPolicy>,
    reason: string,
  ): Promise<List>
  /** Throws NOT_FOUND. */
  need(tx: Transaction, name: string): Promise<List>
  /** A list that people and exchanges add to and take from. Throws as `need`, and CONFLICT for own requests. */
  needOpen(tx: Transaction, name: string): Promise<List>
  view(tx: Transaction, name: string): Promise<ListView>
  /** All lists by name. */
  all(tx: Transaction): Promise<readonly ListView[]>
  /** What happened to the list, the oldest first. */
  history(tx: Transaction, name: string): Promise<readonly ListEvent[]>
  /** Counts an entry that came into the list, changed, or left it. */
  count(tx: Transaction, name: string, from: EntryStatus | null, to: EntryStatus | null): void
  /** What living entries of lists that accuse can be found by. */
  evidence(tx: Transaction): Promise<EvidenceCounts>
  /** Counts what a living entry can be found by; null where it comes or goes. */
  countEvidence(
    tx: Transaction,
    name: string,
    from: EvidenceKind | null,
    to: EvidenceKind | null,
  ): void
}

const BUILT_IN: Readonly<Record<string, List['kind']>> = {
  [OWN_LIST]: 'own',
  [ALLOW_LIST]: 'allow',
  [OWN_REQUESTS]: 'own',
}

/** How many entries each list has, by status, and by what can find the living ones. */
const ENTRIES = keySpace('list-entries')
const EVIDENCE = keySpace('list-evidence')

export function createLists({ sealer, clock, newId }: Context, audit: Audit): Lists {
  const lists = new Collection<ListClear, ListSealed>(keySpace('list'), sealer)
  /** An import asks for its list with every line: each is opened once a transaction. */
  const opened = new WeakMap<Transaction, Map<string, List | undefined>>()

  return {
    async create(tx, by, { name, kind, description = null, ...policy }) {
      checkNew(name, kind, description)
      if ((await find(tx, name)) !== undefined) {
        throw new HindraError('CONFLICT', { says: 'list-exists', name })
      }
      if ((await names(tx)).length >= LISTS_MAX) {
        throw new HindraError('CONFLICT', `there are ${LISTS_MAX} lists already`)
      }
      const checked = checkPolicy(kind, { ...STRICT, ...policy })
      const list = {
        name,
        kind,
        description,
        createdBy: by.id,
        createdAt: now(),
        vettedBy: [],
        ...checked,
      }
      put(tx, list)
      append(tx, by, list, null, null)
      audit.append(tx, {
        by: by.id,
        action: 'list.create',
        subject: name,
        detail: { kind, ...detailOf(checked) },
      })
      return list
    },

    async change(tx, by, name, policy, reason) {
      const list = await needOpen(tx, name)
      const from = policyOf(list)
      const to = checkPolicy(list.kind, { ...from, ...policy })
      const why = checkReason(reason, true)
      const changed = { ...list, ...to, vettedBy: [] }
      put(tx, changed)
      append(tx, by, changed, from, why)
      audit.append(tx, { by: by.id, action: 'list.change', subject: name, detail: detailOf(to) })
      return changed
    },

    async vet(tx, by, name, reason) {
      const list = await needOpen(tx, name)
      if (list.kind === 'allow') throw invalid('name', 'an allow-list confirms nothing')
      if (by.kind !== 'person') throw new HindraError('FORBIDDEN', { says: 'list-vet-person' })
      if (isVetted(list)) {
        throw new HindraError('CONFLICT', { says: 'list-vetted', persons: VETTING_PERSONS })
      }
      if (list.vettedBy.includes(by.id)) {
        throw new HindraError('SAME_PERSON', { says: 'list-vet-second' })
      }
      return vetted(tx, by, { ...list, vettedBy: [...list.vettedBy, by.id] }, reason)
    },

    async unvet(tx, by, name, reason) {
      const list = await need(tx, name)
      if (list.vettedBy.length === 0) throw new HindraError('CONFLICT', { says: 'list-unvetted' })
      return vetted(tx, by, { ...list, vettedBy: [] }, reason)
    },

    need,
    needOpen,
    view,

    all,

    async evidence(tx) {
      const counts = EVIDENCE_KINDS.map((kind): [EvidenceKind, number] => [kind, 0])
      for (const { kind, evidence } of await all(tx)) {
        if (kind === 'allow') continue
        for (const count of counts) count[1] += evidence[count[0]]
      }
      return Object.fromEntries(counts) as EvidenceCounts
    },

    async history(tx, name) {
      await need(tx, name)
      const events: ListEvent[] = []
      for await (const { clear, sealed } of eventsOf(name).rows(tx)) {
        const { from, to, vettedBy = [], ...event } = clear
        const whole = (was: PolicyClear): ListPolicy => ({
          ...was,
          keepsFeatures: was.keepsFeatures ?? OF_BEFORE.keepsFeatures,
          untoldQuality: was.untoldQuality ?? OF_BEFORE.untoldQuality,
        })
        events.push({ ...event, from: from && whole(from), to: whole(to), vettedBy, ...sealed })
      }
      return events
    },

    count(tx, name, from, to) {
      if (from === to) return
      if (from !== null) tx.add(ENTRIES(name, from), -1)
      if (to !== null) tx.add(ENTRIES(name, to), 1)
    },

    countEvidence(tx, name, from, to) {
      if (from === to) return
      if (from !== null) tx.add(EVIDENCE(name, from), -1)
      if (to !== null) tx.add(EVIDENCE(name, to), 1)
    },
  }

  /** The lists without what is damaged, of which nothing is entered and nothing verified. */
  async function all(tx: Transaction): Promise<ListView[]> {
    const views: ListView[] = []
    for (const name of await names(tx)) {
      const found = await unlessDamaged(view(tx, name))
      if (found !== undefined) views.push(found)
    }
    return views
  }

  async function find(tx: Transaction, name: string): Promise<List | undefined> {
    const found = opened.get(tx) ?? new Map<string, List | undefined>()
    opened.set(tx, found)
    if (!found.has(name)) found.set(name, await read(tx, name))
    return found.get(name)
  }

  async function read(tx: Transaction, name: string): Promise<List | undefined> {
    const row = await lists.get(tx, name)
    if (row !== undefined && name !== OWN_REQUESTS)
      return { name, ...OF_BEFORE, ...row.clear, ...row.sealed }
    const kind = own(BUILT_IN, name)
    if (kind === undefined) return undefined
    const made = { createdBy: 'hindra', createdAt: isoTime(0), vettedBy: [] }
    const policy = name === OWN_REQUESTS ? OF_OWN_REQUESTS : STRICT
    return { name, kind, description: null, ...made, ...policy }
  }

  async function need(tx: Transaction, name: string): Promise<List> {
    const list = await find(tx, name)
    if (list !== undefined) return list
    throw new HindraError('NOT_FOUND', { says: 'list-none', name }, { field: 'list' })
  }

  async function needOpen(tx: Transaction, name: string): Promise<List> {
    if (name !== OWN_REQUESTS) return need(tx, name)
    const message = { says: 'list-of-children', name } as const
    throw new HindraError('CONFLICT', message, { field: 'list' })
  }

  async function view(tx: Transaction, name: string): Promise<ListView> {
    const list = await need(tx, name)
    const counts: [EntryStatus, number][] = []
    for (const status of ENTRY_STATUSES) {
      counts.push([status, readCounter(await tx.get(ENTRIES(name, status)))])
    }
    const evidence: [EvidenceKind, number][] = []
    for (const kind of EVIDENCE_KINDS) {
      evidence.push([kind, readCounter(await tx.get(EVIDENCE(name, kind)))])
    }
    return {
      ...list,
      entries: Object.fromEntries(counts) as ListView['entries'],
      evidence: Object.fromEntries(evidence) as EvidenceCounts,
    }
  }

  async function names(tx: Transaction): Promise<readonly string[]> {
    const found = new Set(Object.keys(BUILT_IN))
    for await (const { id } of lists.clearRows(tx)) found.add(id)
    return [...found].sort()
  }

  function put(tx: Transaction, { name, description, ...clear }: List): void {
    lists.put(tx, name, clear, { description })
    opened.get(tx)?.delete(name)
  }

  function vetted(tx: Transaction, by: Principal, list: List, reason: string): List {
    const { name, vettedBy } = list
    const why = checkReason(reason, true)
    put(tx, list)
    append(tx, by, list, policyOf(list), why)
    const detail = { persons: vettedBy.length }
    audit.append(tx, { by: by.id, action: 'list.vet', subject: name, detail })
    return list
  }

  /** What the list is now, and what its policy was. */
  function append(
    tx: Transaction,
    by: Principal,
    { name, vettedBy, ...policy }: List,
    from: ListPolicy | null,
    reason: string | null,
  ): void {
    const to = policyOf(policy)
    eventsOf(name).put(tx, newId(), { at: now(), by: by.id, from, to, vettedBy }, { reason })
  }

  function eventsOf(name: string): Collection<EventClear, Pick<ListEvent, 'reason'>> {
    return new Collection(keySpace(`list-event/${name}`), sealer)
  }

  function now(): string {
    return isoTime(clock.now())
  }
}

function policyOf(policy: ListPolicy): ListPolicy {
  const { fourEyes, reviewOnly, arrivesAs, keepsFeatures, untoldQuality } = policy
  return { fourEyes, reviewOnly, arrivesAs, keepsFeatures, untoldQuality }
}

function detailOf(policy: ListPolicy) {
  return { ...policyOf(policy), reviewOnly: policy.reviewOnly.join(' ') }
}

/** The policy without what is repeated in it. */
function checkPolicy(kind: List['kind'], policy: ListPolicy): ListPolicy {
  const reviewOnly = CLASSIFICATIONS.filter((name) => policy.reviewOnly.includes(name))
  if (policy.reviewOnly.some((name) => !CLASSIFICATIONS.includes(name))) {
    throw invalid('reviewOnly', `of ${CLASSIFICATIONS.join(', ')}`)
  }
  if (policy.arrivesAs === 'verified' && kind !== 'partner') {
    throw invalid('arrivesAs', 'only a partner’s people can have verified what arrives')
  }
  const { untoldQuality } = policy
  if (!Number.isInteger(untoldQuality) || untoldQuality < 0 || untoldQuality > 100) {
    throw invalid('untoldQuality', 'a whole number, 0 to 100')
  }
  return { ...policyOf(policy), reviewOnly }
}

function checkNew(name: string, kind: string, description: string | null): void {
  if (!NAME.test(name)) {
    throw invalid(
      'name',
      'letters, digits, `-`, `_` and `.`, at most 255, the first neither `-` nor `.`',
    )
  }
  if (!(LIST_KINDS as readonly string[]).includes(kind)) {
    throw invalid('kind', `one of ${LIST_KINDS.join(', ')}`)
  }
  if ((description ?? '').length > DESCRIPTION_CHARS_MAX) {
    throw invalid('description', `over ${DESCRIPTION_CHARS_MAX} characters`)
  }
}

function invalid(field: string, message: string): HindraError {
  return new HindraError('INVALID_INPUT', `${field}: ${message}`, { field })
}

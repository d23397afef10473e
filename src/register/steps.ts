import type { Principal } from '../access/index.ts'
import { defined, isoTime } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { Context, Transaction } from '../store/index.ts'
import { evidenceOf } from './evidence.ts'
import { checkAcknowledged } from './findings.ts'
import {
  isFirstOfTwo,
  type Obstacle,
  obstacleToRetract,
  obstacleToVerify,
  type RetractionPolicy,
} from './obstacles.ts'
import { checkReason } from './proposal.ts'
import type { RegisterParts } from './register-parts.ts'
import { BY, type EntryClear, entriesOf, type StoredEntry, withEntries } from './item-records.ts'
import { statusOf } from './standing.ts'
import { type KnownHashSet, slackOf } from './hash-set.ts'
import type { EntryStatus, EqualAssessments, Item, OwnCopy } from './item.ts'
import { compareCopy } from './own-copy.ts'

/** The states from which each step of an entry may be taken. */
const STEPS = {
  verify: { from: ['proposed', 'disputed'], to: 'verified' },
  dispute: { from: ['verified'], to: 'disputed' },
  retract: { from: ['proposed', 'verified', 'disputed'], to: 'retracted' },
} as const satisfies Record<string, { from: readonly EntryStatus[]; to: EntryStatus }>

const FIRST_OF_TWO = 'the first of two persons: nobody answers for the machine that proposed it'

export type StepName = keyof typeof STEPS

/** The steps that an entry of this status can take. */
export function stepsFrom(status: EntryStatus): readonly StepName[] {
  return (Object.keys(STEPS) as StepName[]).filter((name) =>
    (STEPS[name].from as readonly EntryStatus[]).includes(status),
  )
}

/** The entries that a step is taken of: one, or all of the item that it can be taken of. */
export interface StepTarget {
  readonly itemId: string
  readonly entryId?: string
}

export interface RetractTarget extends StepTarget {
  /** The list itself does not say it any more. */
  readonly isByList?: boolean
}

export interface VerifyTarget extends StepTarget {
  /** What was found about the entry was looked at. */
  readonly acknowledgeFindings?: boolean
  /** The verifier's own copy, as Hindra hashed it: one of something else verifies nothing. */
  readonly ownCopy?: KnownHashSet
  /** What the house demands beside the verifier's word. */
  readonly assessed?: EqualAssessments
}

/** What a verification rests on beside the verifier's word. */
type VerifiedBeside = { readonly [Part in 'ownCopy' | 'assessed']: VerifyTarget[Part] | undefined }

/** What of it the entry keeps. */
interface KeptBeside {
  readonly verifiedWith?: OwnCopy | undefined
  readonly verifiedByHasher?: string | undefined
  readonly assessed?: VerifyTarget['assessed']
}

/** The life of an entry. */
export function createSteps(
  { clock }: Context,
  { items, log, lists, behind }: RegisterParts,
  policy: RetractionPolicy,
) {
  /** See `Register`. */
  return async function step(
    tx: Transaction,
    by: Principal,
    {
      itemId,
      entryId,
      acknowledgeFindings = false,
      isByList = false,
      ownCopy,
      assessed,
    }: VerifyTarget & RetractTarget,
    name: StepName,
    reason: string | undefined,
  ): Promise<Item> {
    const why = checkReason(reason, name !== 'verify')
    const row = await items.need(tx, itemId)
    const before = entriesOf(row)
    const chosen = chooseEntries(before, entryId, name)
    if (name === 'verify') {
      for (const { clear } of chosen) await lists.needOpen(tx, clear.list)
      const found = chosen.flatMap(({ sealed }) => sealed.findings)
      checkAcknowledged(found, acknowledgeFindings)
    }
    const after: StoredEntry[] = []
    for (const entry of before) {
      if (!chosen.includes(entry)) after.push(entry)
      else {
        const taken = await takenStep(tx, by, entry, name, isByList)
        after.push(await changed(tx, by, row.id, entry, taken, why, { ownCopy, assessed }))
      }
    }
    const next = withEntries(row, name === 'retract' ? after.map(takenBackBy(isByList)) : after)
    items.change(tx, row, next)
    if (statusOf(next.clear.entries) === 'retracted') {
      tx.put(BY.retracted(isoTime(clock.now()), row.id), new Uint8Array())
    }
    return items.view(tx, next)
  }

  /** Where it takes two to retract, the first one's retraction is a dispute. Throws SAME_PERSON. */
  async function takenStep(
    tx: Transaction,
    by: Principal,
    { clear }: StoredEntry,
    name: StepName,
    isByList: boolean,
  ): Promise<StepName> {
    // What a list does not say any more is not asked about.
    if (name !== 'retract' || isByList) return name
    const { status, disputedBy = null } = clear
    const disputing = disputedBy === null ? [] : [disputedBy, ...(await behind(tx, disputedBy))]
    const retracting = { id: by.id, eyes: await behind(tx, by.id) }
    refuse(obstacleToRetract(policy, retracting, { status, disputedBy: disputing }))
    return policy.retractionFourEyes && clear.status === 'verified' ? 'dispute' : name
  }

  async function changed(
    tx: Transaction,
    by: Principal,
    itemId: string,
    entry: StoredEntry,
    name: StepName,
    reason: string | null,
    { ownCopy, assessed }: VerifiedBeside,
  ): Promise<StoredEntry> {
    const { list, status: from, classification } = entry.clear
    const verified = name === 'verify' ? await verifiedBy(tx, by, entry.clear) : {}
    const beside = name === 'verify' ? besideOf(entry, { ownCopy, assessed }) : {}
    const to = 'confirmedBy' in verified ? from : STEPS[name].to
    const isDoubted = name === 'dispute' || (to !== from && entry.clear.disputedBy !== undefined)
    const disputed = isDoubted ? { disputedBy: name === 'dispute' ? by.id : null } : {}
    lists.count(tx, list, from, to)
    if (to === 'retracted') lists.countEvidence(tx, list, evidenceOf(entry.sealed.hashes), null)
    const codes = entry.sealed.findings.map(({ code }) => code)
    const acknowledged = name === 'verify' && codes.length > 0 ? codes.join(' ') : null
    log.append(tx, by, itemId, {
      action: name,
      entry: entry.clear,
      from,
      to,
      reason,
      ...('confirmedBy' in verified ? { detail: FIRST_OF_TWO } : {}),
      audited: {
        classification,
        acknowledged,
        ...defined({
          verifiedWith: beside.verifiedWith,
          verifiedByHasher: beside.verifiedByHasher,
          panel: beside.assessed?.panelId,
        }),
      },
    })
    const clear = { ...entry.clear, ...verified, ...disputed, status: to }
    return { ...entry, clear: name === 'verify' ? verifiedBeside(clear, beside) : clear }
  }

  /** The first of two persons only confirms. Throws FORBIDDEN, SAME_PERSON. */
  async function verifiedBy(tx: Transaction, by: Principal, entry: EntryClear) {
    const { confirmedBy = null } = entry
    const proposed = { proposedBy: await behind(tx, entry.proposedBy), confirmedBy }
    const list = await lists.need(tx, entry.list)
    refuse(obstacleToVerify(by, proposed, list))
    if (isFirstOfTwo(proposed, list)) return { confirmedBy: by.id }
    // Of a machine that nobody answers for nobody knows whose it is.
    const isUnknown = proposed.proposedBy.length === 0 && confirmedBy === null
    const onePerson = proposed.proposedBy.includes(by.id) || isUnknown
    return { verifiedBy: by.id, verifiedAt: isoTime(clock.now()), onePerson }
  }
}

/** Undefined without a copy. Throws CONFLICT where it is of something else. */
function copyOf({ sealed }: StoredEntry, ownCopy: KnownHashSet | undefined): OwnCopy | undefined {
  if (ownCopy === undefined) return undefined
  const { how } = compareCopy(sealed.hashes, ownCopy)
  if (how === 'same-bytes' || how === 'alike') return how
  const field = slackOf(ownCopy) > 0 ? 'hashes' : 'media'
  throw new HindraError('CONFLICT', { says: `copy-${how}` }, { field })
}

function besideOf(entry: StoredEntry, { ownCopy, assessed }: VerifiedBeside): KeptBeside {
  const isOfBrowser = ownCopy !== undefined && slackOf(ownCopy) > 0
  return {
    verifiedWith: copyOf(entry, ownCopy),
    verifiedByHasher: isOfBrowser ? ownCopy.hasher : undefined,
    assessed,
  }
}

/** What an earlier verification was made with says nothing of this one. */
function verifiedBeside(entry: EntryClear, beside: KeptBeside): EntryClear {
  const { verifiedWith, verifiedByHasher, assessed } = beside
  return defined({ ...entry, verifiedWith, verifiedByHasher, assessed })
}

function refuse(obstacle: Obstacle | undefined): void {
  if (obstacle !== undefined) throw new HindraError(obstacle.code, obstacle.message)
}

/** Says of what is retracted now whether its list or a person here took it back. */
function takenBackBy(isByList: boolean): (entry: StoredEntry) => StoredEntry {
  const retractedBy = isByList ? 'list' : 'person'
  return (entry) =>
    entry.clear.status === 'retracted' && entry.clear.retractedBy === null
      ? { ...entry, clear: { ...entry.clear, retractedBy } }
      : entry
}

/** Throws NOT_FOUND, CONFLICT, and INVALID_INPUT where it is not clear which entry is meant. */
function chooseEntries(
  entries: readonly StoredEntry[],
  entryId: string | undefined,
  name: StepName,
): readonly StoredEntry[] {
  const { from, to } = STEPS[name]
  const isReady = ({ clear }: StoredEntry) =>
    (from as readonly EntryStatus[]).includes(clear.status)
  const named =
    entryId === undefined ? entries : entries.filter(({ clear }) => clear.id === entryId)
  if (named.length === 0) throw new HindraError('NOT_FOUND', { says: 'entry-none' })
  const ready = named.filter(isReady)
  if (ready.length === 0) {
    const is = [...new Set(named.map(({ clear }) => clear.status))].join(', ')
    throw new HindraError('CONFLICT', { says: 'item-transition', is, to })
  }
  // A doubt concerns the picture, whatever list it is in; a confirmation, what one list says of it.
  if (name === 'verify' && ready.length > 1) {
    const ids = ready.map(({ clear }) => `${clear.id} (${clear.list})`).join(', ')
    throw new HindraError(
      'INVALID_INPUT',
      { says: 'entries-several', ids },
      {
        field: 'entryId',
      },
    )
  }
  return ready
}

import { type Access, allows, type PersonView, type Principal } from '../access/index.ts'
import { type Case, type Cases, isTakenBack } from '../cases/index.ts'
import { HindraError } from '../errors.ts'
import type { Register } from '../register/index.ts'
import { type Store, type Transaction, unlessGone } from '../store/index.ts'
import type { Objection, ObjectionDecision, Takedown } from '../takedown/index.ts'
import type { Decisions } from './decisions.ts'

/** An objection with those who may decide about it. */
export interface ObjectionDetail extends Objection {
  /** Pseudonyms of persons whose role allows it and who had no part in what it is against. */
  readonly mayDecide: readonly string[]
}

/** What a decision came to. */
export interface ObjectionResult {
  readonly objection: Objection
  readonly caseStatus: Case['status']
  /**
   * The item that the case was recognised by, which goes on to match elsewhere until it is disputed; null where the
   * objection was rejected, and of what an analyst assessed.
   */
  readonly standingItem: string | null
}

/** Objections to what was told, decided by somebody else than whoever decided first. */
export interface Objecting {
  /** Throws NOT_FOUND. */
  show(id: string): Promise<ObjectionDetail>
  /**
   * Upheld: the case is taken back, and whoever was told of it is told so. Rejected: it stands. Either is answered by
   * letter. Throws NOT_FOUND, CONFLICT (open no more), SAME_PERSON, FORBIDDEN where `by` is no person, ASSIGNED,
   * INVALID_INPUT.
   */
  decide(by: Principal, id: string, ruling: ObjectionDecision): Promise<ObjectionResult>
}

export function createObjecting({
  store,
  cases,
  takedown,
  register,
  access,
  decisions,
}: {
  readonly store: Store
  readonly cases: Pick<Cases, 'read' | 'judgesOf' | 'assessmentsOf'>
  readonly takedown: Pick<Takedown, 'objections' | 'told' | 'releasersOf'>
  readonly register: Pick<Register, 'read'>
  readonly access: Pick<Access, 'behind' | 'people'>
  readonly decisions: Pick<Decisions, 'takeBack'>
}): Objecting {
  const { objections } = takedown

  return {
    async show(id) {
      const people = await access.people()
      return store.transact(async (tx) => {
        const objection = await objections.read(tx, id)
        const others = await othersOf(tx, objection, people)
        return { ...objection, mayDecide: others.map(({ pseudonym }) => pseudonym) }
      })
    },

    async decide(by, id, ruling) {
      const people = await access.people()
      return store.transact(async (tx) => {
        const before = await objections.read(tx, id)
        await objections.assertOpen(tx, id)
        await assertOther(tx, by, before, people)
        const { caseId } = before
        const wasTold = (await takedown.told(tx, caseId)).length > 0
        const objection = await objections.decide(tx, by.id, id, ruling, wasTold)
        const entry = await followed(tx, by, caseId, ruling)
        const { subject } = entry
        const isItem = ruling.decision === 'upheld' && subject.kind === 'item'
        return { objection, caseStatus: entry.status, standingItem: isItem ? subject.id : null }
      })
    },
  }

  /** What was taken back before is not taken back twice. */
  async function followed(
    tx: Transaction,
    by: Principal,
    caseId: string,
    ruling: ObjectionDecision,
  ): Promise<Case> {
    const entry = await cases.read(tx, caseId)
    if (ruling.decision === 'rejected' || isTakenBack(entry.status)) return entry
    return decisions.takeBack(tx, by, caseId, ruling.takeBack, ruling.reason)
  }

  /** Throws FORBIDDEN, SAME_PERSON. */
  async function assertOther(
    tx: Transaction,
    by: Principal,
    objection: Objection,
    people: readonly PersonView[],
  ): Promise<void> {
    if (by.kind !== 'person') {
      throw new HindraError('FORBIDDEN', { says: 'objection-by-person' })
    }
    if (!(await eyesOn(tx, objection)).has(by.id)) return
    const others = await othersOf(tx, objection, people)
    const who =
      others.length > 0
        ? `${others.map(({ pseudonym }) => pseudonym).join(', ')} can`
        : 'nobody else in this house can: give the role analyst or officer to a person who had no part in it ' +
          '(hindra people roles), or add one, of a partner hotline perhaps (hindra people add)'
    throw new HindraError('SAME_PERSON', { says: 'objection-part', who })
  }

  async function othersOf(
    tx: Transaction,
    objection: Objection,
    people: readonly PersonView[],
  ): Promise<readonly PersonView[]> {
    const eyes = await eyesOn(tx, objection)
    return people.filter(
      (person) =>
        person.active &&
        person.kind === 'person' &&
        allows(person, 'objection:decide') &&
        !eyes.has(person.id),
    )
  }

  /** The persons who had a part in what an objection is against, whichever key or machine of theirs they used. */
  async function eyesOn(
    tx: Transaction,
    { caseId }: Pick<Objection, 'caseId'>,
  ): Promise<ReadonlySet<string>> {
    const { subject } = await cases.read(tx, caseId)
    const acted = new Set([
      ...(await cases.judgesOf(tx, caseId)),
      ...(await cases.assessmentsOf(tx, caseId)).map((one) => one.by),
      ...(await takedown.releasersOf(tx, caseId)),
      ...(subject.kind === 'item' ? await entered(tx, subject.id) : []),
    ])
    const eyes = new Set<string>()
    for (const id of acted) for (const person of await access.behind(tx, id)) eyes.add(person)
    return eyes
  }

  /** Everybody who proposed or verified an item, or whose assessment verified it, in whatever list. */
  async function entered(tx: Transaction, itemId: string): Promise<readonly string[]> {
    const item = await unlessGone(register.read(tx, itemId))
    return (item?.entries ?? []).flatMap(({ proposedBy, verifiedBy, confirmedBy, assessed }) =>
      [proposedBy, verifiedBy, confirmedBy, ...(assessed?.by ?? [])].filter(
        (id) => typeof id === 'string',
      ),
    )
  }
}

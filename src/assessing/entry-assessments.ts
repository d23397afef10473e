import { assertApart, type People } from '../access/index.ts'
import { type Cases, equalWordsOf, isTakenBack, type Panel } from '../cases/index.ts'
import { HindraError, type RefusalSentence, refusalText } from '../errors.ts'
import type { EqualAssessments, Register, WaitingEntry } from '../register/index.ts'
import { type Transaction, unlessGone } from '../store/index.ts'
import type { SecondAssessments } from './second-assessments.ts'

const APART = 'two equal assessments are of two people'

/** The two that speak for an entry, or why there are none. */
type Beside = { readonly assessed: EqualAssessments } | { readonly lacks: RefusalSentence }

/**
 * What two equal assessments of one file do for what the own register has of it. Only panels that have ended count, so
 * that nobody learns from the register what was said of what still waits; only such as ended with two equal words, each
 * given when Hindra itself was shown the very bytes, by two people, whose case stands as they said; and no panel of the
 * same bytes whose last word was another class. In whatever order two people assess and somebody proposes, the last of
 * the three acts verifies, under the policy of that moment.
 */
export interface EntryAssessments {
  /** Verifies the entries that wait and were hashed of the file that a panel saw, where the policy has it so; answers the ids of their items. */
  afterPanel(tx: Transaction, panel: Panel): Promise<readonly string[]>
  /** The same of what was just proposed; says whether it verified something. */
  afterProposal(tx: Transaction, itemId: string): Promise<boolean>
  /**
   * What the house demands beside a person's word for what waits of an item, or of one entry of it: undefined where it
   * demands nothing. Throws NOT_FOUND, ASSESSMENTS_MISSING with what is missing.
   */
  demanded(tx: Transaction, itemId: string, entryId?: string): Promise<EqualAssessments | undefined>
  /** Why nobody can verify what waits of an item, by the ids of its entries. Throws NOT_FOUND. */
  missing(tx: Transaction, itemId: string): Promise<ReadonlyMap<string, RefusalSentence>>
}

export function createEntryAssessments({
  cases,
  register,
  access,
  questions,
}: {
  readonly cases: Pick<Cases, 'panels' | 'read'>
  readonly register: Pick<Register, 'waitingIn' | 'waitingOf' | 'verifyByAssessments' | 'unreached'>
  readonly access: Pick<People, 'behind' | 'addedBy'>
  readonly questions: { readonly second: Pick<SecondAssessments, 'register'> }
}): EntryAssessments {
  const ruleOf = ({ classification }: Pick<WaitingEntry, 'classification'>) =>
    questions.second.register[classification] ?? 'person'

  async function verifyAll(tx: Transaction, waiting: readonly WaitingEntry[]): Promise<string[]> {
    const verified = new Set<string>()
    for (const entry of waiting) {
      if (ruleOf(entry) === 'person' || entry.hasFindings) continue
      const beside = await besideOf(tx, entry)
      if ('lacks' in beside) continue
      await register.verifyByAssessments(tx, entry, beside.assessed)
      verified.add(entry.itemId)
    }
    register.unreached.note(tx, verified)
    return [...verified]
  }

  /** The two assessments that speak for an entry, or why there are none: in words that tell of nothing that waits. */
  async function besideOf(
    tx: Transaction,
    { sha256, classification }: WaitingEntry,
  ): Promise<Beside> {
    if (sha256 === null) {
      return { lacks: { says: 'assessed-by-hashes' } }
    }
    let assessed: EqualAssessments | undefined
    let lacks: RefusalSentence = { says: 'assessed-by-none' }
    for (const panel of await cases.panels.ofFile(tx, sha256)) {
      const last = panel.words.at(-1)
      if (last?.shown !== sha256 || !(await stands(tx, panel))) continue
      if (last.classification !== classification) {
        return { lacks: { says: 'assessed-otherwise' } }
      }
      const words = equalWordsOf(panel)
      if (words === undefined || words.some(({ shown }) => shown !== sha256)) continue
      const [first, second] = words
      if (await areApart(tx, { first: first.by, second: second.by })) {
        assessed ??= {
          panelId: panel.id,
          assessmentIds: [first.id, second.id],
          by: [first.by, second.by],
        }
      } else lacks = { says: 'assessed-by-one' }
    }
    return assessed === undefined ? { lacks } : { assessed }
  }

  /** Whether the case that it opened is still what they said: what was taken back, or is another class now, is not. */
  async function stands(tx: Transaction, { caseId, words }: Panel): Promise<boolean> {
    if (caseId === null) return true
    const entry = await unlessGone(cases.read(tx, caseId))
    if (entry === undefined) return false
    return (
      !isTakenBack(entry.status) &&
      entry.status !== 'disputed' &&
      entry.classification === words.at(-1)?.classification
    )
  }

  async function areApart(
    tx: Transaction,
    acted: { readonly first: string; readonly second: string },
  ): Promise<boolean> {
    try {
      await assertApart(tx, access, acted, APART)
      return true
    } catch (error) {
      if (error instanceof HindraError && error.code === 'SAME_PERSON') return false
      throw error
    }
  }

  async function demandedOf(tx: Transaction, itemId: string) {
    const waiting = await register.waitingIn(tx, itemId)
    return waiting.filter((entry) => ruleOf(entry) === 'demanded')
  }

  return {
    async afterPanel(tx, panel) {
      const sha256 = panel.words.at(-1)?.shown
      return sha256 === undefined ? [] : verifyAll(tx, await register.waitingOf(tx, sha256))
    },

    async afterProposal(tx, itemId) {
      return (await verifyAll(tx, await register.waitingIn(tx, itemId))).length > 0
    },

    async demanded(tx, itemId, entryId) {
      let assessed: EqualAssessments | undefined
      for (const entry of await demandedOf(tx, itemId)) {
        if (entryId !== undefined && entry.entryId !== entryId) continue
        const beside = await besideOf(tx, entry)
        if ('lacks' in beside) {
          const message = `the house demands two equal assessments of these bytes: ${refusalText(beside.lacks)}`
          throw new HindraError('ASSESSMENTS_MISSING', message, { said: beside.lacks })
        }
        assessed = beside.assessed
      }
      return assessed
    },

    async missing(tx, itemId) {
      const found = new Map<string, RefusalSentence>()
      for (const entry of await demandedOf(tx, itemId)) {
        const beside = await besideOf(tx, entry)
        if ('lacks' in beside) found.set(entry.entryId, beside.lacks)
      }
      return found
    },
  }
}

import { isoTime } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { type Context, type Transaction, unlessDamaged } from '../store/index.ts'
import type { Classification } from './classification.ts'
import { isOwnLook } from './evidence.ts'
import type { EqualAssessments } from './item.ts'
import { BY, entriesOf, type ItemRow, type StoredEntry, withEntries } from './item-records.ts'
import type { RegisterParts } from './register-parts.ts'

/** An entry of an own list that waits to be verified, as far as assessments of its bytes concern it. */
export interface WaitingEntry {
  readonly itemId: string
  readonly entryId: string
  readonly classification: Classification
  /** Of the file that Hindra hashed itself; null where it came by hashes, which anybody may pair as they like. */
  readonly sha256: string | null
  /** Something was found about it that a person must look at first. */
  readonly hasFindings: boolean
}

/** Entries that two equal assessments of their bytes speak for: whether they are enough is the policy's. */
export interface VerifyingByAssessments {
  /** What waits of an item. Throws NOT_FOUND. */
  waitingIn(tx: Transaction, itemId: string): Promise<readonly WaitingEntry[]>
  /** What waits and was hashed here of a file with this SHA-256. */
  waitingOf(tx: Transaction, sha256: string): Promise<readonly WaitingEntry[]>
  /**
   * Verifies one that waits, on the word of two who assessed its bytes. The house acts, by its policy, and neither the
   * proposer nor who assessed last. Throws NOT_FOUND, CONFLICT, FINDINGS_OPEN.
   */
  verifyByAssessments(
    tx: Transaction,
    place: Pick<WaitingEntry, 'itemId' | 'entryId'>,
    assessed: EqualAssessments,
  ): Promise<void>
}

/** The house itself, which acts by its policy. */
const SYSTEM = { id: 'hindra' }

export function createVerifyingByAssessments(
  context: Context,
  { items, log, lists }: Pick<RegisterParts, 'items' | 'log' | 'lists'>,
): VerifyingByAssessments {
  return {
    waitingIn: async (tx, itemId) => waitingOfRow(await items.need(tx, itemId)),

    async waitingOf(tx, sha256) {
      const holder = await tx.get(BY.bytes(context, sha256))
      const row = holder && (await unlessDamaged(items.find(tx, Buffer.from(holder).toString())))
      return row === undefined ? [] : waitingOfRow(row).filter((one) => one.sha256 === sha256)
    },

    async verifyByAssessments(tx, { itemId, entryId }, assessed) {
      const row = await items.need(tx, itemId)
      const before = entriesOf(row)
      const entry = before.find(({ clear }) => clear.id === entryId)
      if (entry?.clear.status !== 'proposed') {
        throw new HindraError(
          'CONFLICT',
          `the entry ${entryId} of the item ${row.id} does not wait`,
        )
      }
      if (entry.sealed.findings.length > 0) {
        throw new HindraError('FINDINGS_OPEN', 'a person looks at what was found first')
      }
      const { list, status: from, classification } = entry.clear
      const verified = {
        status: 'verified' as const,
        verifiedBy: assessed.by[1],
        verifiedAt: isoTime(context.clock.now()),
        onePerson: false,
        assessed,
      }
      lists.count(tx, list, from, verified.status)
      log.append(tx, SYSTEM, row.id, {
        action: 'verify',
        entry: entry.clear,
        from,
        to: verified.status,
        detail: 'two equal assessments of these very bytes',
        audited: {
          classification,
          panel: assessed.panelId,
          assessments: assessed.assessmentIds.join(' '),
        },
      })
      const after = { ...entry, clear: { ...entry.clear, ...verified } }
      const entries = before.map((one) => (one === entry ? after : one))
      items.change(tx, row, withEntries(row, entries))
    },
  }
}

function waitingOfRow(row: ItemRow): readonly WaitingEntry[] {
  return entriesOf(row)
    .filter(({ clear }) => clear.status === 'proposed' && clear.listKind === 'own')
    .map((entry) => waitingEntry(row.id, entry))
}

function waitingEntry(itemId: string, { clear, sealed }: StoredEntry): WaitingEntry {
  const { hashes, findings } = sealed
  return {
    itemId,
    entryId: clear.id,
    classification: clear.classification,
    sha256: (isOwnLook(hashes) ? hashes.sha256 : null) ?? null,
    hasFindings: findings.length > 0,
  }
}

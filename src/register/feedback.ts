import type { Principal } from '../access/index.ts'
import { isoTime } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { Context, Transaction } from '../store/index.ts'
import type { RegisterParts } from './register-parts.ts'
import { checkReason } from './proposal.ts'
import { entriesOf, type StoredEntry, withEntries } from './item-records.ts'
import type { StepTarget } from './steps.ts'
import type { Feedback, GivenFeedback, NewFeedback } from './item.ts'

const OF_ENTRY_MAX = 100
const EXCHANGE_REASON_CHARS_MAX = 256

/** Opinions about entries: the newest counts, none is taken away. */
export function createFeedback({ clock, newId }: Context, { items, log }: RegisterParts) {
  return {
    /** See `Register`. */
    async giveFeedback(
      tx: Transaction,
      by: Principal,
      { itemId, entryId }: StepTarget,
      { opinion, reason, exchangeReason }: NewFeedback,
    ): Promise<GivenFeedback> {
      if (by.kind !== 'person') {
        throw new HindraError('FORBIDDEN', { says: 'opinion-by-person' })
      }
      const feedback: Feedback = {
        id: newId(),
        at: isoTime(clock.now()),
        by: by.id,
        opinion,
        reason: checkReason(reason, opinion === 'disagree'),
        exchangeReason: checkExchangeReason(exchangeReason),
      }
      const row = await items.need(tx, itemId)
      const entries = entriesOf(row)
      const chosen = chosenEntry(entries, entryId)
      items.change(
        tx,
        row,
        withEntries(
          row,
          entries.map((entry) => (entry === chosen ? withFeedback(entry, feedback) : entry)),
        ),
      )
      const { id, list } = chosen.clear
      log.append(tx, by, row.id, {
        action: 'feedback',
        entry: chosen.clear,
        reason: feedback.reason,
        detail: opinion,
        audited: { opinion },
      })
      return { ...feedback, itemId: row.id, entryId: id, list }
    },
  }
}

/** Throws NOT_FOUND, and INVALID_INPUT where it is not clear which entry is meant. */
function chosenEntry(entries: readonly StoredEntry[], entryId: string | undefined): StoredEntry {
  const named =
    entryId === undefined
      ? entries.filter(({ clear }) => clear.listKind === 'partner')
      : entries.filter(({ clear }) => clear.id === entryId)
  const [first, ...others] = named
  if (first === undefined) {
    const what = entryId === undefined ? 'entry of a partner' : 'such entry'
    throw new HindraError('NOT_FOUND', `the item has no ${what}`)
  }
  if (others.length === 0) return first
  const ids = named.map(({ clear }) => `${clear.id} (${clear.list})`).join(', ')
  throw new HindraError(
    'INVALID_INPUT',
    { says: 'entries-several', ids },
    {
      field: 'entryId',
    },
  )
}

function withFeedback({ clear, sealed }: StoredEntry, feedback: Feedback): StoredEntry {
  if (sealed.feedback.length >= OF_ENTRY_MAX) {
    throw new HindraError('CONFLICT', { says: 'opinions-enough', most: OF_ENTRY_MAX })
  }
  return { clear, sealed: { ...sealed, feedback: [...sealed.feedback, feedback] } }
}

function checkExchangeReason(text: string | undefined): string | null {
  const words = text?.trim() ?? ''
  if (words.length > EXCHANGE_REASON_CHARS_MAX) {
    const message = `exchangeReason: over ${EXCHANGE_REASON_CHARS_MAX} characters`
    throw new HindraError('INVALID_INPUT', message, { field: 'exchangeReason' })
  }
  return words === '' ? null : words
}

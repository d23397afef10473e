import type { Audit } from '../audit/index.ts'
import { isoTime } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { legible } from '../intake/index.ts'
import { type Context, keySpace, type Row, table, take, type Transaction } from '../store/index.ts'
import type { Ledger } from './ledger.ts'

interface NoteClear {
  readonly caseId: string
  readonly by: string
  readonly at: string
}

interface NoteSealed {
  readonly text: string
}

/** What a person wrote down on a case for whoever works on it: notes are only added. */
export interface CaseNote {
  readonly id: string
  /** Principal id of its author. */
  readonly by: string
  /** UTC ISO 8601. */
  readonly at: string
  readonly text: string
}

/** Words on a case that decide nothing, and leave with no letter. */
export interface CaseNotes {
  /** Throws NOT_FOUND, INVALID_INPUT where nothing legible is in the text. */
  note(tx: Transaction, by: string, caseId: string, text: string): Promise<CaseNote>
  /** Oldest first. */
  notesOf(tx: Transaction, caseId: string): Promise<readonly CaseNote[]>
  /** For retention. */
  readonly eraseNotes: (tx: Transaction, caseId: string) => Promise<void>
}

const noteTable = table<NoteClear, NoteSealed>(keySpace('case-note')).with({
  by: { case: { keys: keySpace('case-notes'), at: ({ clear }) => [clear.caseId] } },
})

export function createNotes(
  { sealer, clock, newId }: Pick<Context, 'sealer' | 'clock' | 'newId'>,
  audit: Audit,
  ledger: Pick<Ledger, 'need'>,
): CaseNotes {
  const notes = noteTable(sealer)

  return {
    async note(tx, by, caseId, said) {
      await ledger.need(tx, caseId)
      const text = legible(said)
      if (text === '') {
        throw new HindraError('INVALID_INPUT', { says: 'note-empty' }, { field: 'text' })
      }
      const row = { id: newId(), clear: { caseId, by, at: isoTime(clock.now()) }, sealed: { text } }
      notes.add(tx, row)
      // What it says is the case's, and goes with it; the audit is kept longer.
      audit.append(tx, { by, action: 'case.note', subject: caseId, detail: { note: row.id } })
      return noteOf(row)
    },

    notesOf: async (tx, caseId) => (await take(notes.by.case.rows(tx, [caseId]))).map(noteOf),

    async eraseNotes(tx, caseId) {
      for (const row of await take(notes.by.case.rows(tx, [caseId]))) notes.remove(tx, row)
    },
  }
}

function noteOf({ id, clear: { by, at }, sealed: { text } }: Row<NoteClear, NoteSealed>): CaseNote {
  return { id, by, at, text }
}

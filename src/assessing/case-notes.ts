import type { People, Principal } from '../access/index.ts'
import type { Assignments } from '../assignments/index.ts'
import type { CaseNote, Cases } from '../cases/index.ts'
import type { Store } from '../store/index.ts'

/** A note with its author as colleagues know them. */
export interface CaseNoteView extends CaseNote {
  /** Pseudonym; null where nobody is known by that id any more. */
  readonly author: string | null
}

/** What people write down on cases for each other. */
export interface NoteDesk {
  /** Whoever works on the case keeps it; a colleague's note disturbs nobody. Throws NOT_FOUND, INVALID_INPUT. */
  add(by: Principal, caseId: string, text: string): Promise<CaseNoteView>
  /** Oldest first. */
  ofCase(caseId: string): Promise<readonly CaseNoteView[]>
}

export function createNoteDesk({
  store,
  cases,
  access,
  assignments,
}: {
  readonly store: Store
  readonly cases: Pick<Cases, 'note' | 'notesOf'>
  readonly access: Pick<People, 'pseudonyms'>
  readonly assignments: Pick<Assignments, 'heldBy' | 'workOn'>
}): NoteDesk {
  return {
    add: (by, caseId, text) =>
      store.transact(async (tx) => {
        const isHolder = (await assignments.heldBy(tx, 'case', caseId)) === by.id
        if (isHolder) await assignments.workOn(tx, by, 'case', caseId)
        return { ...(await cases.note(tx, by.id, caseId, text)), author: by.pseudonym }
      }),

    ofCase: (caseId) =>
      store.transact(async (tx) => {
        const notes = await cases.notesOf(tx, caseId)
        const authors = notes.map(({ by }) => by)
        const pseudonyms = await access.pseudonyms(tx, authors)
        return notes.map((note) => ({ ...note, author: pseudonyms.get(note.by) ?? null }))
      }),
  }
}

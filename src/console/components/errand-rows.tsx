import type { Errand } from '../../takedown/index.ts'
import { ERRANDS } from '../../takedown/terms.ts'
import { useVisit } from '../visiting.ts'
import { OperationForm } from './form.tsx'
import { Rows } from './rows.tsx'
import { When } from './when.tsx'

/** What waits for a person beside tips and decisions, and what ends it. */
export function ErrandRows({ rows }: { readonly rows: readonly Errand[] }) {
  const visit = useVisit()
  const { waiting } = visit.words
  return (
    <Rows
      caption={waiting.title}
      rows={rows}
      idOf={({ id }) => id}
      empty={visit.words.noneWaiting}
      columns={[
        {
          head: visit.words.queue.what,
          cell: ({ kind, caseId, urgent }) => (
            <>
              {caseId === null ? (
                waiting.kinds[kind]
              ) : (
                <a href={`/console/cases/${caseId}`} data-open>
                  {waiting.kinds[kind]}
                </a>
              )}
              {urgent && <span class="badge danger"> {waiting.urgent}</span>}
            </>
          ),
        },
        { head: visit.words.tip.received, cell: ({ since }) => <When at={since} since /> },
        {
          head: waiting.ends,
          cell: ({ id, kind, ends }) =>
            ERRANDS[kind].ends === null && visit.may('notice:follow-up') ? (
              <OperationForm operation="waiting.markDone" given={{ id }}>
                <button type="submit">{waiting.markDone}</button>
              </OperationForm>
            ) : (
              <code>{ends}</code>
            ),
        },
      ]}
    />
  )
}

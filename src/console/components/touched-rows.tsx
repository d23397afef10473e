import type { TouchedCase } from '../../curation/index.ts'
import { shortId } from '../names.ts'
import { useVisit } from '../visiting.ts'
import { Rows } from './rows.tsx'
import { When } from './when.tsx'

/** Cases that hang on an item, and what was sent of each. */
export function TouchedRows({
  caption,
  rows,
}: {
  readonly caption: string
  readonly rows: readonly TouchedCase[]
}) {
  const visit = useVisit()
  const { words } = visit
  const { case: said, register } = words
  return (
    <Rows
      caption={caption}
      rows={rows}
      idOf={({ caseId }) => caseId}
      empty={register.casesNone}
      columns={[
        {
          head: said.title,
          cell: ({ caseId }) =>
            visit.may('case:read') ? (
              <a href={`/console/cases/${caseId}`} data-open>
                <code>{shortId(caseId)}</code>
              </a>
            ) : (
              <code>{shortId(caseId)}</code>
            ),
        },
        { head: said.status, cell: ({ status }) => said.statuses[status] },
        { head: said.decision, cell: ({ decision }) => said.decisions[decision] },
        { head: said.opened, cell: ({ openedAt }) => <When at={openedAt} since /> },
        {
          head: said.notices,
          cell: ({ notices }) =>
            notices
              .map(({ recipient, state }) => `${recipient} (${words.notices.states[state]})`)
              .join(', '),
        },
      ]}
    />
  )
}

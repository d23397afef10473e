import type { Assigned } from '../../assignments/index.ts'
import type { Case } from '../../cases/index.ts'
import { useVisit } from '../visiting.ts'
import { Rows } from './rows.tsx'
import { DefangedUrl } from './url.tsx'
import { When } from './when.tsx'

export function CaseRows({
  rows,
  empty,
}: {
  readonly rows: readonly Assigned<Case>[]
  readonly empty: string
}) {
  const { words } = useVisit()
  const { case: said, queue } = words
  return (
    <Rows
      caption={said.list}
      rows={rows}
      idOf={({ id }) => id}
      empty={empty}
      columns={[
        {
          head: said.url,
          cell: ({ id, url }) => (
            <a href={`/console/cases/${id}`} data-open>
              <DefangedUrl url={url} />
            </a>
          ),
        },
        { head: said.status, cell: ({ status }) => said.statuses[status] },
        { head: said.verdict, cell: ({ verdict }) => said.verdicts[verdict] },
        { head: said.class, cell: ({ classification }) => classification },
        { head: said.host, cell: ({ hostName }) => hostName ?? words.unknown },
        { head: said.opened, cell: ({ openedAt }) => <When at={openedAt} since /> },
        {
          head: queue.held,
          cell: ({ assignment, skips }) => (
            <>
              {assignment?.holder ?? queue.nobody}
              {skips.length > 0 && `, ${queue.skipped(skips.length)}`}
            </>
          ),
        },
      ]}
    />
  )
}

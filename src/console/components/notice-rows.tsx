import type { Notice } from '../../takedown/index.ts'
import { shortId } from '../names.ts'
import { useVisit } from '../visiting.ts'
import { Rows } from './rows.tsx'
import { When } from './when.tsx'

/** Notices, each of which a link opens. */
export function NoticeRows({
  rows,
  caption,
  empty,
  ofOneCase = false,
}: {
  readonly rows: readonly Notice[]
  readonly caption: string
  readonly empty: string
  /** Whose page it is: no row needs to say so. */
  readonly ofOneCase?: boolean
}) {
  const visit = useVisit()
  const { notices: said } = visit.words
  const areCasesOpen = visit.may('case:read')
  return (
    <Rows
      caption={caption}
      rows={rows}
      idOf={({ id }) => id}
      empty={empty}
      columns={[
        {
          head: said.to,
          cell: ({ id, hostName, recipient, channel }) => (
            <>
              <a href={`/console/notices/${id}`} data-open>
                <bdi>{hostName}</bdi>
              </a>{' '}
              <bdi>{channel === 'mail' ? recipient : said.ways[channel]}</bdi>
            </>
          ),
        },
        ...(ofOneCase
          ? []
          : [
              {
                head: said.case,
                cell: ({ caseId }: Notice) =>
                  areCasesOpen ? (
                    <a href={`/console/cases/${caseId}`}>{shortId(caseId)}</a>
                  ) : (
                    shortId(caseId)
                  ),
              },
            ]),
        { head: said.role, cell: ({ role }) => said.roles[role] },
        { head: said.step, cell: ({ step }) => said.steps[step] },
        {
          head: said.state,
          cell: ({ state, heldFor, undelivered }) => (
            <>
              {state === 'held' && heldFor !== null ? said.holds[heldFor] : said.states[state]}
              {undelivered !== null && undelivered.setAside === null && (
                <>
                  {' '}
                  <span class="badge late">{said.reachedNobody}</span>
                </>
              )}
            </>
          ),
        },
        { head: said.queued, cell: ({ queuedAt }) => <When at={queuedAt} /> },
        {
          head: said.sent,
          cell: ({ sentAt }) => (sentAt === null ? said.notSent : <When at={sentAt} />),
        },
      ]}
    />
  )
}

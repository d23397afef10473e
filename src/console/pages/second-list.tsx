import { z } from 'zod'
import type { PanelView } from '../../assessing/index.ts'
import { lastOf, PAGE_ROWS, Pager } from '../components/pager.tsx'
import { Rows } from '../components/rows.tsx'
import { Section } from '../components/section.tsx'
import { DefangedUrl } from '../components/url.tsx'
import { When } from '../components/when.tsx'
import { page, type Visit } from '../page.ts'

/** What waits for one more assessment, without a word of what was said. */
export const secondListPage = page({
  path: '/console/second',
  needs: 'assess',
  input: z.object({ after: z.string().max(64).optional() }),
  async show(visit, filter) {
    const { words, calls } = visit
    const { second } = words
    const [open, mine] = await Promise.all([
      calls.assessments.waiting.page({ after: filter.after, limit: PAGE_ROWS }),
      calls.assessments.waiting({ mine: 'true', limit: PAGE_ROWS }),
    ])
    const last = lastOf(open.rows)
    return {
      title: second.title,
      body: (
        <>
          <p>{second.intro}</p>
          <Section id="open" title={second.list} aside={words.rows(open.total ?? '0')}>
            <Panels rows={open.rows} caption={second.list} visit={visit} />
            <Pager filter={filter} last={last} />
          </Section>
          <Section id="mine" title={second.mine}>
            <Panels rows={mine} caption={second.mine} visit={visit} />
          </Section>
        </>
      ),
    }
  },
})

function Panels({
  rows,
  caption,
  visit,
}: {
  readonly rows: readonly PanelView[]
  readonly caption: string
  readonly visit: Visit
}) {
  const { words } = visit
  const { second } = words
  return (
    <Rows
      caption={caption}
      rows={rows}
      idOf={({ id }) => id}
      empty={words.noneWaiting}
      columns={[
        {
          head: second.where,
          cell: ({ id, url }) => (
            <a href={`/console/second/${id}`} data-open>
              <DefangedUrl url={url} />
            </a>
          ),
        },
        { head: second.asks, cell: ({ state }) => second.states[state] },
        { head: second.since, cell: ({ since }) => <When at={since} /> },
        { head: second.waited, cell: ({ hours }) => second.hours(hours) },
      ]}
    />
  )
}

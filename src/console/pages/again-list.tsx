import { z } from 'zod'
import type { SampleView } from '../../assessing/index.ts'
import { lastOf, PAGE_ROWS, Pager } from '../components/pager.tsx'
import { Rows } from '../components/rows.tsx'
import { Section } from '../components/section.tsx'
import { DefangedUrl } from '../components/url.tsx'
import { When } from '../components/when.tsx'
import { page, type Visit } from '../page.ts'

/** What one may decide again without sight of what was decided, and what waits for a third person. */
export const againListPage = page({
  path: '/console/again',
  needs: 'case:work',
  input: z.object({ after: z.string().max(64).optional() }),
  async show(visit, filter) {
    const { words, calls } = visit
    const { again } = words
    const [open, differing] = await Promise.all([
      visit.may('case:decide')
        ? calls.samples.list({ after: filter.after, limit: PAGE_ROWS })
        : undefined,
      visit.may('case:close') ? calls.samples.differing({ limit: PAGE_ROWS }) : undefined,
    ])
    return {
      title: again.title,
      body: (
        <>
          <p>{again.intro}</p>
          {differing !== undefined && (
            <Section id="differing" title={again.differing}>
              <Samples rows={differing} caption={again.differing} visit={visit} />
            </Section>
          )}
          {open !== undefined && (
            <Section id="open" title={again.list}>
              <Samples rows={open} caption={again.list} visit={visit} />
              <Pager filter={filter} last={lastOf(open)} />
            </Section>
          )}
        </>
      ),
    }
  },
})

function Samples({
  rows,
  caption,
  visit,
}: {
  readonly rows: readonly SampleView[]
  readonly caption: string
  readonly visit: Visit
}) {
  const { words } = visit
  const { again } = words
  return (
    <Rows
      caption={caption}
      rows={rows}
      idOf={({ id }) => id}
      empty={words.noneWaiting}
      columns={[
        {
          head: again.where,
          cell: ({ id, url }) => (
            <a href={`/console/again/${id}`} data-open>
              <DefangedUrl url={url} />
            </a>
          ),
        },
        { head: again.what, cell: ({ kind }) => again.kinds[kind] },
        { head: again.taken, cell: ({ isTaken }) => isTaken && words.yes },
        { head: again.since, cell: ({ since }) => <When at={since} /> },
        { head: again.waited, cell: ({ hours }) => again.hours(hours) },
      ]}
    />
  )
}

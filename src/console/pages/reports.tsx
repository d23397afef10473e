import { z } from 'zod'
import { REPORT_NAMES, REPORTS } from '../../reports/terms.ts'
import { periodsEndedBefore, quarterOf } from '../../stats/terms.ts'
import { Rows } from '../components/rows.tsx'
import { Section } from '../components/section.tsx'
import { When } from '../components/when.tsx'
import { namesFor } from '../names.ts'
import { page, type Visit } from '../page.ts'

/** Which reports the house makes for others, and the periods that were closed. */
export const reportsPage = page({
  path: '/console/reports',
  needs: 'stats:read',
  input: z.object({}),
  async show(visit) {
    const { words, language, calls } = visit
    const { figures: said } = words
    const closings = await calls.reports.closings()
    const nameOf = await namesFor(
      visit,
      closings.map(({ by }) => by),
    )
    return {
      title: said.reports,
      body: (
        <>
          <Rows
            caption={said.reports}
            rows={REPORT_NAMES}
            idOf={(name) => name}
            empty={words.none}
            columns={[
              {
                head: said.report,
                cell: (name) => (
                  <a href={`/console/reports/${name}`} data-open>
                    {REPORTS[name].title[language]}
                  </a>
                ),
              },
              { head: said.has, cell: (name) => said.about[name] },
              { head: said.lastOne, cell: (name) => lastOver(visit, REPORTS[name].publishedBy) },
            ]}
          />
          <Section id="closings" title={said.closings}>
            <Rows
              caption={said.closings}
              rows={closings}
              idOf={({ period }) => period}
              empty={words.none}
              columns={[
                { head: said.period, cell: ({ period }) => period },
                { head: said.closedAt, cell: ({ closedAt }) => <When at={closedAt} /> },
                { head: said.closedBy, cell: ({ by }) => nameOf(by) },
                {
                  head: said.digest,
                  cell: ({ digest }) => <code class="url">{digest}</code>,
                },
              ]}
            />
          </Section>
        </>
      ),
    }
  },
})

/** The last period that is over, of those by which a report is published. */
export function lastOver({ now, config }: Visit, by: 'year' | 'quarter'): string {
  const [quarter, year] = periodsEndedBefore(now, config.takedown.timeZone)
  const over = by === 'year' ? year : quarter
  return over?.name ?? quarterOf(now, config.takedown.timeZone).name
}

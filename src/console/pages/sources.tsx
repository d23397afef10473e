import { z } from 'zod'
import { Rows } from '../components/rows.tsx'
import { SourceState } from '../components/source-state.tsx'
import { When } from '../components/when.tsx'
import { faultIn } from '../problem.ts'
import { page } from '../page.ts'

/** Exchanges that fill lists on a schedule: how each fares. */
export const sourcesPage = page({
  path: '/console/sources',
  needs: 'source:read',
  input: z.object({}),
  async show({ words, calls, language }) {
    const { exchanges: said } = words
    const rows = await calls.sources.list()
    return {
      title: said.sources,
      body: (
        <>
          <p>
            {said.sourcesIntro} <code>hindra sources add</code>
          </p>
          <Rows
            caption={said.sources}
            rows={rows}
            idOf={({ list }) => list}
            empty={said.none}
            columns={[
              {
                head: said.list,
                cell: ({ list }) => (
                  <a href={`/console/sources/${list}`} data-open>
                    {list}
                  </a>
                ),
              },
              { head: said.protocol, cell: ({ protocol }) => protocol },
              { head: said.state, cell: (source) => <SourceState source={source} /> },
              {
                head: said.lastSuccess,
                cell: ({ lastSuccessAt }) => <When at={lastSuccessAt} since />,
              },
              {
                head: said.nextRun,
                cell: ({ nextRunAt }) => nextRunAt !== null && <When at={nextRunAt} />,
              },
              {
                head: said.fault,
                cell: ({ lastFault }) => lastFault !== null && faultIn(language, lastFault),
              },
              { head: said.counts.added, cell: ({ counts }) => String(counts.added) },
              { head: said.counts.deleted, cell: ({ counts }) => String(counts.deleted) },
            ]}
          />
        </>
      ),
    }
  },
})

import { z } from 'zod'
import { CASE_STATUSES } from '../../cases/terms.ts'
import { CaseRows } from '../components/case-rows.tsx'
import { Live } from '../components/live.tsx'
import { ChoiceFilter, Filters, TextFilter } from '../components/filters.tsx'
import { lastOf, PAGE_ROWS, Pager, Total } from '../components/pager.tsx'
import { optional } from '../optional.ts'
import { page } from '../page.ts'

/** Cases by their state and host; the address of the page says which. */
export const casesPage = page({
  path: '/console/cases',
  needs: 'case:read',
  input: z.object({
    status: optional(z.enum(CASE_STATUSES)),
    host: optional(z.string().max(253)),
    after: optional(z.string().max(64)),
  }),
  async show({ words, calls }, filter) {
    const { case: said } = words
    const { rows, total } = await calls.cases.list.page({ ...filter, limit: PAGE_ROWS })
    return {
      title: said.list,
      body: (
        <>
          <Filters>
            <ChoiceFilter
              name="status"
              label={said.status}
              options={CASE_STATUSES.map((status) => [status, said.statuses[status]])}
              chosen={filter.status}
            />
            <TextFilter name="host" label={said.host} value={filter.host} />
          </Filters>
          <Live id="cases" of={['cases', 'assignments']}>
            <Total of={total} />
            <CaseRows rows={rows} empty={words.none} />
            <Pager filter={filter} last={lastOf(rows)} />
          </Live>
        </>
      ),
    }
  },
})

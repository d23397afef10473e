import { z } from 'zod'
import { CASE_STATUSES } from '../../cases/terms.ts'
import { CaseRows } from '../components/case-rows.tsx'
import { Live } from '../components/live.tsx'
import { Pager } from '../components/pager.tsx'
import { optional } from '../optional.ts'
import { page } from '../page.ts'

const SHOWN = 50

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
    const { rows, total } = await calls.cases.list.page({ ...filter, limit: SHOWN })
    return {
      title: said.list,
      body: (
        <>
          <form method="get" class="filters">
            <label>
              {said.status}{' '}
              <select name="status">
                <option value="" />
                {CASE_STATUSES.map((status) => (
                  <option key={status} value={status} selected={status === filter.status}>
                    {said.statuses[status]}
                  </option>
                ))}
              </select>
            </label>
            <label>
              {said.host} <input name="host" defaultValue={filter.host ?? ''} />
            </label>
            <button type="submit">{words.searchGo}</button>
          </form>
          <Live id="cases" of={['cases', 'assignments']}>
            {total !== null && <p>{words.rows(total)}</p>}
            <CaseRows rows={rows} empty={words.none} />
            <Pager filter={filter} last={rows.length === SHOWN ? rows.at(-1)?.id : undefined} />
          </Live>
        </>
      ),
    }
  },
})

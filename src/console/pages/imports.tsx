import { z } from 'zod'
import { ChoiceFilter, Filters } from '../components/filters.tsx'
import { ImportRows } from '../components/import-rows.tsx'
import { lastOf, PAGE_ROWS, Pager, Total } from '../components/pager.tsx'
import { optional } from '../optional.ts'
import { page } from '../page.ts'

/** Lists of others that came in, the newest first; the address of the page says into which list. */
export const importsPage = page({
  path: '/console/imports',
  needs: 'import:read',
  input: z.object({
    list: optional(z.string().max(64)),
    after: optional(z.string().max(64)),
  }),
  async show(visit, filter) {
    const { words, calls } = visit
    const { exchanges: said } = words
    const [{ rows, total }, lists] = await Promise.all([
      calls.imports.list.page({ ...filter, limit: PAGE_ROWS }),
      visit.may('list:read') ? calls.lists.list() : [],
    ])
    return {
      title: said.imports,
      body: (
        <>
          <p class="hint">{said.importsIntro}</p>
          <Filters>
            <ChoiceFilter
              name="list"
              label={said.list}
              options={lists.map(({ name }) => [name, name] as const)}
              chosen={filter.list}
            />
          </Filters>
          <Total of={total} />
          <ImportRows rows={rows} />
          <Pager filter={filter} last={lastOf(rows)} />
        </>
      ),
    }
  },
})

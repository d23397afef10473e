import { z } from 'zod'
import { CLASSIFICATIONS, ENTRY_STATUSES } from '../../register/terms.ts'
import { ChoiceFilter, Filters, OnlyFilter } from '../components/filters.tsx'
import { ItemLink } from '../components/item-link.tsx'
import { lastOf, PAGE_ROWS, Pager, Total } from '../components/pager.tsx'
import { Rows } from '../components/rows.tsx'
import { When } from '../components/when.tsx'
import { optional } from '../optional.ts'
import { SaveView } from '../components/views.tsx'
import { page } from '../page.ts'

/** The register by state, class and list; the address of the page says which. Hashes are shown nowhere. */
export const itemsPage = page({
  path: '/console/items',
  needs: 'item:read',
  input: z.object({
    status: optional(z.enum(ENTRY_STATUSES)),
    classification: optional(z.enum(CLASSIFICATIONS)),
    list: optional(z.string().max(64)),
    waiting: optional(z.enum(['true'])),
    after: optional(z.string().max(64)),
  }),
  async show(visit, filter) {
    const { words, calls } = visit
    const { register: said } = words
    const [{ rows, total }, lists] = await Promise.all([
      calls.items.list.page({ ...filter, limit: PAGE_ROWS }),
      visit.may('list:read') ? calls.lists.list() : [],
    ])
    return {
      title: said.title,
      body: (
        <>
          <p class="hint">{said.intro}</p>
          <Filters>
            <ChoiceFilter
              name="status"
              label={said.status}
              options={ENTRY_STATUSES.map((one) => [one, said.short[one]] as const)}
              chosen={filter.status}
            />
            <ChoiceFilter
              name="classification"
              label={said.class}
              options={CLASSIFICATIONS.map((one) => [one, words.classes[one]] as const)}
              chosen={filter.classification}
            />
            <ChoiceFilter
              name="list"
              label={said.list}
              options={lists.map(({ name }) => [name, name] as const)}
              chosen={filter.list}
            />
            <OnlyFilter name="waiting" label={said.waiting} isChosen={filter.waiting === 'true'} />
          </Filters>
          <SaveView />
          <Total of={total} />
          <Rows
            caption={said.title}
            rows={rows}
            idOf={({ id }) => id}
            empty={words.none}
            columns={[
              { head: said.item, cell: ({ id }) => <ItemLink id={id} opens /> },
              {
                head: said.named,
                cell: ({ entries }) =>
                  entries.find(({ fileName }) => fileName !== undefined)?.fileName ??
                  entries.find(({ reference }) => reference !== null)?.reference,
              },
              { head: said.kind, cell: ({ kind }) => said.kinds[kind] },
              { head: said.status, cell: ({ status }) => said.short[status] },
              { head: said.class, cell: ({ classification }) => classification },
              { head: said.matching, cell: ({ matching }) => said.matchings[matching] },
              {
                head: said.lists,
                cell: ({ entries }) => [...new Set(entries.map(({ list }) => list))].join(', '),
              },
              {
                head: said.proposed,
                cell: ({ entries }) => <When at={entries[0]?.proposedAt ?? null} since />,
              },
            ]}
          />
          <Pager filter={filter} last={lastOf(rows)} />
        </>
      ),
    }
  },
})

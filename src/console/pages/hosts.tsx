import { z } from 'zod'
import { ChoiceFilter, Filters, OnlyFilter, TextFilter } from '../components/filters.tsx'
import { PAGE_ROWS, Pager } from '../components/pager.tsx'
import { Rows } from '../components/rows.tsx'
import { When } from '../components/when.tsx'
import { optional } from '../optional.ts'
import { page } from '../page.ts'

/** Hosts by name: those with the most that is open first. */
export const hostsPage = page({
  path: '/console/hosts',
  needs: 'contact:read',
  input: z.object({
    name: optional(z.string().max(200)),
    country: optional(z.string().max(2).toUpperCase()),
    open: optional(z.enum(['true', 'false'])),
    returned: optional(z.literal('true')),
    after: optional(z.string().max(64)),
  }),
  async show({ words, calls }, filter) {
    const { hosts: said } = words
    const { rows, count, next } = await calls.hosts.list({ ...filter, limit: PAGE_ROWS })
    return {
      title: said.list,
      body: (
        <>
          <Filters>
            <TextFilter name="name" label={said.name} value={filter.name} />
            <TextFilter name="country" label={said.country} value={filter.country} />
            <ChoiceFilter
              name="open"
              label={said.onlyOpen}
              options={[
                ['true', words.yes],
                ['false', words.no],
              ]}
              chosen={filter.open}
            />
            <OnlyFilter
              name="returned"
              label={said.onlyReturned}
              isChosen={filter.returned !== undefined}
            />
          </Filters>
          <p>{words.rows(String(count))}</p>
          <Rows
            caption={said.list}
            rows={rows}
            idOf={({ id }) => id}
            empty={words.none}
            columns={[
              {
                head: said.host,
                cell: ({ id, name }) => (
                  <a href={`/console/hosts/${id}`} data-open>
                    <bdi>{name}</bdi>
                  </a>
                ),
              },
              { head: said.countryShort, cell: ({ country }) => country ?? words.unknown },
              { head: said.open, cell: ({ open }) => open },
              {
                head: said.told,
                cell: ({ toldAndOpen, toldAndOpenSince }) => (
                  <>
                    {toldAndOpen}
                    {toldAndOpenSince !== null && (
                      <>
                        , {said.since} <When at={toldAndOpenSince} />
                      </>
                    )}
                  </>
                ),
              },
              {
                head: said.median,
                cell: ({ hoursToRemovalMedian: hours, timed }) =>
                  hours === null ? said.noneTimed : said.hours(hoursText(hours), timed),
              },
              { head: said.removed, cell: ({ removed }) => removed },
              { head: said.returned, cell: ({ returned }) => returned },
              { head: said.lastSeen, cell: ({ lastSeenAt }) => <When at={lastSeenAt} since /> },
            ]}
          />
          <p class="hint">{said.figuresHint}</p>
          <Pager filter={filter} last={next ?? undefined} />
        </>
      ),
    }
  },
})

/** To one digit below ten hours, whole above. */
export function hoursText(hours: number): string {
  return hours < 10 ? String(Math.round(hours * 10) / 10) : String(Math.round(hours))
}

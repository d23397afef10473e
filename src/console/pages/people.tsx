import { z } from 'zod'
import { ROLES } from '../../access/terms.ts'
import { Filters } from '../components/filters.tsx'
import { Choice, OperationForm, TypedField } from '../components/form.tsx'
import { PAGE_ROWS, Pager } from '../components/pager.tsx'
import { RoleChoice } from '../components/role-choice.tsx'
import { Rows } from '../components/rows.tsx'
import { Section } from '../components/section.tsx'
import { When } from '../components/when.tsx'
import { page, type Visit } from '../page.ts'

const STATES = ['active', 'deactivated', 'all'] as const

/** People and machines; the address of the page says which. */
export const peoplePage = page({
  path: '/console/people',
  needs: 'people:read',
  input: z.object({
    state: z.enum(STATES).default('active'),
    after: z.string().max(64).optional(),
  }),
  async show(visit, filter) {
    const { words, calls } = visit
    const { people } = words
    const found = (await calls.people.list())
      .filter(({ active }) => filter.state === 'all' || active === (filter.state === 'active'))
      .sort((one, other) => one.pseudonym.localeCompare(other.pseudonym))
    const from = found.findIndex(({ id }) => id === filter.after) + 1
    const rows = found.slice(from, from + PAGE_ROWS)
    const hasMore = from + PAGE_ROWS < found.length
    return {
      title: people.title,
      body: (
        <>
          <p>{people.intro}</p>
          <Filters go={people.show}>
            <label>
              {people.state}{' '}
              <select name="state">
                {STATES.map((state) => (
                  <option key={state} value={state} selected={state === filter.state}>
                    {people[state]}
                  </option>
                ))}
              </select>
            </label>
          </Filters>
          <p>{words.rows(String(found.length))}</p>
          <Rows
            caption={people.title}
            rows={rows}
            idOf={({ id }) => id}
            empty={words.none}
            columns={[
              {
                head: people.pseudonym,
                cell: ({ id, pseudonym }) => (
                  <a href={`/console/people/${id}`} data-open>
                    {pseudonym}
                  </a>
                ),
              },
              { head: people.name, cell: ({ name }) => name },
              { head: people.kind, cell: ({ kind }) => people.kinds[kind] },
              {
                head: people.state,
                cell: ({ active }) => (active ? people.active : people.deactivated),
              },
              {
                head: people.roles,
                cell: ({ roles }) => (roles.length === 0 ? people.noRoles : roles.join(', ')),
              },
              { head: people.created, cell: ({ createdAt }) => <When at={createdAt} /> },
            ]}
          />
          <Pager filter={filter} last={hasMore ? rows.at(-1)?.id : undefined} />
          {visit.may('people:manage') && <Add visit={visit} />}
        </>
      ),
    }
  },
})

function Add({ visit }: { readonly visit: Visit }) {
  const { people } = visit.words
  return (
    <Section id="add" title={people.add}>
      <OperationForm operation="people.add" label={people.add} next="/console/people/:id">
        <Choice
          name="kind"
          legend={people.kind}
          options={[
            ['person', people.kinds.person],
            ['machine', people.kinds.machine],
          ]}
        />
        <TypedField name="name" label={people.name} maxlength={200} autocomplete="off" required />
        <TypedField
          name="pseudonym"
          label={people.pseudonym}
          hint={people.pseudonymHint}
          maxlength={32}
          autocomplete="off"
          required
        />
        <RoleChoice legend={people.roles} offered={ROLES} held={[]} hint={people.rolesAdd} />
        <button type="submit">{people.addGo}</button>
      </OperationForm>
    </Section>
  )
}

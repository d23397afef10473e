import { z } from 'zod'
import { LIST_KINDS } from '../../register/terms.ts'
import { Choice, FoldedForm, TypedField } from '../components/form.tsx'
import { Eyes } from '../components/list-eyes.tsx'
import { aloneOf } from '../components/list-alone.ts'
import { Rows } from '../components/rows.tsx'
import { page } from '../page.ts'
import { useVisit } from '../visiting.ts'

/** Lists: whose entries the register holds, how many, and what each may lead to. */
export const listsPage = page({
  path: '/console/lists',
  needs: 'list:read',
  input: z.object({}),
  async show(visit) {
    const { words, calls } = visit
    const { lists: said } = words
    const rows = await calls.lists.list()
    return {
      title: said.title,
      body: (
        <>
          <p>{said.intro}</p>
          {visit.may('import:read') && (
            <p>
              <a href="/console/imports">{words.exchanges.imports}</a>
            </p>
          )}
          <Rows
            caption={said.title}
            rows={rows}
            idOf={({ name }) => name}
            empty={words.none}
            columns={[
              {
                head: said.name,
                cell: ({ name }) => (
                  <a href={`/console/lists/${name}`} data-open>
                    {name}
                  </a>
                ),
              },
              { head: said.kind, cell: ({ kind }) => said.kinds[kind] },
              {
                head: said.eyes,
                cell: (list) => <Eyes list={list} />,
              },
              { head: said.alone, cell: (list) => said.aloneKinds[aloneOf(list)] },
              { head: said.counts.proposed, cell: ({ entries }) => String(entries.proposed) },
              { head: said.counts.verified, cell: ({ entries }) => String(entries.verified) },
              { head: said.counts.disputed, cell: ({ entries }) => String(entries.disputed) },
            ]}
          />
          {visit.may('list:manage') && (
            <FoldedForm title={said.create} operation="lists.create">
              <NewList />
              <button type="submit">{said.createGo}</button>
            </FoldedForm>
          )}
        </>
      ),
    }
  },
})

function NewList() {
  const { lists: said } = useVisit().words
  return (
    <>
      <TypedField name="name" label={said.name} hint={said.nameHint} maxlength={255} required />
      <Choice
        name="kind"
        legend={said.kind}
        options={LIST_KINDS.map((kind) => [kind, said.kinds[kind]] as const)}
      />
      <TypedField name="description" label={said.description} maxlength={1_000} />
    </>
  )
}

import { z } from 'zod'
import { LANGUAGES as LETTER_LANGUAGES } from '../../takedown/terms.ts'
import { OBJECTION_STATES, OBJECTION_WAYS, OBJECTORS } from '../../takedown/terms.ts'
import { ChoiceFilter, Filters, OnlyFilter } from '../components/filters.tsx'
import { Choice, OperationForm, TypedField, TypedText } from '../components/form.tsx'
import { lastOf, PAGE_ROWS, Pager, Total } from '../components/pager.tsx'
import { Rows } from '../components/rows.tsx'
import { Section } from '../components/section.tsx'
import { When } from '../components/when.tsx'
import { shortId } from '../names.ts'
import { optional } from '../optional.ts'
import { page, type Visit } from '../page.ts'

/** What was brought against cases and notices; of one case also the form that writes another down. */
export const objectionsPage = page({
  path: '/console/objections',
  needs: 'notice:read',
  input: z.object({
    state: optional(z.enum(OBJECTION_STATES)),
    overdue: optional(z.literal('true')),
    caseId: optional(z.string().max(64)),
    after: optional(z.string().max(64)),
  }),
  async show(visit, filter) {
    const { words, calls } = visit
    const { objections: said } = words
    const { rows, total } = await calls.objections.list.page({ ...filter, limit: PAGE_ROWS })
    const { caseId } = filter
    return {
      title: said.list,
      body: (
        <>
          <Filters>
            <ChoiceFilter
              name="state"
              label={said.state}
              options={OBJECTION_STATES.map((state) => [state, said.states[state]])}
              chosen={filter.state}
            />
            <OnlyFilter
              name="overdue"
              label={said.overdue}
              isChosen={filter.overdue !== undefined}
            />
            {caseId !== undefined && <input type="hidden" name="caseId" value={caseId} />}
          </Filters>
          <Total of={total} />
          <Rows
            caption={said.list}
            rows={rows}
            idOf={({ id }) => id}
            empty={words.none}
            columns={[
              {
                head: said.title,
                cell: ({ id, objector }) => (
                  <a href={`/console/objections/${id}`} data-open>
                    {said.objectors[objector]}, {shortId(id)}
                  </a>
                ),
              },
              {
                head: said.state,
                cell: ({ state, isOverdue }) => (
                  <>
                    {said.states[state]}
                    {isOverdue && (
                      <>
                        {' '}
                        <span class="badge danger">{said.late}</span>
                      </>
                    )}
                  </>
                ),
              },
              { head: said.received, cell: ({ receivedAt }) => <When at={receivedAt} /> },
              { head: said.decideBy, cell: ({ decideBy }) => <When at={decideBy} /> },
              {
                head: said.case,
                cell: (one) => <a href={`/console/cases/${one.caseId}`}>{shortId(one.caseId)}</a>,
              },
            ]}
          />
          <Pager filter={filter} last={lastOf(rows)} />
          {caseId !== undefined && visit.may('notice:follow-up') && (
            <Section id="add" title={said.add}>
              <AddObjection caseId={caseId} visit={visit} />
            </Section>
          )}
        </>
      ),
    }
  },
})

function AddObjection({ caseId, visit }: { readonly caseId: string; readonly visit: Visit }) {
  const { objections: said } = visit.words
  return (
    <OperationForm
      operation="objections.add"
      label={said.add}
      given={{ caseId }}
      next="/console/objections/:id"
    >
      <p class="hint">{visit.words.notices.objectHint}</p>
      <Choice
        name="objector"
        legend={said.who}
        options={OBJECTORS.map((one) => [one, said.objectors[one]])}
      />
      <Choice
        name="way"
        legend={said.way}
        options={OBJECTION_WAYS.map((one) => [one, said.ways[one]])}
      />
      <TypedText id="words" name="words" label={said.addWords} rows={5} maxlength={10_000} />
      <TypedField name="contact" type="email" label={said.addContact} maxlength={254} />
      <Choice
        name="language"
        legend={said.addLanguage}
        options={LETTER_LANGUAGES.map((one) => [one, one === 'sv' ? 'Svenska' : 'English'])}
      />
      <button type="submit">{said.addGo}</button>
    </OperationForm>
  )
}

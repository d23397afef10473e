import { z } from 'zod'
import { Choice, OperationForm, Reason } from '../components/form.tsx'
import { lastOf, PAGE_ROWS, Pager, Total } from '../components/pager.tsx'
import { Rows } from '../components/rows.tsx'
import { Section } from '../components/section.tsx'
import { When } from '../components/when.tsx'
import { shortId } from '../names.ts'
import { optional } from '../optional.ts'
import { page, type Visit } from '../page.ts'

/** Dossiers for the police; of one case also the form that proposes another. */
export const dossiersPage = page({
  path: '/console/dossiers',
  needs: 'notice:read',
  input: z.object({
    caseId: optional(z.string().max(64)),
    after: optional(z.string().max(64)),
  }),
  async show(visit, filter) {
    const { words, calls } = visit
    const { dossiers: said } = words
    const { caseId } = filter
    const { rows, total } = await calls.dossiers.list.page({ ...filter, limit: PAGE_ROWS })
    const mayOpen = visit.may('dossier:propose')
    const proposes = caseId !== undefined && mayOpen
    const keys = proposes && visit.may('contact:read') ? await calls.contacts.keys() : []
    return {
      title: said.list,
      body: (
        <>
          <Total of={total} />
          <Rows
            caption={said.list}
            rows={rows}
            idOf={({ id }) => id}
            empty={words.none}
            columns={[
              {
                head: said.dossier,
                cell: ({ id }) =>
                  mayOpen ? (
                    <a href={`/console/dossiers/${id}`} data-open>
                      {shortId(id)}
                    </a>
                  ) : (
                    shortId(id)
                  ),
              },
              { head: said.state, cell: ({ state }) => said.states[state] },
              { head: said.to, cell: ({ to }) => <bdi>{to}</bdi> },
              {
                head: said.case,
                cell: (one) => <a href={`/console/cases/${one.caseId}`}>{shortId(one.caseId)}</a>,
              },
              { head: said.proposedBy, cell: ({ proposer }) => proposer ?? words.unknown },
              { head: said.proposedAt, cell: ({ proposedAt }) => <When at={proposedAt} /> },
            ]}
          />
          <Pager filter={filter} last={lastOf(rows)} />
          {proposes && (
            <Section id="propose" title={said.propose}>
              <Propose
                caseId={caseId}
                addresses={keys
                  .filter(({ kind, state }) => kind !== 'portal-only' && state !== 'ended')
                  .map(({ address }) => address)}
                visit={visit}
              />
            </Section>
          )}
        </>
      ),
    }
  },
})

function Propose({
  caseId,
  addresses,
  visit,
}: {
  readonly caseId: string
  readonly addresses: readonly string[]
  readonly visit: Visit
}) {
  const { dossiers: said } = visit.words
  if (addresses.length === 0) return <p>{said.noKeys}</p>
  return (
    <OperationForm
      operation="dossiers.propose"
      label={said.propose}
      given={{ caseId }}
      next="/console/dossiers/:id"
    >
      <p class="hint">{said.proposeHint}</p>
      <Choice
        name="to"
        legend={said.proposeTo}
        options={addresses.map((address) => [address, address])}
      />
      <Reason id="propose-reason" />
      <button type="submit">{said.proposeGo}</button>
    </OperationForm>
  )
}

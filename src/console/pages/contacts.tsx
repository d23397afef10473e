import { z } from 'zod'
import { channelText } from '../../channels/terms.ts'
import { CONTACT_STATES } from '../../route/terms.ts'
import { ContactDecision } from '../components/contact-decision.tsx'
import { ChoiceFilter, Filters } from '../components/filters.tsx'
import { OperationForm, Reason, TypedField } from '../components/form.tsx'
import { lastOf, PAGE_ROWS, Pager } from '../components/pager.tsx'
import { Rows } from '../components/rows.tsx'
import { Section } from '../components/section.tsx'
import { When } from '../components/when.tsx'
import { namesFor } from '../names.ts'
import { optional } from '../optional.ts'
import { page } from '../page.ts'
import { useWords } from '../visiting.ts'

/** Everybody whom look-ups found or the house entered, whether they may be told, and who is written to in confidence. */
export const contactsPage = page({
  path: '/console/contacts',
  needs: 'contact:read',
  input: z.object({
    state: optional(z.enum(CONTACT_STATES)),
    after: optional(z.string().max(64)),
  }),
  async show(visit, filter) {
    const { words, calls } = visit
    const { contacts: said, hosts, notices } = words
    const [rows, keys] = await Promise.all([
      calls.contacts.list({ ...filter, limit: PAGE_ROWS }),
      calls.contacts.keys(),
    ])
    const nameOf = await namesFor(
      visit,
      rows.flatMap(({ decidedBy, enteredBy }) => [decidedBy, enteredBy]),
    )
    const mayDecide = visit.may('contact:decide')
    return {
      title: said.title,
      body: (
        <>
          <p>{said.hint}</p>
          <Filters>
            <ChoiceFilter
              name="state"
              label={hosts.approval}
              options={CONTACT_STATES.map((state) => [state, hosts.approvals[state]])}
              chosen={filter.state}
            />
          </Filters>
          <Rows
            caption={said.title}
            rows={rows}
            idOf={({ id }) => id}
            empty={words.none}
            columns={[
              {
                head: said.address,
                cell: ({ channel, name }) => (
                  <>
                    <bdi>{channelText(channel)}</bdi>
                    <br />
                    <bdi>{name}</bdi>
                  </>
                ),
              },
              { head: hosts.role, cell: ({ role }) => notices.roles[role] },
              {
                head: hosts.from,
                cell: ({ source, enteredBy }) =>
                  enteredBy === undefined
                    ? hosts.sources[source]
                    : `${hosts.sources[source]}, ${nameOf(enteredBy)}`,
              },
              { head: said.firstSeen, cell: ({ firstSeenAt }) => <When at={firstSeenAt} /> },
              {
                head: hosts.approval,
                cell: ({ state, decidedAt, decidedBy, reason }) => (
                  <>
                    <span class={state === 'approved' ? '' : 'badge late'}>
                      {hosts.approvals[state]}
                    </span>
                    {decidedAt !== null && (
                      <>
                        {' '}
                        {hosts.decidedBy(nameOf(decidedBy))}, <When at={decidedAt} />:{' '}
                        <bdi>{reason}</bdi>
                      </>
                    )}
                  </>
                ),
              },
              ...(mayDecide
                ? [
                    {
                      head: said.decision,
                      cell: ({ id, channel, state, enteredBy }: (typeof rows)[number]) => (
                        <details open={filter.state === 'pending'}>
                          <summary>{hosts.decide(channelText(channel))}</summary>
                          <ContactDecision
                            id={id}
                            address={channelText(channel)}
                            approval={state}
                            enteredBy={enteredBy}
                          />
                        </details>
                      ),
                    },
                  ]
                : []),
            ]}
          />
          <Pager filter={filter} last={lastOf(rows)} />
          {visit.may('host:override') && (
            <Section id="enter" title={said.enter}>
              <EnterSocialServices />
            </Section>
          )}
          <Section id="confidence" title={said.keys}>
            <p class="hint">{said.keysHint}</p>
            <Rows
              caption={said.keys}
              rows={keys}
              idOf={({ address }) => address}
              empty={words.none}
              columns={[
                { head: said.address, cell: ({ address }) => <bdi>{address}</bdi> },
                { head: said.kind, cell: ({ kind }) => said.kinds[kind] },
                {
                  head: said.key,
                  cell: ({ fingerprints }) => <code class="url">{fingerprints.join(', ')}</code>,
                },
                {
                  head: said.ends,
                  cell: ({ expiresAt, state }) => (
                    <>
                      <When at={expiresAt} />, {said.states[state]}
                    </>
                  ),
                },
                {
                  head: said.faults,
                  cell: ({ faults, said: told }) =>
                    visit.language === 'en'
                      ? faults.join('; ')
                      : told.map((one) => said.keyFaults[one]).join('; '),
                },
              ]}
            />
          </Section>
        </>
      ),
    }
  },
})

function EnterSocialServices() {
  const { contacts: said } = useWords()
  return (
    <OperationForm operation="contacts.enter" label={said.enter}>
      <p class="hint">{said.enterHint}</p>
      <TypedField name="municipality" label={said.municipality} maxlength={64} required />
      <TypedField name="mail" type="email" label={said.mail} maxlength={254} required />
      <TypedField name="name" label={said.name} maxlength={200} />
      <Reason id="enter-reason" />
      <button type="submit">{said.enterGo}</button>
    </OperationForm>
  )
}

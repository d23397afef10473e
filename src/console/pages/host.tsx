import { z } from 'zod'
import type { HostDetail, ReachedContact } from '../../find/index.ts'
import { CaseRows } from '../components/case-rows.tsx'
import { ContactDecision } from '../components/contact-decision.tsx'
import { OperationForm, Reason, TypedField } from '../components/form.tsx'
import { NoticeRows } from '../components/notice-rows.tsx'
import { Pairs } from '../components/pairs.tsx'
import { Rows } from '../components/rows.tsx'
import { Section } from '../components/section.tsx'
import { When } from '../components/when.tsx'
import { namesFor } from '../names.ts'
import { page, type Visit } from '../page.ts'
import { hoursText } from './hosts.tsx'

/** One host: what it was told, how fast it acted, what came back, who can be told there and by whose word. */
export const hostPage = page({
  path: '/console/hosts/:id',
  needs: 'contact:read',
  input: z.object({ id: z.string() }),
  async show(visit, { id }) {
    const { words, calls } = visit
    const { hosts: said } = words
    const host = await calls.hosts.show({ id })
    const nameOf = await namesFor(
      visit,
      host.overrides.map(({ by }) => by),
    )
    const { notices, noticeCount, openCases } = host
    return {
      title: host.name,
      body: (
        <>
          <Facts host={host} visit={visit} />
          <Section id="figures" title={said.figures}>
            <Figures host={host} visit={visit} />
          </Section>
          <Section id="contacts" title={said.contacts}>
            {host.contacts.length === 0 && <p class="empty">{said.contactsNone}</p>}
            {host.contacts.map((contact) => (
              <ContactOf
                key={`${contact.role} ${contact.address}`}
                contact={contact}
                visit={visit}
              />
            ))}
          </Section>
          <Section
            id="letters"
            title={said.letters}
            aside={noticeCount > notices.length && said.lettersOf(notices.length, noticeCount)}
          >
            <NoticeRows rows={notices} caption={said.letters} empty={said.lettersNone} />
            {noticeCount > notices.length && (
              <p>
                <a href={`/console/notices?host=${encodeURIComponent(host.name)}`}>
                  {said.allLetters}
                </a>
              </p>
            )}
          </Section>
          <Section
            id="open"
            title={said.openCases}
            aside={host.open > openCases.length && said.openOf(openCases.length, host.open)}
          >
            <CaseRows rows={openCases} empty={words.none} />
          </Section>
          <Section id="overrides" title={said.overrides}>
            <OverrideRows host={host} visit={visit} nameOf={nameOf} />
            {visit.may('host:override') && <SetOverride host={host} visit={visit} />}
          </Section>
        </>
      ),
    }
  },
})

interface HostProps {
  readonly host: HostDetail
  readonly visit: Visit
}

function Facts({ host, visit }: HostProps) {
  const { words } = visit
  const { hosts: said } = words
  const { found } = host
  return (
    <Pairs
      rows={[
        [said.kind, found !== null && said.kinds[found.kind]],
        [said.countryShort, host.country ?? words.unknown],
        [
          said.network,
          found !== null &&
            [found.asn === null ? '' : `AS${found.asn}`, found.network ?? '']
              .filter((text) => text !== '')
              .join(', '),
        ],
        [said.addresses, found?.addresses.join(', ')],
        [said.lastSeen, host.lastSeenAt !== null && <When at={host.lastSeenAt} />],
      ]}
    />
  )
}

function Figures({ host, visit }: HostProps) {
  const { hosts: said } = visit.words
  const { hoursToRemovalMedian: hours, toldAndOpenSince } = host
  return (
    <>
      <Pairs
        rows={[
          [said.median, hours === null ? said.noMedian : said.hours(hoursText(hours), host.timed)],
          [said.open, String(host.open)],
          [
            said.told,
            <>
              {host.toldAndOpen}
              {toldAndOpenSince !== null && (
                <>
                  , {said.since} <When at={toldAndOpenSince} />
                </>
              )}
            </>,
          ],
          [said.toldTimes, String(host.told)],
          [said.removed, said.times(host.removed)],
          [said.returned, said.times(host.returned)],
          [said.cases, String(host.cases)],
        ]}
      />
      <p class="hint">{said.figuresHint}</p>
    </>
  )
}

function ContactOf({
  contact,
  visit,
}: {
  readonly contact: ReachedContact
  readonly visit: Visit
}) {
  const { hosts: said, notices } = visit.words
  const decided = contact.contact
  const { approval } = contact
  const decidedAt = decided?.decidedAt ?? null
  return (
    <article class="contact">
      <h3>
        <bdi>{contact.address}</bdi>
      </h3>
      <Pairs
        rows={[
          [
            said.role,
            <>
              {notices.roles[contact.role]}, <bdi>{contact.name}</bdi>
            </>,
          ],
          [
            said.from,
            <>
              {said.sources[contact.source]} (<When at={contact.tracedAt} />)
            </>,
          ],
          [
            said.approval,
            <>
              <span class={approval === 'pending' || approval === 'refused' ? 'badge late' : ''}>
                {said.approvals[approval]}
              </span>
              {decided !== null && decidedAt !== null && (
                <>
                  {' '}
                  {said.decidedBy(decided.decider ?? visit.words.unknown)}, <When at={decidedAt} />:{' '}
                  {decided.reason}
                </>
              )}
            </>,
          ],
        ]}
      />
      {decided !== null && visit.may('contact:decide') && (
        <ContactDecision id={decided.id} address={contact.address} approval={approval} />
      )}
    </article>
  )
}

function OverrideRows({
  host,
  visit,
  nameOf,
}: HostProps & { readonly nameOf: (id: string) => string }) {
  const { hosts: said, reason } = visit.words
  return (
    <Rows
      caption={said.overrides}
      rows={host.overrides}
      idOf={({ id }) => id}
      empty={said.overridesNone}
      columns={[
        { head: said.domain, cell: (one) => <code class="url">{one.host}</code> },
        {
          head: said.contact,
          cell: ({ name, abuseContact, country, origin }) => (
            <bdi>
              {[
                name,
                abuseContact,
                country,
                ...(origin === undefined ? [] : [`${said.origin}: ${origin.join(', ')}`]),
              ]
                .filter((text) => text !== undefined)
                .join(', ')}
            </bdi>
          ),
        },
        { head: reason, cell: (one) => <bdi>{one.reason}</bdi> },
        {
          head: said.saidBy,
          cell: ({ by, at }) => (
            <>
              {nameOf(by)}, <When at={at} />
            </>
          ),
        },
        ...(visit.may('host:override')
          ? [
              {
                head: said.forget,
                cell: ({ id }: HostDetail['overrides'][number]) => (
                  <OperationForm operation="overrides.remove" given={{ id }}>
                    <button type="submit" class="second">
                      {said.forget}
                    </button>
                  </OperationForm>
                ),
              },
            ]
          : []),
      ]}
    />
  )
}

function SetOverride({ host, visit }: HostProps) {
  const { hosts: said } = visit.words
  return (
    <details open={visit.refused?.operation === 'overrides.set'}>
      <summary>{said.set}</summary>
      <OperationForm operation="overrides.set" label={said.set}>
        <p class="hint">{said.setHint}</p>
        <TypedField name="host" label={said.domain} maxlength={253} required />
        <TypedField name="name" label={said.setName} value={host.name} maxlength={200} />
        <TypedField name="abuseContact" type="email" label={said.setMail} maxlength={254} />
        <TypedField name="country" label={said.country} maxlength={2} />
        <Reason id="override-reason" />
        <button type="submit">{said.setGo}</button>
      </OperationForm>
    </details>
  )
}

import { z } from 'zod'
import type { AuditEntry } from '../../audit/index.ts'
import { own } from '../../core/index.ts'
import { Beside, ID, NOT_SHOWN } from '../components/beside.tsx'
import { Filters, TextFilter } from '../components/filters.tsx'
import { HiddenToken, OperationForm } from '../components/form.tsx'
import { Rows } from '../components/rows.tsx'
import { Section } from '../components/section.tsx'
import { When } from '../components/when.tsx'
import { PAGE_ROWS } from '../components/pager.tsx'
import { knownNames, shortId } from '../names.ts'
import { optional } from '../optional.ts'
import { page, type Visit } from '../page.ts'

const FIELD_CHARS = 64
const text = optional(z.string().max(FIELD_CHARS))
/** Where the records that an action is about have a page. */
const PLACES: Readonly<Record<string, string>> = {
  case: '/console/cases',
  tip: '/console/tips',
  person: '/console/people',
}

/** Who did what to what, and when; the address of the page says which entries. */
export const auditPage = page({
  path: '/console/audit',
  needs: 'audit:read',
  input: z.object({
    by: text,
    action: text,
    subject: text,
    since: text,
    until: text,
    before: text,
  }),
  async show(visit, filter) {
    const { words, calls, place } = visit
    const { audit } = words
    const found = await calls.audit.search({ ...filter, limit: PAGE_ROWS })
    const ids = new Set(
      found.rows.flatMap(({ by, subject, detail }) => [by, subject, ...Object.values(detail)]),
    )
    const people = [...ids].filter((id) => typeof id === 'string').filter((id) => ID.test(id))
    const names = await knownNames(visit, people)
    const query = new URLSearchParams(place.split('?')[1])
    if (found.next !== null) query.set('before', found.next)
    return {
      title: audit.title,
      body: (
        <>
          <p>{audit.intro}</p>
          <Asked filter={filter} names={names} visit={visit} />
          <Rows
            caption={audit.title}
            rows={found.rows}
            idOf={({ cursor }) => cursor}
            empty={words.none}
            columns={[
              { head: audit.when, cell: ({ at }) => <When at={at} /> },
              { head: audit.by, cell: ({ by }) => whoOf(by, names, visit) },
              {
                head: audit.action,
                cell: ({ action }) => own(audit.actions, action) ?? <code>{action}</code>,
              },
              { head: audit.subject, cell: (entry) => <Subject entry={entry} names={names} /> },
              {
                head: audit.beside,
                cell: ({ detail }) => <Beside detail={detail} names={names} />,
              },
            ]}
          />
          <p class="hint">{audit.looked(String(found.looked))}</p>
          {found.next !== null && (
            <nav class="pager" aria-label={audit.goesOn}>
              <a href={`/console/audit?${query.toString()}`}>{audit.goesOn}</a>
            </nav>
          )}
          {found.erased && <p>{audit.erased}</p>}
          <Section id="chain" title={audit.chain}>
            <p>{audit.chainIntro}</p>
            <OperationForm operation="audit.verify" label={audit.chain}>
              <button type="submit">{audit.verify}</button>
            </OperationForm>
          </Section>
          <Section id="export" title={audit.export}>
            <p>{audit.exportIntro}</p>
            <form method="post" action="/console/audit/export" class="act">
              <HiddenToken />
              <button type="submit">{audit.exportGo}</button>
            </form>
          </Section>
        </>
      ),
    }
  },
})

function Asked({
  filter,
  names,
  visit,
}: {
  readonly filter: Readonly<Partial<Record<string, string | undefined>>>
  readonly names: ReadonlyMap<string, string>
  readonly visit: Visit
}) {
  const { audit } = visit.words
  const { by = '', action, subject, since, until } = filter
  return (
    <Filters go={audit.show}>
      <TextFilter
        name="by"
        label={audit.by}
        value={names.get(by) ?? by}
        hint={audit.byHint}
        maxlength={FIELD_CHARS}
      />
      <TextFilter
        name="action"
        label={audit.action}
        value={action}
        hint={audit.actionHint}
        maxlength={FIELD_CHARS}
      />
      <TextFilter
        name="subject"
        label={audit.subject}
        value={subject}
        hint={audit.subjectHint}
        maxlength={FIELD_CHARS}
      />
      <TextFilter type="date" name="since" label={audit.since} value={since} />
      <TextFilter type="date" name="until" label={audit.until} value={until} />
    </Filters>
  )
}

function whoOf(by: string, names: ReadonlyMap<string, string>, { words: { audit } }: Visit) {
  if (by === 'hindra') return audit.system
  if (by === 'nobody') return audit.nobody
  if (by === 'operator') return audit.operator
  const name = names.get(by)
  return name === undefined ? (
    <code>{shortId(by)}</code>
  ) : (
    <a href={`/console/people/${by}`}>{name}</a>
  )
}

function Subject({
  entry: { action, subject },
  names,
}: {
  readonly entry: AuditEntry
  readonly names: ReadonlyMap<string, string>
}) {
  if (subject === 'list') return null
  if (!ID.test(subject)) return <>{NOT_SHOWN.test(subject) ? '…' : subject}</>
  const name = names.get(subject)
  const [noun = ''] = action.split('.')
  const place = name === undefined ? own(PLACES, noun) : '/console/people'
  const said = name ?? <code>{shortId(subject)}</code>
  return place === undefined ? <>{said}</> : <a href={`${place}/${subject}`}>{said}</a>
}

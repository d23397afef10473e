import { z } from 'zod'
import type { Role } from '../../access/index.ts'
import { PERSONS_ONLY, ROLES } from '../../access/terms.ts'
import type { PersonDetail } from '../../operations/index.ts'
import type { SessionView } from '../../sessions/index.ts'
import { KeysOf } from '../components/keys-of.tsx'
import { FoldedForm, OperationForm, TypedField } from '../components/form.tsx'
import { Pairs } from '../components/pairs.tsx'
import { RoleChoice } from '../components/role-choice.tsx'
import { Rows } from '../components/rows.tsx'
import { Section } from '../components/section.tsx'
import { When } from '../components/when.tsx'
import { page, type Visit } from '../page.ts'

/** One person or machine: what they may do, what they come in by, and the acts that change it. */
export const personPage = page({
  path: '/console/people/:id',
  needs: 'people:read',
  input: z.object({ id: z.string() }),
  async show(visit, { id }) {
    const { words, calls } = visit
    const { people } = words
    const found = await calls.people.show({ id })
    const isPerson = found.kind === 'person'
    const [sessions, others] = await Promise.all([
      isPerson && found.active ? calls.sessions.list({ person: found.id }) : [],
      isPerson ? [] : calls.people.list(),
    ])
    const isManaged = visit.may('people:manage') && found.active
    const owners = others.filter(({ kind, active }) => kind === 'person' && active)
    const owner = others.find((one) => one.id === found.owner)
    return {
      title: found.pseudonym,
      body: (
        <>
          <Facts found={found} visit={visit} owner={owner?.pseudonym ?? found.owner} />
          {isManaged && <Roles found={found} visit={visit} />}
          {isManaged && !isPerson && (
            <Section id="owner" title={people.owner}>
              <OperationForm operation="people.own" label={people.owner} given={{ id: found.id }}>
                <div class="field">
                  <label for="owner-of">{people.owner}</label>
                  <select id="owner-of" name="owner" required>
                    {found.owner === null && <option value="" />}
                    {owners.map((one) => (
                      <option key={one.id} value={one.id} selected={one.id === found.owner}>
                        {one.pseudonym}
                      </option>
                    ))}
                  </select>
                </div>
                <button type="submit">{people.ownerGo}</button>
              </OperationForm>
            </Section>
          )}
          <KeysOf found={found} isManaged={isManaged} />
          {isPerson && found.active && (
            <Browsers sessions={sessions} found={found} isManaged={isManaged} visit={visit} />
          )}
          {isManaged && isPerson && <Invitation found={found} visit={visit} />}
          {isManaged && found.id !== visit.by.id && (
            <Section id="deactivate" title={people.deactivate}>
              <details>
                <summary>{people.deactivate}</summary>
                <p>{people.deactivateHint}</p>
                <OperationForm
                  operation="people.deactivate"
                  label={people.deactivate}
                  given={{ id: found.id }}
                >
                  <button type="submit">{people.deactivateGo}</button>
                </OperationForm>
              </details>
            </Section>
          )}
        </>
      ),
    }
  },
})

function Facts({
  found,
  visit,
  owner,
}: {
  readonly found: PersonDetail
  readonly visit: Visit
  readonly owner: string | null
}) {
  const { people } = visit.words
  const { enrolledAt, recoveryCodes, passkeys, isLinked, invitedUntil } = found.signIn
  const isPerson = found.kind === 'person'
  return (
    <>
      <Pairs
        rows={[
          [people.name, found.name],
          [people.kind, people.kinds[found.kind]],
          [people.state, found.active ? people.active : people.deactivated],
          [people.roles, found.roles.length === 0 ? people.noRoles : found.roles.join(', ')],
          [people.created, <When key="created" at={found.createdAt} />],
          [
            people.owner,
            !isPerson &&
              (found.owner === null ? (
                people.ownerNone
              ) : (
                <a href={`/console/people/${found.owner}`}>{owner}</a>
              )),
          ],
          [
            people.signIn,
            isPerson &&
              (enrolledAt === null
                ? !isLinked && people.notEnrolled
                : people.enrolled(recoveryCodes ?? 0)),
          ],
          [people.provider, isLinked && people.linked],
          [people.passkeys, enrolledAt !== null && String(passkeys)],
          [people.invited, invitedUntil !== null && <When at={invitedUntil} />],
        ]}
      />
      {visit.may('audit:read') && (
        <p>
          <a href={`/console/audit?by=${found.id}`}>{people.audit}</a>
        </p>
      )}
    </>
  )
}

/** What could be given: some roles are for people alone. */
function rolesFor({ kind }: PersonDetail): readonly Role[] {
  return kind === 'person' ? ROLES : ROLES.filter((role) => !PERSONS_ONLY.includes(role))
}

function Roles({ found, visit }: { readonly found: PersonDetail; readonly visit: Visit }) {
  const { people } = visit.words
  const isOwn = found.id === visit.by.id
  return (
    <Section id="roles" title={people.roles}>
      <OperationForm operation="people.setRoles" label={people.roles} given={{ id: found.id }}>
        <RoleChoice
          legend={people.roles}
          offered={isOwn ? found.roles : rolesFor(found)}
          held={found.roles}
          hint={isOwn ? people.rolesOwn : people.rolesHint}
        />
        <button type="submit">{people.rolesGo}</button>
      </OperationForm>
    </Section>
  )
}

function Browsers({
  sessions,
  found,
  isManaged,
  visit,
}: {
  readonly sessions: readonly SessionView[]
  readonly found: PersonDetail
  readonly isManaged: boolean
  readonly visit: Visit
}) {
  const { people, account } = visit.words
  return (
    <Section id="sessions" title={people.sessions}>
      <Rows
        caption={people.sessions}
        rows={sessions}
        idOf={({ id }) => id}
        empty={people.sessionsNone}
        columns={[
          { head: account.browser, cell: ({ label }) => label ?? account.unnamed },
          { head: account.since, cell: ({ createdAt }) => <When at={createdAt} /> },
          { head: account.lastUsed, cell: ({ lastUsedAt }) => <When at={lastUsedAt} since /> },
          { head: account.ends, cell: ({ endsAt }) => <When at={endsAt} /> },
          ...(isManaged
            ? [
                {
                  head: account.end,
                  cell: ({ id }: SessionView) => (
                    <OperationForm operation="sessions.end" given={{ id }}>
                      <button type="submit">{account.end}</button>
                    </OperationForm>
                  ),
                },
              ]
            : []),
        ]}
      />
      {isManaged && sessions.length > 1 && (
        <OperationForm operation="sessions.endAll" given={{ person: found.id }}>
          <button type="submit">{people.endAll}</button>
        </OperationForm>
      )}
    </Section>
  )
}

function Invitation({ found, visit }: { readonly found: PersonDetail; readonly visit: Visit }) {
  const { people } = visit.words
  return (
    <Section id="invitation" title={people.invitation}>
      <p>{people.inviteHint}</p>
      {found.signIn.enrolledAt !== null && <p class="badge late">{people.inviteResets}</p>}
      <OperationForm operation="sessions.invite" label={people.invite} given={{ person: found.id }}>
        <button type="submit">{people.invite}</button>
      </OperationForm>
      {visit.config.openid.issuer !== undefined && <ProviderForms found={found} visit={visit} />}
    </Section>
  )
}

/** Who the person is at the provider by which one signs in, too. */
function ProviderForms({ found, visit }: { readonly found: PersonDetail; readonly visit: Visit }) {
  const { people } = visit.words
  const given = { person: found.id }
  return (
    <>
      <FoldedForm title={people.linkTo} operation="sessions.linkOpenid" given={given}>
        <TypedField id="subject" name="subject" label={people.subject} maxlength={255} required />
        <button type="submit">{people.linkGo}</button>
      </FoldedForm>
      {found.signIn.isLinked && (
        <OperationForm operation="sessions.unlinkOpenid" given={given}>
          <button type="submit">{people.unlink}</button>
        </OperationForm>
      )}
    </>
  )
}

import type { KeyView } from '../../access/index.ts'
import type { PersonDetail } from '../../operations/index.ts'
import { useVisit } from '../visiting.ts'
import { FoldedForm, OperationForm, TypedField } from './form.tsx'
import { RoleChoice } from './role-choice.tsx'
import { Rows } from './rows.tsx'
import { Section } from './section.tsx'
import { When } from './when.tsx'

/** The keys of one person or machine, and the acts upon them. */
export function KeysOf({
  found,
  isManaged,
}: {
  readonly found: PersonDetail
  readonly isManaged: boolean
}) {
  const { people } = useVisit().words
  return (
    <Section id="keys" title={people.keys}>
      <p class="hint">{people.keysHint}</p>
      <Rows
        caption={people.keys}
        rows={found.keys}
        idOf={({ id }) => id}
        empty={people.keysNone}
        columns={[
          { head: people.label, cell: ({ label }) => label },
          {
            head: people.keyRoles,
            cell: ({ roles }) => (roles === null ? people.keyRolesAll : roles.join(', ')),
          },
          { head: people.source, cell: ({ source }) => source },
          { head: people.created, cell: ({ createdAt }) => <When at={createdAt} /> },
          { head: people.lastUsed, cell: ({ lastUsedAt }) => <When at={lastUsedAt} since /> },
          { head: people.expires, cell: (key) => <Ends of={key} isManaged={isManaged} /> },
        ]}
      />
      {isManaged && found.keys.some(isGood) && <p class="hint">{people.rotateHint}</p>}
      {isManaged && <MakeKey found={found} />}
    </Section>
  )
}

/** Whether nobody has ended it; an expiry ends it by itself. */
function isGood({ revokedAt }: KeyView): boolean {
  return revokedAt === null
}

function Ends({ of: key, isManaged }: { readonly of: KeyView; readonly isManaged: boolean }) {
  const { now, words } = useVisit()
  const { people } = words
  const { id, revokedAt, expiresAt, overlapEndsAt } = key
  if (revokedAt !== null) {
    return (
      <>
        {people.revoked} <When at={revokedAt} />
      </>
    )
  }
  if (expiresAt !== null && now >= Date.parse(expiresAt)) {
    return (
      <>
        {people.expired} <When at={expiresAt} />
      </>
    )
  }
  return (
    <>
      <When at={expiresAt} />
      {overlapEndsAt !== null && now < Date.parse(overlapEndsAt) && (
        <p class="hint">
          {people.until} <When at={overlapEndsAt} />
        </p>
      )}
      {isManaged && (
        <div class="buttons">
          <OperationForm operation="keys.rotate" given={{ id }}>
            <button type="submit">{people.rotate}</button>
          </OperationForm>
          <OperationForm operation="keys.revoke" given={{ id }}>
            <button type="submit">{people.revoke}</button>
          </OperationForm>
        </div>
      )}
    </>
  )
}

function MakeKey({ found }: { readonly found: PersonDetail }) {
  const { people } = useVisit().words
  return (
    <FoldedForm title={people.makeKey} operation="keys.create" given={{ personId: found.id }}>
      <TypedField name="label" label={people.label} maxlength={100} required />
      <RoleChoice
        legend={people.keyRoles}
        offered={found.roles}
        held={[]}
        hint={people.keyRolesHint}
      />
      <TypedField name="source" label={people.source} hint={people.sourceHint} maxlength={64} />
      <TypedField
        name="expiresInDays"
        label={people.days}
        hint={people.daysHint}
        inputmode="numeric"
        pattern="[0-9]{1,4}"
      />
      <button type="submit">{people.makeKeyGo}</button>
    </FoldedForm>
  )
}

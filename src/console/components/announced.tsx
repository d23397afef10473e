import type { Announcement } from '../../takedown/index.ts'
import { useVisit } from '../visiting.ts'
import { laidDownIn } from '../words/laid-down.ts'
import { unreachableIn } from '../words/said.ts'
import { Rows } from './rows.tsx'
import { When } from './when.tsx'

/** Who is told first, when, by which rule, and what holds it: as the rounds will do it. */
export function Announced({ announcement }: { readonly announcement: Announcement }) {
  const { words, language } = useVisit()
  const { case: said } = words
  const { rule, why, recipients, hindrance, unreachable } = announcement
  return (
    <>
      {hindrance !== null && <p class="badge late">{said.hindrances[hindrance]}</p>}
      <Rows
        caption={said.toldWho}
        rows={recipients}
        idOf={({ role, recipient }) => `${role} ${recipient}`}
        empty={rule === null ? said.toldNobody : laidDownIn(language, why)}
        columns={[
          { head: said.toldWho, cell: ({ name, recipient }) => `${name} (${recipient})` },
          { head: said.toldWhen, cell: ({ at }) => (at === null ? said.byHand : <When at={at} />) },
          { head: said.toldWait, cell: ({ waits }) => <Waits of={waits} /> },
        ]}
      />
      {unreachable.length > 0 && (
        <p>
          {unreachable.map((told) => unreachableIn(language, told, words.policy.roles)).join(', ')}
        </p>
      )}
      {rule !== null && (
        <p class="hint">
          {said.rule} {rule}: {laidDownIn(language, why)}
        </p>
      )}
    </>
  )
}

function Waits({ of }: { readonly of: Announcement['recipients'][number]['waits'] }) {
  const { case: said } = useVisit().words
  return (
    <>
      {of.map(({ for: what, until }, place) => (
        <>
          {place > 0 && '; '}
          {said.waits[what]}
          {until !== null && (
            <>
              {', '}
              {said.atTheLatest} <When at={until} />
            </>
          )}
        </>
      ))}
    </>
  )
}

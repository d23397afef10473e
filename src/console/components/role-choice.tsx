import type { Role } from '../../access/index.ts'
import { useWords } from '../visiting.ts'
import { useSent } from './form.tsx'

/** Roles to be chosen from, with those that are held, or were chosen before the form was refused. */
export function RoleChoice({
  legend,
  offered,
  held,
  hint,
}: {
  readonly legend: string
  readonly offered: readonly Role[]
  readonly held: readonly Role[]
  readonly hint: string
}) {
  const { people } = useWords()
  const chosen = useSent('roles') ?? held
  return (
    <fieldset class="choice">
      <legend>{legend}</legend>
      <p class="hint">{hint}</p>
      {offered.map((role) => (
        <label key={role}>
          <input type="checkbox" name="roles" value={role} checked={chosen.includes(role)} />{' '}
          <code>{role}</code> {people.roleNames[role]}
        </label>
      ))}
    </fieldset>
  )
}

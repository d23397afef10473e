import type { Child } from 'hono/jsx'
import { useWords } from '../visiting.ts'

/** What a list is narrowed by: the address of the page then says it. */
export function Filters({ children }: { readonly children: Child }) {
  return (
    <form method="get" class="filters">
      {children}
      <button type="submit">{useWords().searchGo}</button>
    </form>
  )
}

export function TextFilter({
  name,
  label,
  value = '',
}: {
  readonly name: string
  readonly label: string
  readonly value?: string | undefined
}) {
  return (
    <label>
      {label} <input name={name} value={value} />
    </label>
  )
}

export function ChoiceFilter({
  name,
  label,
  options,
  chosen,
}: {
  readonly name: string
  readonly label: string
  readonly options: readonly (readonly [value: string, word: string])[]
  readonly chosen: string | undefined
}) {
  const { any } = useWords()
  return (
    <label>
      {label}{' '}
      <select name={name}>
        <option value="">{any}</option>
        {options.map(([value, word]) => (
          <option key={value} value={value} selected={value === chosen}>
            {word}
          </option>
        ))}
      </select>
    </label>
  )
}

/** Whether only some of a list are meant; nothing is sent where it is not ticked. */
export function OnlyFilter({
  name,
  label,
  isChosen,
}: {
  readonly name: string
  readonly label: string
  readonly isChosen: boolean
}) {
  return (
    <label>
      <input type="checkbox" name={name} value="true" checked={isChosen} /> {label}
    </label>
  )
}

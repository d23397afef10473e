import type { Child } from 'hono/jsx'
import { useWords } from '../visiting.ts'

/** What a list is narrowed by: the address of the page then says it. */
export function Filters({
  go,
  children,
}: {
  /** What the button says; that it finds, unless told. */
  readonly go?: string
  readonly children: Child
}) {
  const { searchGo } = useWords()
  return (
    <form method="get" class="filters">
      {children}
      <button type="submit">{go ?? searchGo}</button>
    </form>
  )
}

export function TextFilter({
  name,
  label,
  value = '',
  hint,
  type,
  maxlength,
}: {
  readonly name: string
  readonly label: string
  readonly value?: string | undefined
  readonly hint?: string
  readonly type?: 'text' | 'date'
  readonly maxlength?: number
}) {
  return (
    <label>
      {label}{' '}
      <input type={type} name={name} value={value} placeholder={hint} maxlength={maxlength} />
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

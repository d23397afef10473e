import { useVisit } from '../visiting.ts'

/** One of a few, or any, by which a list is narrowed; the address of the page says which. */
export function FilterSelect({
  name,
  label,
  options,
  chosen,
}: {
  readonly name: string
  readonly label: string
  readonly options: readonly (readonly [value: string, label: string])[]
  readonly chosen: string | undefined
}) {
  const { register } = useVisit().words
  return (
    <label>
      {label}{' '}
      <select name={name}>
        <option value="">{register.any}</option>
        {options.map(([value, text]) => (
          <option key={value} value={value} selected={value === chosen}>
            {text}
          </option>
        ))}
      </select>
    </label>
  )
}

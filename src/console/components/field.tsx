import type { JSX } from 'hono/jsx'

/** One line to be typed, with its label, and what helps to fill it in; other attributes are those of the input. */
export function Field({
  name,
  label,
  id = name,
  hint,
  ...input
}: JSX.IntrinsicElements['input'] & {
  readonly name: string
  readonly label: string
  readonly id?: string
  readonly hint?: string
}) {
  const hintId = `${id}-hint`
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        name={name}
        {...input}
        {...(hint !== undefined && { 'aria-describedby': hintId })}
      />
      {hint !== undefined && (
        <p class="hint" id={hintId}>
          {hint}
        </p>
      )}
    </div>
  )
}

import type { Child } from 'hono/jsx'
import { useVisit } from '../visiting.ts'

/** The operations that a form can name: `cases.decide`. */
export type OperationName = `${string}.${string}`

export function HiddenToken() {
  return <input type="hidden" name="_token" value={useVisit().formToken} />
}

/**
 * A form that calls an operation with its fields, which are named as the operation's are (`said.reason` is one within
 * another). Where it is refused the page is shown again, with why and with what was typed.
 *
 * @param next The page that follows; by default the page itself
 */
export function OperationForm({
  operation,
  given = {},
  next,
  label,
  children,
}: {
  readonly operation: OperationName
  /** Fields that nobody types. */
  readonly given?: Readonly<Record<string, string>>
  readonly next?: string
  readonly label?: string
  readonly children: Child
}) {
  const { place } = useVisit()
  return (
    <form method="post" action={`/console/do/${operation}`} aria-label={label} class="act">
      <HiddenToken />
      <input type="hidden" name="_place" value={place} />
      <input type="hidden" name="_next" value={next ?? place} />
      {Object.entries(given).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {children}
    </form>
  )
}

/** What was typed into a field before the form was refused. */
export function useTyped(name: string): string {
  const { refused } = useVisit()
  return refused === undefined
    ? ''
    : (Object.entries(refused.typed).find(([key]) => key === name)?.[1] ?? '')
}

/** All that was sent of a field of this operation's form before it was refused; undefined where it was not. */
export function useSent(operation: OperationName, name: string): readonly string[] | undefined {
  const { refused } = useVisit()
  if (refused?.form?.operation !== operation) return undefined
  return new Map(Object.entries(refused.form.sent)).get(name) ?? []
}

/** Why something was done: goes into the record. */
export function Reason({ id, rows = 2 }: { readonly id: string; readonly rows?: number }) {
  const { words } = useVisit()
  const typed = useTyped('reason')
  return (
    <div class="field">
      <label for={id}>{words.reason}</label>
      <textarea
        id={id}
        name="reason"
        rows={rows}
        maxlength={4_000}
        required
        aria-describedby={`${id}-hint`}
      >
        {typed}
      </textarea>
      <p class="hint" id={`${id}-hint`}>
        {words.reasonHint}
      </p>
    </div>
  )
}

/** One of a few, as buttons of which one is chosen. */
export function Choice({
  name,
  legend,
  options,
  required = true,
  several = false,
}: {
  readonly name: string
  readonly legend: string
  readonly options: readonly (readonly [value: string, label: string])[]
  readonly required?: boolean
  readonly several?: boolean
}) {
  const typed = useTyped(name)
  return (
    <fieldset class="choice">
      <legend>{legend}</legend>
      {options.map(([value, label]) => (
        <label key={value}>
          <input
            type={several ? 'checkbox' : 'radio'}
            name={name}
            value={value}
            required={required && !several}
            checked={typed === value}
          />{' '}
          {label}
        </label>
      ))}
    </fieldset>
  )
}

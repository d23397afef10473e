import { type Child, createContext, useContext } from 'hono/jsx'
import { useVisit } from '../visiting.ts'
import { Field } from './field.tsx'

/** The form that a field stands in. */
interface FormAround {
  readonly operation: string
  readonly given: Readonly<Record<string, string>>
}

const FormContext = createContext<FormAround | undefined>(undefined)

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
      <FormContext.Provider value={{ operation, given }}>{children}</FormContext.Provider>
    </form>
  )
}

/** What was typed into a field before its form was refused; of the other forms of a page nothing was. */
export function useTyped(name: string): string {
  const { refused } = useVisit()
  const form = useContext(FormContext)
  if (refused === undefined || refused.operation !== form?.operation) return ''
  const typed = new Map(Object.entries(refused.typed))
  const isThis = Object.entries(form.given).every(([key, value]) => typed.get(key) === value)
  return isThis ? (typed.get(name) ?? '') : ''
}

/** A line of a form, as it was typed before the form was refused. */
export function TypedField(props: Parameters<typeof Field>[0]) {
  const typed = useTyped(props.name)
  return <Field {...props} value={typed === '' ? props.value : typed} />
}

/** Several lines of a form, as they were typed before the form was refused. */
export function TypedText({
  id,
  name,
  label,
  hint,
  rows = 2,
  maxlength = 4_000,
  required = true,
}: {
  readonly id: string
  readonly name: string
  readonly label: string
  readonly hint?: string
  readonly rows?: number
  readonly maxlength?: number
  readonly required?: boolean
}) {
  const typed = useTyped(name)
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <textarea
        id={id}
        name={name}
        rows={rows}
        maxlength={maxlength}
        required={required}
        {...(hint !== undefined && { 'aria-describedby': `${id}-hint` })}
      >
        {typed}
      </textarea>
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  )
}

/** Why something was done: goes into the record. */
export function Reason({
  id,
  rows = 2,
  hint,
}: {
  readonly id: string
  readonly rows?: number
  readonly hint?: string
}) {
  const { words } = useVisit()
  const said = hint ?? words.reasonHint
  return <TypedText id={id} name="reason" label={words.reason} hint={said} rows={rows} />
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

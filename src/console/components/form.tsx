import { type Child, createContext, useContext } from 'hono/jsx'
import type { FormFields } from '../form-input.ts'
import type { PageRefusal } from '../page.ts'
import { useVisit } from '../visiting.ts'
import { Field } from './field.tsx'

/** The operations that a form can name: `cases.decide`. */
export type OperationName = `${string}.${string}`

export function HiddenToken() {
  return <input type="hidden" name="_token" value={useVisit().formToken} />
}

/** What was sent by the form that a field stands in, where that was refused. */
const Sent = createContext<FormFields | undefined>(undefined)

/** Which form: the operation that it calls, and the fields that nobody types. */
interface FormOf {
  readonly operation: OperationName
  readonly given?: Readonly<Record<string, string | readonly string[]>>
}

/** What was sent by a form, where it is the one that was refused. */
function sentBy(
  refused: PageRefusal | undefined,
  { operation, given = {} }: FormOf,
): FormFields | undefined {
  if (refused?.operation !== operation) return undefined
  const sent = new Map(Object.entries(refused.sent))
  const isThis = Object.entries(given).every(
    ([name, value]) => sent.get(name)?.[0] === [value].flat()[0],
  )
  return isThis ? refused.sent : undefined
}

function HiddenFields({ given }: { readonly given: NonNullable<FormOf['given']> }) {
  return (
    <>
      {Object.entries(given).flatMap(([name, value]) =>
        [value]
          .flat()
          .map((one) => <input key={`${name} ${one}`} type="hidden" name={name} value={one} />),
      )}
    </>
  )
}

/**
 * A form that calls an operation with its fields, which are named as the operation's are (`said.reason` is one within
 * another). Where it is refused the page is shown again, with why and with what was typed.
 *
 * @param next The page that follows; by default the page itself
 * @param beside Whether that opens in a tab of its own, and leaves the page and what is typed there as they are
 */
export function OperationForm({
  operation,
  given = {},
  next,
  label,
  beside = false,
  children,
  ...forScript
}: FormOf & {
  readonly next?: string
  readonly label?: string
  readonly beside?: boolean
  readonly children: Child
  /** Until a script shows it, for which it has what is named `data-`. */
  readonly hidden?: boolean
  readonly [data: `data-${string}`]: string
}) {
  const { place, refused } = useVisit()
  return (
    <form
      method="post"
      action={`/console/do/${operation}`}
      aria-label={label}
      class="act"
      {...(beside && { target: '_blank', rel: 'noopener' })}
      {...forScript}
    >
      <HiddenToken />
      <input type="hidden" name="_place" value={place} />
      <input type="hidden" name="_next" value={next ?? place} />
      <HiddenFields given={given} />
      <Sent.Provider value={sentBy(refused, { operation, given })}>{children}</Sent.Provider>
    </form>
  )
}

/** A form for an act upon many, below words that open it: the page that follows shows what it would come to. */
export function ManyForm({
  id,
  title,
  hint,
  operation,
  given = {},
  children,
}: FormOf & {
  readonly id?: string
  readonly title: string
  readonly hint: string
  readonly children: Child
}) {
  return (
    <details>
      <summary>{title}</summary>
      <form id={id} method="post" action="/console/many" class="act" aria-label={title}>
        <HiddenToken />
        <HiddenFields given={{ ...given, operation }} />
        <p class="hint">{hint}</p>
        {children}
      </form>
    </details>
  )
}

/** A form below words that open it; it is open where it was refused. */
export function FoldedForm({
  title,
  operation,
  given = {},
  next,
  children,
}: FormOf & { readonly title: string; readonly next?: string; readonly children: Child }) {
  const { refused } = useVisit()
  return (
    <details class="fold" open={sentBy(refused, { operation, given }) !== undefined}>
      <summary>{title}</summary>
      <OperationForm
        operation={operation}
        given={given}
        label={title}
        {...(next !== undefined && { next })}
      >
        {children}
      </OperationForm>
    </details>
  )
}

/** All that was sent of a field of this form before it was refused; undefined where it was not. */
export function useSent(name: string): readonly string[] | undefined {
  const sent = useContext(Sent)
  return sent && (new Map(Object.entries(sent)).get(name) ?? [])
}

/** What was typed into a field of this form before it was refused. */
export function useTyped(name: string): string {
  return useSent(name)?.[0] ?? ''
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
  name = 'reason',
  rows = 2,
  required = true,
  hint,
}: {
  readonly id: string
  readonly name?: string
  readonly rows?: number
  readonly required?: boolean
  readonly hint?: string
}) {
  const { words } = useVisit()
  return (
    <TypedText
      id={id}
      name={name}
      label={required ? words.reason : words.reasonOptional}
      hint={hint ?? words.reasonHint}
      rows={rows}
      required={required}
    />
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

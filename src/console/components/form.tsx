import { type Child, createContext, useContext } from 'hono/jsx'
import type { PageRefusal } from '../page.ts'
import { useVisit } from '../visiting.ts'

/** The operations that a form can name: `cases.decide`. */
export type OperationName = `${string}.${string}`

export function HiddenToken() {
  return <input type="hidden" name="_token" value={useVisit().formToken} />
}

/** What was typed into the form that a field stands in, where that was refused. */
const Typed = createContext<PageRefusal['typed']>({})

/** Which form: the operation that it calls, and the fields that nobody types. */
interface FormOf {
  readonly operation: OperationName
  readonly given?: Readonly<Record<string, string | readonly string[]>>
}

/** What was typed into a form, where it is the one that was refused. */
function typedInto(
  refused: PageRefusal | undefined,
  { operation, given = {} }: FormOf,
): PageRefusal['typed'] | undefined {
  if (refused?.operation !== operation) return undefined
  const typed = new Map(Object.entries(refused.typed))
  const isThis = Object.entries(given).every(([name, value]) => typed.get(name) === [value].flat()[0])
  return isThis ? refused.typed : undefined
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
}: FormOf & {
  readonly next?: string
  readonly label?: string
  readonly children: Child
}) {
  const { place, refused } = useVisit()
  return (
    <form method="post" action={`/console/do/${operation}`} aria-label={label} class="act">
      <HiddenToken />
      <input type="hidden" name="_place" value={place} />
      <input type="hidden" name="_next" value={next ?? place} />
      {Object.entries(given).flatMap(([name, value]) =>
        [value]
          .flat()
          .map((one) => <input key={`${name} ${one}`} type="hidden" name={name} value={one} />),
      )}
      <Typed.Provider value={typedInto(refused, { operation, given }) ?? {}}>
        {children}
      </Typed.Provider>
    </form>
  )
}

/** A form below words that open it; it is open where it was refused. */
export function FoldedForm({
  title,
  operation,
  given = {},
  children,
}: FormOf & { readonly title: string; readonly children: Child }) {
  const { refused } = useVisit()
  return (
    <details class="fold" open={typedInto(refused, { operation, given }) !== undefined}>
      <summary>{title}</summary>
      <OperationForm operation={operation} given={given} label={title}>
        {children}
      </OperationForm>
    </details>
  )
}

/** What was typed into a field of this form before it was refused. */
export function useTyped(name: string): string {
  const typed = useContext(Typed)
  return Object.entries(typed).find(([key]) => key === name)?.[1] ?? ''
}

/** Why something was done: goes into the record. */
export function Reason({
  id,
  name = 'reason',
  rows = 2,
  required = true,
}: {
  readonly id: string
  readonly name?: string
  readonly rows?: number
  readonly required?: boolean
}) {
  const { words } = useVisit()
  const typed = useTyped(name)
  return (
    <div class="field">
      <label for={id}>{required ? words.reason : words.reasonOptional}</label>
      <textarea
        id={id}
        name={name}
        rows={rows}
        maxlength={4_000}
        required={required}
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

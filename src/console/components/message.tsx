import { useVisit } from '../visiting.ts'

/** What became of the form that was sent, where a reader of the page comes to first. */
export function Message() {
  const { words, refused, isDone } = useVisit()
  if (refused !== undefined) {
    const { message, field, remedy } = refused.why
    return (
      <div class="message problem" role="alert" tabindex={-1} data-focus>
        <p>
          <strong>{words.problem}.</strong> {message}
        </p>
        {field !== undefined && <p>{words.problemAt(field)}</p>}
        <p>{remedy}</p>
      </div>
    )
  }
  if (isDone !== true) return null
  return (
    <p class="message" role="status">
      {words.done}.
    </p>
  )
}

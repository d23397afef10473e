import { problemIn } from '../problem.ts'
import { fieldIn } from '../words/fields.ts'
import { useVisit } from '../visiting.ts'

/** What became of the form that was sent, where a reader of the page comes to first. */
export function Message() {
  const { words, language, config, refused, done } = useVisit()
  if (refused !== undefined) {
    const { field } = refused.why
    const { timeZone } = config.takedown
    const { message, remedy } = problemIn({ language, timeZone }, refused.why)
    return (
      <div class="message problem" role="alert" tabindex={-1} data-focus>
        <p>
          <strong>{words.problem}.</strong> {message}
        </p>
        {field !== undefined && <p>{words.problemAt(fieldIn(language, field))}</p>}
        <p>{remedy}</p>
      </div>
    )
  }
  if (done === undefined) return null
  const isOne = done.done === 1 && done.left === 0
  return (
    <p class="message" role="status" tabindex={-1} data-focus>
      {isOne ? `${words.done}.` : words.many.done(done.done, done.left)}
      {done.back !== undefined && (
        <>
          {' '}
          <a href={done.back}>{words.undo.back}</a>
        </>
      )}
    </p>
  )
}

import { HindraError } from '../../errors.ts'
import type { ThreadView } from '../../tipline/index.ts'
import { namesFor, type NameOf } from '../names.ts'
import type { Visit } from '../page.ts'
import { useVisit } from '../visiting.ts'
import { FoldedForm, OperationForm, Reason, TypedText } from './form.tsx'
import { Section } from './section.tsx'
import { When } from './when.tsx'

/** As long as a message may be. */
const TEXT_CHARS_MAX = 3_500

/** What was written with whoever told a tip, and what those of the house who wrote are called. */
interface Written {
  readonly thread: ThreadView
  readonly nameOf: NameOf
}

/** Undefined where the tip came without a receipt: nobody would read an answer. */
export async function correspondenceOf(visit: Visit, tipId: string): Promise<Written | undefined> {
  try {
    const thread = await visit.calls.tips.messages({ id: tipId })
    const nameOf = await namesFor(
      visit,
      thread.messages.map(({ by }) => by),
    )
    return { thread, nameOf }
  } catch (error) {
    if (error instanceof HindraError && error.code === 'NOT_FOUND') return undefined
    throw error
  }
}

/** Both ways, with the acts upon it: an answer, and what becomes of a child's own request. */
export function Sender({
  tipId,
  correspondence: { thread, nameOf },
}: {
  readonly tipId: string
  readonly correspondence: Written
}) {
  const visit = useVisit()
  const { sender } = visit.words
  const given = { id: tipId }
  const isUnanswered = thread.messages.at(-1)?.from === 'sender'
  return (
    <>
      {thread.own !== null && <Own state={thread.own} given={given} />}
      <Section id="sender" title={sender.title}>
        <p class="hint">{sender.intro(sender.languages[thread.language])}</p>
        {thread.keptAt === null && <p>{sender.notKept}</p>}
        {thread.messages.length === 0 && <p class="empty">{sender.none}</p>}
        {thread.messages.length > 0 && (
          <ul class="notes">
            {thread.messages.map(({ at, from, text, by }) => (
              <li key={`${at} ${from}`}>
                <p>{text}</p>
                <p class="hint">
                  {from === 'sender' ? sender.from : nameOf(by ?? null)}, <When at={at} />
                </p>
              </li>
            ))}
          </ul>
        )}
        {visit.may('assess') && (
          <>
            {isUnanswered && (
              <OperationForm operation="tips.heard" given={given}>
                <button type="submit" class="second">
                  {sender.heard}
                </button>
              </OperationForm>
            )}
            <FoldedForm title={sender.answer} operation="tips.answer" given={given}>
              <TypedText
                id="answer"
                name="text"
                label={sender.answer}
                hint={sender.answerHint}
                rows={4}
                maxlength={TEXT_CHARS_MAX}
              />
              <button type="submit">{sender.answerGo}</button>
            </FoldedForm>
          </>
        )}
      </Section>
    </>
  )
}

function Own({
  state,
  given,
}: {
  readonly state: NonNullable<ThreadView['own']>
  readonly given: { readonly id: string }
}) {
  const visit = useVisit()
  const { sender } = visit.words
  const isWaiting = state === 'asked' || state === 'held-back'
  const isOpen = isWaiting || state === 'accepted'
  return (
    <Section id="own" title={sender.own}>
      <p>{sender.ownStates[state]}</p>
      {isWaiting && visit.may('assess') && (
        <OperationForm operation="ownRequests.accept" label={sender.accept} given={given}>
          <p class="hint">{sender.acceptHint}</p>
          <button type="submit">{sender.accept}</button>
        </OperationForm>
      )}
      {isOpen && visit.may('assess') && (
        <FoldedForm title={sender.decline} operation="ownRequests.decline" given={given}>
          <Reason id="decline-reason" />
          <button type="submit">{sender.declineGo}</button>
        </FoldedForm>
      )}
    </Section>
  )
}

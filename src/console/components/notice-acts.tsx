import type { NoticeDetail } from '../../operations/index.ts'
import { useVisit } from '../visiting.ts'
import { OperationForm, Reason, TypedField, TypedText } from './form.tsx'
import { Section } from './section.tsx'
import { When } from './when.tsx'

/** What a person can do about a notice as it stands: no form is offered that would be refused. */
export function NoticeActs({ notice }: { readonly notice: NoticeDetail }) {
  const visit = useVisit()
  const { notices: said, waiting } = visit.words
  const { id, undelivered, errands, heldFor, state } = notice
  const given = { id }
  const lacksFacts = state === 'held' && heldFor === 'facts'
  const isByHand = errands.some(({ kind }) => kind === 'notice')
  const mayFollow = visit.may('notice:follow-up')
  const maySend = visit.may('notice:send')
  const wasTold = notice.sentAt !== null && state !== 'bounced'
  const replies = errands.filter(({ kind }) => kind === 'reply')
  return (
    <>
      {errands.map((errand) => (
        <div class="message" key={errand.id}>
          <p>
            <strong>{said.waits}.</strong> {said.waitsSince(waiting.kinds[errand.kind])}{' '}
            <When at={errand.since} />
          </p>
        </div>
      ))}
      {replies.length > 0 &&
        mayFollow &&
        replies.map((errand) => (
          <OperationForm key={errand.id} operation="waiting.markDone" given={{ id: errand.id }}>
            <button type="submit">{waiting.markDone}</button>
          </OperationForm>
        ))}
      {undelivered !== null && !lacksFacts && mayFollow && (
        <Section id="retry" title={said.retry}>
          <OperationForm operation="notices.retry" label={said.retry} given={given}>
            {maySend && (
              <TypedField name="mail" type="email" label={said.retryTo} maxlength={254} />
            )}
            <button type="submit">{said.retryGo}</button>
          </OperationForm>
        </Section>
      )}
      {(isByHand || undelivered !== null) && mayFollow && (
        <Section id="told" title={said.told}>
          <p class="hint">{said.toldHint}</p>
          <OperationForm operation="notices.markTold" label={said.told} given={given}>
            <button type="submit">{said.toldGo}</button>
          </OperationForm>
        </Section>
      )}
      {undelivered !== null && undelivered.setAside === null && maySend && (
        <Section id="aside" title={said.setAside}>
          <p class="hint">{said.setAsideHint}</p>
          <OperationForm operation="notices.setAside" label={said.setAside} given={given}>
            <Reason id="aside-reason" />
            <button type="submit">{said.setAsideGo}</button>
          </OperationForm>
        </Section>
      )}
      {state === 'held' && heldFor === 'police' && maySend && (
        <Section id="release" title={said.release}>
          <p class="hint">{said.releaseHint}</p>
          <OperationForm operation="notices.release" label={said.release} given={given}>
            <button type="submit">{said.releaseGo}</button>
          </OperationForm>
        </Section>
      )}
      {wasTold && maySend && (
        <details open={visit.refused?.operation === 'notices.answer'}>
          <summary>{said.answer}</summary>
          <OperationForm
            operation="notices.answer"
            label={said.answer}
            given={given}
            next="/console/notices/:id"
          >
            <TypedText
              id="answer"
              name="text"
              label={said.answerText}
              hint={said.answerHint}
              rows={5}
              maxlength={10_000}
            />
            <button type="submit">{said.answerGo}</button>
          </OperationForm>
        </details>
      )}
    </>
  )
}

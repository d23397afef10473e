import { defangedText } from '../../core/index.ts'
import type { NoticeDetail } from '../../operations/index.ts'
import { OBJECTORS } from '../../takedown/terms.ts'
import { useVisit } from '../visiting.ts'
import { Choice, OperationForm } from './form.tsx'
import { When } from './when.tsx'

/** What came back to a notice, as strangers wrote it; each answer may be taken for an objection. */
export function Replies({ notice }: { readonly notice: NoticeDetail }) {
  const visit = useVisit()
  const { notices: said, objections } = visit.words
  if (notice.replies.length === 0) return <p class="empty">{said.answersNone}</p>
  return (
    <>
      {notice.replies.map((reply) => (
        <article class="reply" key={reply.id}>
          <h3>
            {said.replies[reply.kind]}, <When at={reply.at} />
          </h3>
          <p class="hint">
            <bdi>{reply.from}</bdi>; {said.proofs[reply.proof]}
            {reply.heeded !== null && `; ${said.heeded}: ${said.wishes[reply.heeded]}`}
            {reply.unheeded !== null && `; ${said.unheeded}: ${said.unheededWhy[reply.unheeded]}`}
          </p>
          <p>
            <strong>
              <bdi>{reply.subject}</bdi>
            </strong>
          </p>
          <pre>{defangedText(reply.text)}</pre>
          {!reply.automatic && visit.may('notice:follow-up') && (
            <details>
              <summary>{said.objectReply}</summary>
              <OperationForm
                operation="objections.add"
                label={said.objectReply}
                given={{ noticeId: notice.id, replyId: reply.id }}
                next="/console/objections/:id"
              >
                <p class="hint">{said.objectHint}</p>
                <Choice
                  name="objector"
                  legend={objections.who}
                  options={OBJECTORS.map((one) => [one, objections.objectors[one]])}
                />
                <button type="submit">{objections.addGo}</button>
              </OperationForm>
            </details>
          )}
        </article>
      ))}
    </>
  )
}

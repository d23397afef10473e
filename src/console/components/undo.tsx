import type { UndoView } from '../../assessing/index.ts'
import type { Announcement } from '../../takedown/index.ts'
import { useVisit } from '../visiting.ts'
import { OperationForm, Reason } from './form.tsx'
import { Section } from './section.tsx'
import { When } from './when.tsx'

/** What a person said of a case last: what undoing it does, until when, or why not and what else. */
export function UndoCase({
  view: { caseId, act, bar },
  announcement,
}: {
  readonly view: UndoView
  /** Absent where whoever looks may not be told who is told. */
  readonly announcement: Announcement | undefined
}) {
  const { undo } = useVisit().words
  if (act === null || bar === 'nothing' || bar === 'colleague') return null
  if (bar !== null) {
    return (
      <Section id="undo" title={undo.title}>
        <p>{undo.bars[bar]}</p>
      </Section>
    )
  }
  return (
    <Section id="undo" title={undo.title}>
      <p>{undo.does[act]}</p>
      <p>{act === 'rejected' ? undo.untilNobody : <Until announcement={announcement} />}</p>
      <OperationForm operation="cases.undo" label={undo.title} given={{ id: caseId }}>
        <Reason id="undo-reason" />
        <button type="submit">{undo.go}</button>
      </OperationForm>
    </Section>
  )
}

function Until({ announcement }: { readonly announcement: Announcement | undefined }) {
  const { words, now } = useVisit()
  const { undo } = words
  if (announcement === undefined) return <>{undo.untilAny}</>
  if (announcement.held !== null) return <>{undo.untilHeld}</>
  const { recipients } = announcement
  const [first] = recipients.flatMap(({ at }) => at ?? []).sort()
  if (first === undefined) return <>{recipients.length > 0 ? undo.untilPerson : undo.untilHeld}</>
  if (Date.parse(first) <= now) return <>{undo.untilAny}</>
  return (
    <>
      {undo.until} <When at={first} />.
    </>
  )
}

/** A tip that was dismissed: what putting it back does. */
export function UndoDismissal({ id }: { readonly id: string }) {
  const { undo } = useVisit().words
  return (
    <Section id="undo" title={undo.title}>
      <p>{undo.tip}</p>
      <OperationForm operation="tips.reopen" label={undo.title} given={{ id }}>
        <Reason id="reopen-reason" />
        <button type="submit">{undo.tipGo}</button>
      </OperationForm>
    </Section>
  )
}

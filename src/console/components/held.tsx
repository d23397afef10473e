import type { Assignment } from '../../assignments/terms.ts'
import { localTime } from '../../core/index.ts'
import { useVisit } from '../visiting.ts'
import { OperationForm } from './form.tsx'

const CLOCK = [11, 16] as const

/** Who works on a tip or case, and the acts that change it: two people are never on one thing. */
export function Held({
  kind,
  id,
  assignment,
}: {
  readonly kind: 'tip' | 'case'
  readonly id: string
  readonly assignment: Assignment | null
}) {
  const visit = useVisit()
  const { held } = visit.words
  const topic = kind === 'tip' ? 'tipAssignments' : 'caseAssignments'
  const may = visit.may(kind === 'tip' ? 'assess' : 'case:work')
  const isMine = assignment?.by === visit.by.id
  const until =
    assignment === null
      ? ''
      : localTime(Date.parse(assignment.until), visit.config.takedown.timeZone).slice(...CLOCK)
  return (
    <div class="held">
      <p>
        {assignment === null
          ? held.free
          : isMine
            ? held.you(until)
            : held.by(assignment.holder, until)}
      </p>
      {may && assignment === null && (
        <OperationForm operation={`${topic}.take`} given={{ id }}>
          <button type="submit" data-key="t">
            {held.take}
          </button>
        </OperationForm>
      )}
      {may && isMine && (
        <OperationForm operation={`${topic}.putBack`} given={{ id }}>
          <button type="submit">{held.putBack}</button>
        </OperationForm>
      )}
    </div>
  )
}

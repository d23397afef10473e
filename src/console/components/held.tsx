import { type Assignment, type Skip, SKIP_REASONS } from '../../assignments/terms.ts'
import { localTime } from '../../core/index.ts'
import { useVisit } from '../visiting.ts'
import { Choice, FoldedForm, OperationForm, Reason } from './form.tsx'
import { When } from './when.tsx'

const CLOCK = [11, 16] as const

/** Who works on a tip or case, and the acts that change it: two people are never on one thing. */
export function Held({
  kind,
  id,
  assignment,
  skips,
  mustNotLie,
}: {
  readonly kind: 'tip' | 'case'
  readonly id: string
  readonly assignment: Assignment | null
  readonly skips: readonly Skip[]
  /** A child asks, or is in danger now: a skip is told at once. */
  readonly mustNotLie: boolean
}) {
  const visit = useVisit()
  const { held } = visit.words
  const topic = kind === 'tip' ? 'tipAssignments' : 'caseAssignments'
  const may = visit.may(kind === 'tip' ? 'assess' : 'case:work')
  const isMine = assignment?.by === visit.by.id
  const isOffered = assignment?.offeredTo === visit.by.pseudonym
  const until =
    assignment === null
      ? ''
      : localTime(Date.parse(assignment.until), visit.config.takedown.timeZone).slice(...CLOCK)
  return (
    <>
      <div class="held">
        <p>
          {assignment === null
            ? held.free
            : isMine
              ? held.you(until)
              : held.by(assignment.holder, until)}
          {isOffered && ` ${held.offeredYou}`}
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
        {may && isOffered && (
          <OperationForm operation={`${topic}.accept`} given={{ id }}>
            <button type="submit">{held.accept}</button>
          </OperationForm>
        )}
      </div>
      {may && (isMine || isOffered) && (
        <FoldedForm title={held.skip} operation={`${topic}.skip`} given={{ id }} next="/console">
          <Choice
            name="why"
            legend={held.skipWhy}
            options={SKIP_REASONS.map((one) => [one, held.skips[one]] as const)}
          />
          <p class="hint">{held.skipHint}</p>
          {mustNotLie && <p>{held.skipRaised}</p>}
          <Reason id="skip-reason" required={false} hint="" />
          <button type="submit">{held.skipGo}</button>
        </FoldedForm>
      )}
      {skips.length > 0 && <Skipped skips={skips} />}
    </>
  )
}

/** Who left it to others, and why. */
function Skipped({ skips }: { readonly skips: readonly Skip[] }) {
  const { held } = useVisit().words
  return (
    <>
      <p>{held.skipped(skips.length)}</p>
      <ul class="notes">
        {skips.map(({ who, why, reason, at }) => (
          <li key={who}>
            <p>
              {held.skips[why]}
              {reason !== null && `: ${reason}`}
            </p>
            <p class="hint">
              {who}, <When at={at} />
            </p>
          </li>
        ))}
      </ul>
    </>
  )
}

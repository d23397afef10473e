import type { NoticeDetail } from '../../operations/index.ts'
import { useVisit } from '../visiting.ts'
import { OperationForm, Reason, TypedField } from './form.tsx'
import { Pairs } from './pairs.tsx'
import { When } from './when.tsx'

/** What the police or a person said of the wait of a case, and what can be said of it. */
export function PoliceWait({
  notice,
  hold,
  nameOf,
}: {
  readonly notice: NoticeDetail
  readonly hold: NonNullable<NoticeDetail['hold']>
  readonly nameOf: (id: string | null) => string
}) {
  const visit = useVisit()
  const { notices: said } = visit.words
  const { proposal } = hold
  const given = { id: notice.id }
  const isOpen = hold.state !== 'over'
  return (
    <>
      <Pairs
        rows={[
          [said.state, isOpen && said.holds[hold.state === 'forbidden' ? 'forbidden' : 'police']],
          [said.heldUntil, hold.until !== null && <When at={hold.until} />],
          [
            said.holdSaid,
            <>
              {nameOf(hold.by)}, <When at={hold.at} />
            </>,
          ],
          [said.holdReason, hold.reason !== null && <bdi>{hold.reason}</bdi>],
          [said.holdNumber, hold.theirNumber !== null && <bdi>{hold.theirNumber}</bdi>],
          [
            said.holdProposal,
            proposal !== null && (
              <>
                {said.wishes[proposal.wish]}
                {proposal.until !== null && (
                  <>
                    {' '}
                    <When at={proposal.until} />
                  </>
                )}
                ; {nameOf(proposal.by)}, <When at={proposal.at} />: <bdi>{proposal.reason}</bdi>
              </>
            ),
          ],
        ]}
      />
      {proposal !== null && visit.may('notice:forbid') && (
        <div class="buttons">
          <OperationForm operation="holds.change" given={{ ...given, act: 'confirm' }}>
            <button type="submit">{said.holdConfirm}</button>
          </OperationForm>
          <OperationForm
            operation="holds.change"
            label={said.holdReject}
            given={{ ...given, act: 'reject' }}
          >
            <Reason id="reject-hold" />
            <button type="submit">{said.holdReject}</button>
          </OperationForm>
        </div>
      )}
      {isOpen && visit.may('notice:hold') && (
        <details open={visit.refused?.operation === 'holds.change'}>
          <summary>{said.holdWait}</summary>
          <OperationForm
            operation="holds.change"
            label={said.holdWait}
            given={{ ...given, act: 'wait' }}
          >
            <TypedField
              name="until"
              id="hold-until"
              label={said.holdWait}
              hint={said.holdWaitHint}
              maxlength={64}
              required
            />
            <TypedField
              name="theirNumber"
              id="hold-number"
              label={said.holdNumber}
              maxlength={60}
            />
            <Reason id="hold-reason" />
            <button type="submit">{said.holdWaitGo}</button>
          </OperationForm>
        </details>
      )}
      {isOpen && hold.state !== 'forbidden' && visit.may('notice:forbid') && (
        <details>
          <summary>{said.holdForbid}</summary>
          <OperationForm
            operation="holds.change"
            label={said.holdForbid}
            given={{ ...given, act: 'forbid' }}
          >
            <p class="hint">{said.holdForbidHint}</p>
            <Reason id="forbid-reason" />
            <button type="submit">{said.holdForbidGo}</button>
          </OperationForm>
        </details>
      )}
    </>
  )
}

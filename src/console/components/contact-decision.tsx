import type { ReachedContact } from '../../find/index.ts'
import { useVisit } from '../visiting.ts'
import { OperationForm, Reason } from './form.tsx'

/** Whether a contact may be told: said by a person, who may say otherwise later. */
export function ContactDecision({
  id,
  address,
  approval,
  enteredBy,
}: {
  readonly id: string
  readonly address: string
  readonly approval: ReachedContact['approval']
  /** The person, where no look-up found it. */
  readonly enteredBy?: string | undefined
}) {
  const { words, by } = useVisit()
  const isOwn = enteredBy === by.id
  const { hosts: said } = words
  return (
    <OperationForm operation="contacts.decide" label={said.decide(address)} given={{ id }}>
      {isOwn && approval !== 'approved' && <p>{said.ownEntry}</p>}
      <Reason id={`contact-${id}`} />
      <div class="buttons">
        {approval !== 'approved' && !isOwn && (
          <button type="submit" name="decision" value="approved">
            {said.approve}
          </button>
        )}
        {approval !== 'refused' && (
          <button type="submit" name="decision" value="refused" class="second">
            {said.refuse}
          </button>
        )}
      </div>
    </OperationForm>
  )
}

import type { ReachedContact } from '../../find/index.ts'
import { useVisit } from '../visiting.ts'
import { OperationForm, Reason } from './form.tsx'

/** Whether a contact may be told: said by a person, who may say otherwise later. */
export function ContactDecision({
  id,
  address,
  approval,
}: {
  readonly id: string
  readonly address: string
  readonly approval: ReachedContact['approval']
}) {
  const { words } = useVisit()
  const { hosts: said } = words
  return (
    <OperationForm operation="contacts.decide" label={said.decide(address)} given={{ id }}>
      <Reason id={`contact-${id}`} />
      <div class="buttons">
        {approval !== 'approved' && (
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

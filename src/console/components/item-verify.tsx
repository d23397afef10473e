import type { ItemDetail } from '../../curation/index.ts'
import type { Entry } from '../../register/index.ts'
import { refusalIn } from '../problem.ts'
import { useVisit } from '../visiting.ts'
import { Findings } from './findings.tsx'
import { OperationForm, Reason, useTyped } from './form.tsx'

type Possible = ItemDetail['possible'][number]

interface Verified {
  readonly item: ItemDetail
  readonly entry: Entry
  readonly possible: Possible
}

/** What a second person says of an entry that waits, or why whoever looks cannot say it. */
export function VerifyEntry({ item, entry, possible }: Verified) {
  const { register: said, registering } = useVisit().words
  return (
    <>
      <h3>{said.verifyIn(entry.list)}</h3>
      {possible.code === null && (
        <>
          <p class="hint">
            {said.verifyHint}{' '}
            <code>{`hindra verify ${item.id} --file FILE --confirm same-bytes`}</code>
          </p>
          <p>
            <a href={`/console/items/${item.id}/own-copy`}>{registering.byCopy}</a>
          </p>
        </>
      )}
      <VerifyWords item={item} entry={entry} possible={possible} />
    </>
  )
}

/** @param more What the verification rests on besides: the hashes of a copy of their own */
export function VerifyWords({
  item,
  entry,
  possible,
  more = {},
}: Verified & { readonly more?: Readonly<Record<string, string>> }) {
  const { register: said } = useVisit().words
  const given = { id: item.id, entryId: entry.id, ...more }
  return (
    <>
      {possible.code === null ? (
        <>
          <Findings findings={entry.findings} />
          <OperationForm
            operation="items.verify"
            label={said.verifyIn(entry.list)}
            given={given}
            next={`/console/items/${item.id}`}
          >
            {entry.findings.length > 0 && <Acknowledge id={entry.id} />}
            <Reason id={`verify-${entry.id}`} required={false} />
            <p class="hint">{said.verifyThen}</p>
            <button type="submit">{said.verify}</button>
          </OperationForm>
        </>
      ) : (
        <NotYou possible={possible} entry={entry} />
      )}
    </>
  )
}

function Acknowledge({ id }: { readonly id: string }) {
  const { register: said } = useVisit().words
  const typed = useTyped('acknowledgeFindings')
  return (
    <div class="field tick">
      <input
        type="checkbox"
        id={`seen-${id}`}
        name="acknowledgeFindings"
        value="true"
        checked={typed === 'true'}
        required
      />{' '}
      <label for={`seen-${id}`}>{said.acknowledge}</label>
    </div>
  )
}

/** Why whoever looks may not do it, in their language. */
export function NotYou({
  possible: { action, code, said },
  entry,
}: {
  readonly possible: Possible
  readonly entry: Entry | undefined
}) {
  const { words, by, language } = useVisit()
  const { notYou, twoPersons } = words.register
  if (code === 'FORBIDDEN' || code === 'ASSESSMENTS_MISSING') {
    return (
      <p class="hint">
        {code === 'FORBIDDEN' ? notYou.role : notYou.missing}{' '}
        {said !== null && refusalIn(language, said)}
      </p>
    )
  }
  const isProposer = action === 'verify' && entry?.proposedBy === by.id
  return (
    <>
      <p>{action === 'retract' ? notYou.retract : isProposer ? notYou.proposer : notYou.verify}</p>
      <p class="hint">{twoPersons}</p>
    </>
  )
}

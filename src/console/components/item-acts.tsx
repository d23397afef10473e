import type { Child } from 'hono/jsx'
import type { ItemDetail } from '../../curation/index.ts'
import { isoTime, localDay, HOUR_MS } from '../../core/index.ts'
import { OPINIONS } from '../../register/terms.ts'
import { useVisit } from '../visiting.ts'
import { Field } from './field.tsx'
import { Choice, FoldedForm, Reason, useTyped } from './form.tsx'
import { NotYou } from './item-verify.tsx'

type Possible = ItemDetail['possible'][number]
type Action = Possible['action']

const DAY_MS = 24 * HOUR_MS
/** For how long something is taken out of matching, as a person chooses. */
const DAYS = [1, 7, 30, 90]

/** The acts upon an item beside verifying, each below words that open it. */
export function ItemActs({ item }: { readonly item: ItemDetail }) {
  const visit = useVisit()
  const { register: said } = visit.words
  const given = { id: item.id }
  const isOwn = item.entries.some(
    ({ listKind, status }) => listKind === 'own' && status !== 'retracted',
  )
  const isVerified = item.entries.some(({ status }) => status === 'verified')
  const isTwo = visit.config.register.retractionFourEyes && isVerified
  return (
    <>
      <Act item={item} action="dispute" title={said.dispute}>
        <p class="hint">{said.disputeHint}</p>
      </Act>
      <Act item={item} action="retract" title={said.retract}>
        <p class="hint">{said.retractHint}</p>
        {isTwo && <p class="hint">{said.retractTwo}</p>}
      </Act>
      <Act item={item} action="disable" title={said.disable}>
        <Until />
      </Act>
      <Act item={item} action="enable" title={said.enable} />
      <Act item={item} action="release" title={said.release}>
        <p class="hint">{said.releaseHint}</p>
      </Act>
      <Feedback item={item} />
      {isMine(item, 'group') && (
        <FoldedForm title={said.group} operation="items.group" given={given}>
          <p class="hint">{said.groupHint}</p>
          <Named name="series" label={said.series} maxlength={256} />
          <Reason id="group-reason" required={false} />
          <button type="submit">{said.groupGo}</button>
        </FoldedForm>
      )}
      {isMine(item, 'join') && (
        <FoldedForm title={said.join} operation="items.join" given={given}>
          <p class="hint">{said.joinHint}</p>
          <Named name="other" label={said.joinOther} maxlength={64} />
          <Reason id="join-reason" />
          <button type="submit">{said.joinGo}</button>
        </FoldedForm>
      )}
      {isMine(item, 'part') && (
        <FoldedForm title={said.part} operation="items.part" given={given}>
          <Choice
            name="other"
            legend={said.partOther}
            options={item.joined.map((id) => [id, id] as const)}
          />
          <Reason id="part-reason" />
          <button type="submit">{said.partGo}</button>
        </FoldedForm>
      )}
      {isOwn && (
        <details class="fold">
          <summary>{said.wrongClass}</summary>
          <p>{said.wrongClassHint}</p>
        </details>
      )}
    </>
  )
}

function isMine({ possible }: ItemDetail, action: Action): boolean {
  return possible.some((one) => one.action === action && one.code === null)
}

/** One act upon an item or an entry of it, with its reason: or why it takes somebody else. */
function Act({
  item,
  action,
  title,
  children,
}: {
  readonly item: ItemDetail
  readonly action: 'dispute' | 'retract' | 'disable' | 'enable' | 'release'
  readonly title: string
  readonly children?: Child
}) {
  const all = item.possible.filter((one) => one.action === action)
  const mine = all.filter(({ code }) => code === null)
  const [first] = all
  if (first === undefined) return null
  if (mine.length === 0) {
    if (first.code === 'FORBIDDEN') return null
    const entry = item.entries.find(({ id }) => id === first.entryId)
    return (
      <details class="fold">
        <summary>{title}</summary>
        <NotYou possible={first} entry={entry} />
      </details>
    )
  }
  return (
    <FoldedForm title={title} operation={`items.${action}`} given={{ id: item.id }}>
      {children}
      {mine.length > 1 && <WhichEntry id={`${action}-entry`} possible={mine} />}
      <Reason id={`${action}-reason`} />
      <button type="submit">{title}</button>
    </FoldedForm>
  )
}

/** Which entry is meant, or all of them. */
function WhichEntry({
  id,
  possible,
}: {
  readonly id: string
  readonly possible: readonly Possible[]
}) {
  const { register: said } = useVisit().words
  const typed = useTyped('entryId')
  return (
    <div class="field">
      <label for={id}>{said.ofEntry}</label>
      <select id={id} name="entryId">
        <option value="">{said.ofAll}</option>
        {possible.map(({ entryId, list }) => (
          <option key={entryId} value={entryId ?? ''} selected={typed === entryId}>
            {said.entriesOf(list ?? '')}
          </option>
        ))}
      </select>
    </div>
  )
}

function Until() {
  const { words, now, config } = useVisit()
  const { register: said } = words
  return (
    <Choice
      name="until"
      legend={said.disableUntil}
      options={DAYS.map((days) => {
        const until = now + days * DAY_MS
        return [isoTime(until), said.days(days, localDay(until, config.takedown.timeZone))] as const
      })}
    />
  )
}

/** What somebody thinks of a partner's entry. */
function Feedback({ item }: { readonly item: ItemDetail }) {
  const visit = useVisit()
  const { register: said } = visit.words
  const partners = item.entries.filter(
    ({ listKind, status }) => listKind === 'partner' && status !== 'retracted',
  )
  if (partners.length === 0 || !visit.may('feedback:give')) return null
  return (
    <>
      {partners.map(({ id, list }) => (
        <FoldedForm
          key={id}
          title={`${said.feedback}: ${list}`}
          operation="items.giveFeedback"
          given={{ id: item.id, entryId: id }}
        >
          <p class="hint">{said.feedbackHint}</p>
          <Choice
            name="opinion"
            legend={said.opinionChoice}
            options={OPINIONS.map((one) => [one, said.opinionChoices[one]] as const)}
          />
          <Named
            name="reason"
            id={`opinion-${id}`}
            label={said.feedbackReason}
            maxlength={4_000}
            free
          />
          <button type="submit">{said.feedbackGo}</button>
        </FoldedForm>
      ))}
    </>
  )
}

/** One line to be typed, with what was typed before. */
function Named({
  name,
  id = name,
  label,
  maxlength,
  free = false,
}: {
  readonly name: string
  readonly id?: string
  readonly label: string
  readonly maxlength: number
  /** It may be left empty. */
  readonly free?: boolean
}) {
  const typed = useTyped(name)
  return (
    <Field id={id} name={name} label={label} maxlength={maxlength} value={typed} required={!free} />
  )
}

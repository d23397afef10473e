import { localTime } from '../../core/index.ts'
import { type LookRecordKind, type OwnToday, PAGE_PLACES } from '../../looks/terms.ts'
import { useVisit } from '../visiting.ts'
import { OperationForm } from './form.tsx'
import { Section } from './section.tsx'

const HOUR_MINUTES = 60
/** `2026-12-01 12:00`, of a time with its zone. */
const WALL_CLOCK = 16

/**
 * Asking for a look at a record's URL, for what its page says, or for the URL itself: all open beside the page, so that
 * nothing typed is lost.
 */
export function Looking({
  of,
  id,
  pageUrl,
  today,
}: {
  readonly of: LookRecordKind
  readonly id: string
  /** Of the page on which it was seen; null or undefined where the record names none. */
  readonly pageUrl: string | null | undefined
  readonly today: OwnToday
}) {
  const { looks, pageText } = useVisit().words
  const isOver = today.bar === 'hours' || today.bar === 'break'
  const pages = PAGE_PLACES.filter((at) => at === 'url' || typeof pageUrl === 'string')
  return (
    <Section id="look" title={looks.section}>
      <p class="hint">{today.bar === 'off' ? looks.off : looks.hint}</p>
      {today.bar === null && (
        <OperationForm operation="looks.take" given={{ of, id, way: 'small-grey' }} beside>
          <button type="submit">{looks.go}</button>
        </OperationForm>
      )}
      {!isOver && <p class="hint">{pageText.hint}</p>}
      {!isOver &&
        pages.map((at) => (
          <OperationForm key={at} operation="looks.text" given={{ of, id, at }} beside>
            <button type="submit">{pageText.go[at]}</button>
          </OperationForm>
        ))}
      <Today today={today} />
      <OperationForm operation="looks.url" given={{ of, id }} beside>
        <p class="hint">{looks.copyHint}</p>
        <button type="submit">{looks.copy}</button>
      </OperationForm>
    </Section>
  )
}

/** How much of the day is used up, and when looks open again where they are not open. */
export function Today({ today }: { readonly today: OwnToday }) {
  const { words, config } = useVisit()
  const { looks } = words
  const time = useTime()
  const { bar, opensAt } = today
  if (bar === 'off') return null
  return (
    <>
      {bar !== null && (
        <div class="message">
          <p>
            {looks.bars[bar]}{' '}
            {opensAt !== null &&
              looks.opens(
                localTime(Date.parse(opensAt), config.takedown.timeZone).slice(0, WALL_CLOCK),
              )}
          </p>
          <p>{looks.lost}</p>
        </div>
      )}
      <p class="hint">
        {looks.own(today.looks, today.looksMax, time(today.minutes), time(today.minutesMax))}
      </p>
    </>
  )
}

/** Minutes in words. */
export function useTime(): (minutes: number) => string {
  const { looks } = useVisit().words
  return (minutes) => looks.time(Math.floor(minutes / HOUR_MINUTES), minutes % HOUR_MINUTES)
}

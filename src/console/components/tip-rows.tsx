import { defangedText, HOUR_MS } from '../../core/index.ts'
import type { Assigned } from '../../assignments/index.ts'
import type { Tip } from '../../intake/index.ts'
import { shortId } from '../names.ts'
import { useVisit } from '../visiting.ts'
import { Rows } from './rows.tsx'
import { DefangedUrl } from './url.tsx'
import { When } from './when.tsx'

const WORDS_SHOWN = 120

/** The words by which a tip without a URL is known. */
function wordsOf({ words, note, id }: Tip): string {
  const told = defangedText(words ?? note ?? shortId(id))
  return told.length > WORDS_SHOWN ? `${told.slice(0, WORDS_SHOWN)}…` : told
}

/** Tips as the queue has them: what, why it stands there, until when, and who works on it. */
export function TipRows({
  rows,
  chosenBy,
}: {
  readonly rows: readonly Assigned<Tip>[]
  /** The form for which tips can be chosen. */
  readonly chosenBy?: string
}) {
  const { words, now } = useVisit()
  const { queue } = words
  return (
    <Rows
      caption={queue.tips}
      rows={rows}
      idOf={({ id }) => id}
      empty={words.noneWaiting}
      choice={
        chosenBy === undefined
          ? undefined
          : {
              form: chosenBy,
              of: (tip) => (tip.url === undefined ? wordsOf(tip) : defangedText(tip.url)),
            }
      }
      columns={[
        {
          head: queue.what,
          cell: (tip) => (
            <a href={`/console/tips/${tip.id}`} data-open>
              {tip.url === undefined ? wordsOf(tip) : <DefangedUrl url={tip.url} />}
            </a>
          ),
        },
        {
          head: queue.why,
          cell: ({ place }) =>
            place === undefined ? null : (
              <span class={place.lane === 'danger' ? 'badge danger' : undefined}>
                {queue.lanes[place.lane]}
              </span>
            ),
        },
        {
          head: queue.due,
          cell: ({ place }) => {
            if (place === undefined) return null
            const hours = Math.floor(Math.abs(now - Date.parse(place.dueAt)) / HOUR_MS)
            return (
              <span class={place.isLate ? 'badge late' : undefined}>
                {place.isLate ? words.due.late(hours) : words.due.in(hours)}
              </span>
            )
          },
        },
        { head: words.tip.received, cell: ({ receivedAt }) => <When at={receivedAt} since /> },
        {
          head: queue.held,
          cell: ({ assignment, skips }) => (
            <>
              {assignment?.holder ?? queue.nobody}
              {skips.length > 0 && `, ${queue.skipped(skips.length)}`}
            </>
          ),
        },
      ]}
    />
  )
}

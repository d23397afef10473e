import { HOUR_MS, localTime, MINUTE_MS } from '../../core/index.ts'
import { useVisit } from '../visiting.ts'

const DAY_MS = 24 * HOUR_MS

/** A time as people say it; local, to the minute and with its zone, behind it. */
export function When({
  at,
  since = false,
}: {
  readonly at: string | null
  readonly since?: boolean
}) {
  const { words, now, config } = useVisit()
  if (at === null) return <>{words.never}</>
  const exact = localTime(Date.parse(at), config.takedown.timeZone)
  return (
    <time datetime={at} title={exact}>
      {since ? ago(words, now - Date.parse(at)) : exact.slice(0, 'YYYY-MM-DD HH:MM'.length)}
    </time>
  )
}

function ago({ ago: words }: ReturnType<typeof useVisit>['words'], ms: number): string {
  if (ms < MINUTE_MS) return words.now
  if (ms < HOUR_MS) return words.minutes(Math.floor(ms / MINUTE_MS))
  if (ms < 2 * DAY_MS) return words.hours(Math.floor(ms / HOUR_MS))
  return words.days(Math.floor(ms / DAY_MS))
}

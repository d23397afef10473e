import { localTime } from '../../core/index.ts'
import { useVisit } from '../visiting.ts'

const MINUTES = 60_000
const HOURS = 60 * MINUTES
const DAYS = 24 * HOURS

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
  if (ms < MINUTES) return words.now
  if (ms < HOURS) return words.minutes(Math.floor(ms / MINUTES))
  if (ms < 2 * DAYS) return words.hours(Math.floor(ms / HOURS))
  return words.days(Math.floor(ms / DAYS))
}

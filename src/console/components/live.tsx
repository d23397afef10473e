import type { Child } from 'hono/jsx'
import type { LiveTopic } from '../live.ts'

/** A part of a page that is kept as it is by now, where script runs; forms that take long to fill in stand outside. */
export function Live({
  id,
  of,
  children,
}: {
  readonly id: string
  /** What it shows: a change of any of these brings it anew. */
  readonly of: readonly LiveTopic[]
  readonly children: Child
}) {
  return (
    <div id={`live-${id}`} data-live={of.join(' ')}>
      {children}
    </div>
  )
}

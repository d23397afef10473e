import type { Child } from 'hono/jsx'

/** A part of a page below a heading of its own. */
export function Section({
  id,
  title,
  aside,
  children,
}: {
  readonly id: string
  readonly title: string
  /** Said beside the heading: a count, the oldest. */
  readonly aside?: Child
  readonly children: Child
}) {
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>
        {title}
        {aside !== undefined && <span class="aside"> {aside}</span>}
      </h2>
      {children}
    </section>
  )
}

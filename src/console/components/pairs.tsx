import type { Child } from 'hono/jsx'

/** What is called how: names and values, those without a value left out. */
export function Pairs({
  rows,
}: {
  readonly rows: readonly (readonly [name: string, value: Child])[]
}) {
  return (
    <dl class="pairs">
      {rows
        .filter(
          ([, value]) => value !== null && value !== undefined && value !== false && value !== '',
        )
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  )
}

import { partsOf, periodsBeside } from '../../stats/terms.ts'
import { useVisit } from '../visiting.ts'

/** Links to the periods around the one that is shown, and a field for any other. */
export function Periods({ period }: { readonly period: string }) {
  const { words, config, now, place } = useVisit()
  const { figures } = words
  const { timeZone } = config.takedown
  const [path = ''] = place.split('?')
  const { before, after, afterFrom, within } = periodsBeside(period, timeZone)
  const parts = partsOf({ name: period }, timeZone).filter(({ from }) => Date.parse(from) <= now)
  const link = (name: string, text = name) => (
    <a key={name} href={`${path}?period=${name}`}>
      {text}
    </a>
  )
  return (
    <>
      <nav class="periods" aria-label={figures.periods}>
        {link(before, `← ${before}`)}
        <strong aria-current="true">{period}</strong>
        {Date.parse(afterFrom) <= now && link(after, `${after} →`)}
        {within !== null && link(within)}
        {parts.map(({ name }) => link(name))}
      </nav>
      <form method="get" class="filters">
        <div class="field">
          <label for="period">{figures.period}</label>
          <input
            id="period"
            name="period"
            value={period}
            pattern="\d{4}(-(Q[1-4]|0[1-9]|1[0-2]))?"
            aria-describedby="period-hint"
            required
          />
        </div>
        <button type="submit">{figures.show}</button>
        <p class="hint" id="period-hint">
          {figures.periodHint(timeZone)}
        </p>
      </form>
    </>
  )
}

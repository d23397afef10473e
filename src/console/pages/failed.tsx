import type { PageBody, PageProblem, Visit } from '../page.ts'
import { problemIn } from '../problem.ts'

/** Why a page cannot be shown, and what one can do. */
export function failedPage({ words, language, config }: Visit, why: PageProblem): PageBody {
  const { failed } = words
  const { message, remedy } = problemIn({ language, timeZone: config.takedown.timeZone }, why)
  return {
    title: failed.title,
    body: (
      <>
        {why.code === 'CASE_WITHHELD' ? (
          <>
            <p>{failed.againWhy}</p>
            <p>
              <a href="/console/again">{failed.again}</a>
            </p>
          </>
        ) : (
          <>
            <p>{message}</p>
            <p>{remedy}</p>
          </>
        )}
        <p>
          <a href="/console">{failed.back}</a>
        </p>
      </>
    ),
  }
}

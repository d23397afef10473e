import type { PageBody, PageProblem, Visit } from '../page.ts'

/** Why a page cannot be shown, and what one can do. */
export function failedPage({ words: { failed } }: Visit, why: PageProblem): PageBody {
  return {
    title: failed.title,
    body: (
      <>
        {why.isForAgain === true ? (
          <>
            <p>{failed.againWhy}</p>
            <p>
              <a href="/console/again">{failed.again}</a>
            </p>
          </>
        ) : (
          <>
            <p lang="en">{why.message}</p>
            <p lang="en">{why.remedy}</p>
          </>
        )}
        <p>
          <a href="/console">{failed.back}</a>
        </p>
      </>
    ),
  }
}

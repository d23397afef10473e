import type { UrlReport } from '../../assessing/index.ts'
import { shortId } from '../names.ts'
import { useVisit } from '../visiting.ts'
import { ItemLink } from './item-link.tsx'
import { When } from './when.tsx'

/** What a URL is known for before anybody assesses it. */
export function Known({ report }: { readonly report: UrlReport }) {
  const { words } = useVisit()
  const { tip, case: said, register } = words
  const { cases, tips, atHost, sameFile } = report
  return (
    <>
      {cases.length === 0 && sameFile.length === 0 && <p>{tip.knownNothing}</p>}
      {cases.length > 0 && (
        <>
          <h3>{tip.knownCases}</h3>
          <ul>
            {cases.map((one) => (
              <li key={one.id}>
                <a href={`/console/cases/${one.id}`}>{shortId(one.id)}</a>{' '}
                {said.statuses[one.status]}, {one.classification}, <When at={one.openedAt} />
              </li>
            ))}
          </ul>
        </>
      )}
      {sameFile.length > 0 && (
        <>
          <h3>{tip.knownFile}</h3>
          <ul>
            {sameFile.map((one) => (
              <li key={one.id}>
                <ItemLink id={one.id} /> {register.short[one.status]}, {one.classification}
              </li>
            ))}
          </ul>
        </>
      )}
      {tips.length > 1 && (
        <>
          <h3>{tip.knownTips}</h3>
          <ul>
            {tips.map((one) => (
              <li key={one.id}>
                <a href={`/console/tips/${one.id}`}>{shortId(one.id)}</a> {tip.statuses[one.status]}
                , <When at={one.receivedAt} />
              </li>
            ))}
          </ul>
        </>
      )}
      <p>{tip.knownHost(atHost.host, atHost.open, atHost.over)}</p>
    </>
  )
}

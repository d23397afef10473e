import type { Finding } from '../../register/index.ts'
import { useVisit } from '../visiting.ts'
import { ItemLink } from './item-link.tsx'

/** What the checks found about an entry, to be looked at before anybody verifies it. */
export function Findings({ findings }: { readonly findings: readonly Finding[] }) {
  const { register } = useVisit().words
  if (findings.length === 0) return <p>{register.findingsNone}</p>
  return (
    <ul>
      {findings.map(({ code, detail, itemId }) => (
        <li key={`${code} ${detail}`}>
          <strong>{register.finding[code]}</strong>
          {itemId !== undefined && (
            <>
              {' '}
              (<ItemLink id={itemId} />)
            </>
          )}{' '}
          <span class="hint" lang="en">
            {detail}
          </span>
        </li>
      ))}
    </ul>
  )
}

import type { Finding } from '../../register/index.ts'
import { useVisit } from '../visiting.ts'
import { ItemLink } from './item-link.tsx'

/** What the checks found about an entry, to be looked at before anybody verifies it. */
export function Findings({ findings }: { readonly findings: readonly Finding[] }) {
  const { words, language } = useVisit()
  const { register } = words
  if (findings.length === 0) return <p>{register.findingsNone}</p>
  return (
    <ul>
      {findings.map((finding) => {
        const { code, detail, itemId } = finding
        return (
          <li key={`${code} ${detail}`}>
            <strong>{register.finding[code]}</strong>
            {itemId !== undefined && (
              <>
                {' '}
                (<ItemLink id={itemId} />)
              </>
            )}{' '}
            <span class="hint">{language === 'en' ? detail : likenessOf(finding)}</span>
          </li>
        )
      })}
    </ul>
  )
}

/** How near it is, in signs that are the same in every language. */
function likenessOf({ distance, form }: Finding): string {
  return [...(distance === undefined ? [] : [`PDQ ${distance}`]), form ?? []].flat().join(', ')
}

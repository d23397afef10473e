import type { LetterView } from '../../takedown/index.ts'
import { useVisit } from '../visiting.ts'

/** Letters as they went out or would go. */
export function Letters({ letters }: { readonly letters: readonly LetterView[] }) {
  const { case: said } = useVisit().words
  if (letters.length === 0) return <p>{said.letterNone}</p>
  return (
    <>
      {letters.map(({ notice, recipient, subject, body, language, missing }) => (
        <details key={`${notice ?? ''}${subject}`}>
          <summary>
            {recipient ?? ''}: <bdi lang={language}>{subject}</bdi>
          </summary>
          {missing.length > 0 && <p class="badge late">{missing.join('; ')}</p>}
          <pre lang={language}>{body}</pre>
        </details>
      ))}
    </>
  )
}

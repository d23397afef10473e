import type { SourceView } from '../../exchange/index.ts'
import { useVisit } from '../visiting.ts'

/** Whether an exchange is asked, and whether that goes well. */
export function SourceState({ source }: { readonly source: SourceView }) {
  const { exchanges: said } = useVisit().words
  const { run, state, failures } = source
  return (
    <>
      {run?.state === 'running' ? said.running : said.sourceStates[state]}
      {failures > 0 && (
        <>
          {' '}
          <span class="badge late">{said.failing(failures)}</span>
        </>
      )}
    </>
  )
}

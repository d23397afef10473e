import type { Entry } from '../../register/index.ts'
import { shortId } from '../names.ts'
import { useVisit } from '../visiting.ts'

/** The case and the tip that an entry came from. */
export function Origin({ entry }: { readonly entry: Pick<Entry, 'caseId' | 'tipId'> }) {
  const visit = useVisit()
  const { register } = visit.words
  const { caseId, tipId } = entry
  return (
    <>
      {caseId !== undefined && (
        <a href={`/console/cases/${caseId}`}>{register.caseShort(shortId(caseId))}</a>
      )}
      {caseId !== undefined && tipId !== undefined && ', '}
      {tipId !== undefined &&
        (visit.may('tip:read') ? (
          <a href={`/console/tips/${tipId}`}>{register.tipShort(shortId(tipId))}</a>
        ) : (
          register.tipShort(shortId(tipId))
        ))}
    </>
  )
}

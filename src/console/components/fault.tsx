import { worded } from '../../errors.ts'
import type { NoticeFault } from '../../takedown/index.ts'
import { useVisit } from '../visiting.ts'
import { NOTICE_FAULTS_SV } from '../words/notice-faults.ts'

/** Why a letter did not arrive: in the language of the reader, and what the other side said of it as it said it. */
export function Fault({
  lastError,
  fault,
}: {
  readonly lastError: string
  /** Null in records of before it was kept. */
  readonly fault: NoticeFault | null
}) {
  const { language } = useVisit()
  if (language === 'en' || fault === null) return <bdi>{lastError}</bdi>
  const said = worded(NOTICE_FAULTS_SV, fault)
  return (
    <>
      {said}
      {'words' in fault && (
        <>
          {' '}
          <bdi class="hint" lang="en">
            {fault.words}
          </bdi>
        </>
      )}
    </>
  )
}

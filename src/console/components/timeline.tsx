import { worded } from '../../errors.ts'
import type { CaseDetail } from '../../operations/index.ts'
import { useVisit } from '../visiting.ts'
import { CASE_WHYS_SV } from '../words/case-whys.ts'
import { When } from './when.tsx'

interface Moment {
  readonly at: string
  readonly text: string
}

/** One line for everything that happened to a case, oldest first. */
export function Timeline({ found }: { readonly found: CaseDetail }) {
  const { words, language } = useVisit()
  const { case: said } = words
  const told = ({ why, reason }: CaseDetail['history'][number]) =>
    language === 'sv' && why !== undefined ? worded(CASE_WHYS_SV, why) : reason
  const moments: readonly Moment[] = [
    ...found.history.map((event) => ({
      at: event.at,
      text: [said.statuses[event.to], told(event)].filter((text) => text !== null).join(': '),
    })),
    ...found.assessments.map(({ at, classification, assessor }) => ({
      at,
      text: `${said.assessments}: ${words.classes[classification]} (${assessor ?? words.unknown})`,
    })),
    ...found.notices.map((notice) => ({
      at: notice.sentAt ?? notice.queuedAt,
      text: `${said.notices}: ${notice.hostName}, ${notice.recipient} (${words.notices.steps[notice.step]}, ${words.notices.states[notice.state]})`,
    })),
  ].sort((one, other) => (one.at < other.at ? -1 : 1))
  return (
    <ol class="timeline">
      {moments.map(({ at, text }, place) => (
        <li key={place}>
          <When at={at} /> {text}
        </li>
      ))}
    </ol>
  )
}

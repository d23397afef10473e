import type { AuditEntry } from '../../audit/index.ts'
import { localTime, own } from '../../core/index.ts'
import { shortId } from '../names.ts'
import { useVisit } from '../visiting.ts'
import { detailIn, LOOK_CAUSES_SV } from '../words/said.ts'

/** What is in no entry, and is shown of none if it ever were: a digest, a URL, an address. */
export const NOT_SHOWN = /[0-9a-f]{32}|:\/\/|@|[\w-]\.[\w-]+\/\S/i
export const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}$/
const DETAIL_CHARS = 80
const TIME = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/
const TIME_CHARS = 'YYYY-MM-DD HH:MM'.length

/** What an entry of the audit says beside its subject, in words; people by pseudonym, other ids by their beginning. */
export function Beside({
  detail,
  names,
}: {
  readonly detail: AuditEntry['detail']
  readonly names: ReadonlyMap<string, string>
}) {
  const { words, language, config } = useVisit()
  const {
    case: ofCase,
    tip,
    notices,
    looks,
    held,
    objections,
    people,
    register,
    lists,
    waiting,
  } = words
  const causes = language === 'sv' ? LOOK_CAUSES_SV : {}
  const statuses = { ...tip.statuses, ...ofCase.statuses }
  const whys = { ...tip.dismissals, ...held.skips, ...objections.takeBacks }
  /** The words that what is kept under a name is one of. */
  const chosen: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    status: statuses,
    source: tip.sources,
    kind: { ...waiting.kinds, ...lists.kinds, ...register.kinds },
    arrivesAs: register.statuses,
    to: register.statuses,
    from: statuses,
    state: { ...notices.states, ...objections.states },
    verdict: ofCase.verdicts,
    decision: ofCase.decisions,
    undone: ofCase.decisions,
    outcome: ofCase.outcomes,
    cause: causes,
    step: notices.steps,
    role: notices.roles,
    proof: notices.proofs,
    unheeded: notices.unheededWhy,
    way: { ...looks.ways, ...objections.ways },
    objector: objections.objectors,
    of: looks.of,
    why: whys,
    roles: people.roleNames,
  }

  function toldOf(name: string, value: string | number | boolean): string {
    if (typeof value === 'boolean') return value ? words.yes : words.no
    const text = String(value)
    if (ID.test(text)) return names.get(text) ?? shortId(text)
    if (TIME.test(text)) {
      return localTime(Date.parse(text), config.takedown.timeZone).slice(0, TIME_CHARS)
    }
    const known = own(chosen, name) ?? {}
    // What a role is called stands before what it may do.
    if (name === 'roles') {
      return text
        .split(' ')
        .map((role) => own(known, role)?.split(':')[0] ?? role)
        .join(', ')
    }
    return own(known, text) ?? detailIn(language, text.slice(0, DETAIL_CHARS))
  }

  return (
    <>
      {Object.entries(detail)
        .filter(([, value]) => value !== null && value !== '' && !NOT_SHOWN.test(String(value)))
        .map(([name, value]) => {
          const said = own(words.audit.details, name) ?? name
          return `${said}: ${toldOf(name, value ?? '')}`
        })
        .join('; ')}
    </>
  )
}

import type { Case } from '../cases/index.ts'
import { defang, defangedText } from '../core/index.ts'
import type { CaseDetail } from '../operations/index.ts'
import { holderText, skipsText } from './assigning.ts'
import { EXTENTS, pieceText, shownBy } from '../match/terms.ts'
import { alignmentText } from './alignment-text.ts'
import type { Match } from '../match/index.ts'
import { type TableCell, fields, table } from './output.ts'

/** One case for people. URLs cannot be clicked by accident unless `rawUrls` asks for them. */
export function caseText(shown: Case | CaseDetail, rawUrls = false): string {
  const url = (text: string): string => (rawUrls ? text : defang(text))
  const summary = fields({
    id: shown.id,
    status: shown.status,
    verdict: shown.verdict,
    decision: shown.decision,
    classification: shown.classification,
    subject: `${shown.subject.kind} ${shown.subject.id}`,
    url: url(shown.url),
    page: shown.pageUrl === null ? null : url(shown.pageUrl),
    circumstances: circumstances(shown),
    holder: 'assignment' in shown ? holderText(shown.assignment) : null,
    'skipped by': 'skips' in shown && shown.skips.length > 0 ? skipsText(shown.skips) : null,
    host: shown.hostName,
    country: shown.country,
    opened: shown.openedAt,
    'last seen': shown.lastSeenAt,
    sightings: shown.sightings,
    removed: shown.removedAt,
    reopened: shown.reopened,
    returned: shown.returned,
    'last look': lastLook(shown),
    'waits for you': waiting(shown),
    'next look': shown.nextRecheckAt,
    'why then': shown.nextRecheckWhy,
    closed: shown.closedReason,
  })
  const sections = [
    matches(shown),
    observations(shown, url),
    looks(shown),
    history(shown),
    ...('notices' in shown ? [noted(shown, rawUrls), assessed(shown), ...sent(shown)] : []),
  ]
  const told = sections.flatMap(({ head, rows }) => (rows.length === 0 ? [] : [table(head, rows)]))
  return [summary, ...told, ...shown.matches.flatMap(lies)].join('\n\n')
}

function circumstances({ circumstances: known }: Case): string | null {
  const told = [
    ...(known.inDangerNow ? ['A CHILD IS IN DANGER NOW'] : []),
    ...(known.ownRequest ? ['own request of the child'] : []),
    ...(known.account ? ['threatening account'] : []),
    ...(known.profileName === null ? [] : [`shown as ${known.profileName}`]),
    ...(known.profileId === null ? [] : [`profile id ${known.profileId}`]),
    ...(known.referral ? ['referral to social services'] : []),
    ...(known.childMunicipality === null ? [] : [`municipality: ${known.childMunicipality}`]),
    ...(known.childCountry === null ? [] : [`child: ${known.childCountry}`]),
    ...(known.offenderCountry === null ? [] : [`offender: ${known.offenderCountry}`]),
  ]
  return told.length === 0 ? null : told.join(', ')
}

interface Section {
  readonly head: readonly string[]
  readonly rows: readonly (readonly TableCell[])[]
}

/** What was matched and how each item lies in what was seen; nothing where nothing was. */
export function matchesText(shown: Pick<Case, 'matches'>): readonly string[] {
  const { head, rows } = matches(shown)
  return rows.length === 0 ? [] : [table(head, rows), ...shown.matches.flatMap(lies)]
}

function matches(shown: Pick<Case, 'matches'>): Section {
  return {
    head: ['matches item', 'verdict', 'shows', 'method', 'distance', 'view', 'why'],
    rows: shown.matches.map((match) => [
      ...[match.itemId, match.verdict, EXTENTS[shownBy(match).extent], match.method],
      ...[match.distance, match.view, match.reason],
    ]),
  }
}

function lies({ itemId, alignment, pieces = [] }: Match): readonly string[] {
  const lengths = pieces.map(pieceText)
  return [
    ...(lengths.length === 0 ? [] : [`when item ${itemId} is shown\n${lengths.join('\n')}`]),
    ...(alignment === undefined ? [] : [`how item ${itemId} lies\n${alignmentText(alignment)}`]),
  ]
}

function observations(shown: Case, written: (url: string) => string): Section {
  return {
    head: ['seen at', 'by', 'from', 'status', 'type', 'address', 'referrer', 'reference'],
    rows: shown.observations.map((seen) => [
      ...[seen.fetchedAt ?? seen.at, seen.source ?? seen.by, seen.vantage],
      ...[seen.httpStatus, seen.contentType, seen.resolvedIp],
      ...[seen.referrer === undefined ? undefined : written(seen.referrer), seen.reference],
    ]),
  }
}

function lastLook({ lastLook: look }: Case): string | null {
  if (look === null) return null
  const shown = look.shown === undefined ? '' : `; shown: ${EXTENTS[look.shown.extent]}`
  return `${look.outcome} (${look.cause}): ${look.reason}${shown}, ${look.at}`
}

/** Where looks cannot tell: what to do, and which reminder waits until somebody has said. */
function waiting(shown: Case | CaseDetail): string | null {
  const { id, unverified, nextRecheckAt } = shown
  if (unverified === null) return null
  const { since, looks: count, until } = unverified
  const quiet = until === null ? '' : `; a person wants to look again at ${until}`
  const notices = 'notices' in shown ? shown.notices : []
  const held = notices.flatMap(({ nextRung, nextRungAt }) =>
    nextRung !== null && (nextRungAt ?? '') <= (nextRecheckAt ?? '') ? [nextRung] : [],
  )
  const waits = held.length === 0 ? '' : `; until then waits: ${held.join(', ')}`
  return `${count} looks since ${since} could not tell: look, then hindra recheck answer ${id} ...${quiet}${waits}`
}

/** The looks from several places: one says no more than the last look. */
function looks({ lastLook: look }: Case): Section {
  const seen = look?.seenFrom ?? []
  return {
    head: ['looked from', 'outcome', 'cause', 'what was seen'],
    rows: (seen.length > 1 ? seen : []).map(({ vantage, outcome, cause, reason }) => [
      ...[vantage, outcome, cause, reason],
    ]),
  }
}

function history(shown: Case): Section {
  return {
    head: ['at', 'from', 'to', 'by', 'reason'],
    rows: shown.history.map(({ at, from, to, by, reason }) => [at, from, to, by, reason]),
  }
}

function noted({ notes }: CaseDetail, rawUrls: boolean): Section {
  return {
    head: ['noted at', 'by', 'note'],
    rows: notes.map(({ at, by, author, text }) => {
      const line = text.replaceAll('\n', ' / ')
      return [at, author ?? by, rawUrls ? line : defangedText(line)]
    }),
  }
}

function assessed({ assessments }: CaseDetail): Section {
  return {
    head: ['assessed at', 'by', 'class', 'question', 'answer', 'asked by'],
    rows: assessments.flatMap(({ at, by, assessor, classification, answers }) => {
      const given = [at, assessor ?? by, classification]
      if (answers.length === 0) return [[...given, null, null, null]]
      return answers.map(({ asks, means, set, version }) => [
        ...given,
        ...[asks, means.join(', '), `${set} ${version}`],
      ])
    }),
  }
}

function sent({ host, notices }: CaseDetail): readonly Section[] {
  const found = host?.evidence ?? []
  return [
    {
      head: ['traced at', 'step', 'question', 'answer'],
      rows: found.map(({ step, question, answer, at }) => [at, step, question, answer]),
    },
    {
      head: ['reached nobody', 'step', 'since', 'why', 'what to do'],
      rows: notices.flatMap(({ id, step, lastError, undelivered }) => {
        if (undelivered === null) return []
        const { since, remedy, setAside } = undelivered
        return [[id, step, since, lastError, remedy ?? `set aside: ${setAside?.reason ?? ''}`]]
      }),
    },
    {
      head: ['notice', 'step', 'state', 'recipient', 'sent'],
      rows: notices.map((notice) => [
        ...[notice.id, notice.step, notice.state, notice.recipient, notice.sentAt],
      ]),
    },
  ]
}

import { type FindToken, nameTokens, referenceTokens, urlTokens } from '../core/index.ts'
import {
  type Digester,
  foundBy,
  keySpace,
  type IndexPlace,
  table,
  TokenIndex,
} from '../store/index.ts'
import { type CaseClear, type CaseRow, type CaseSealed, currentRound } from './record.ts'
import { awaitsNotice, isUrgent } from './schedule.ts'
import type { Subject } from './case.ts'

/** What somebody who asks for a case may know of it, and what a list of cases is filtered by. */
export function tokensOfCase({ clear, sealed }: CaseRow): readonly FindToken[] {
  return [
    ...urlTokens(sealed.url),
    ...urlTokens(sealed.pageUrl),
    ...referenceTokens(...sealed.observations.map(({ reference }) => reference)),
    ...nameTokens(sealed.host?.name),
    ...(clear.country === null ? [] : [`country:${clear.country}` as const]),
    `class:${clear.classification}`,
  ]
}

const found = foundBy<CaseRow>(keySpace('case-found'), tokensOfCase)

/** The cases, and what finds them. */
export const caseTable = table<CaseClear, CaseSealed>(keySpace('case')).with({
  by: {
    found,
    status: { keys: keySpace('case-status'), at: ({ clear }) => [clear.status] },
    decision: { keys: keySpace('case-decision'), at: ({ clear }) => [clear.decision] },
    subject: { keys: keySpace('case-subject'), at: ({ clear }) => [clear.subject.id] },
    /** Cases that were removed, also where they were closed after that. */
    removedSubject: {
      keys: keySpace('case-removed'),
      at: ({ clear }) => isRemoved(clear) && [clear.subject.id],
    },
    /** Cases at a canonical URL, whatever their subject. */
    url: { keys: keySpace('case-place'), at: ({ sealed }, sealer) => urlPlace(sealer, sealed.url) },
    /** Cases of which looks cannot tell. */
    unverified: {
      keys: keySpace('case-unverified'),
      at: ({ clear: { unverified = null } }) => unverified !== null && [],
    },
    tell: {
      keys: keySpace('case-tell'),
      at: ({ clear: { unverified = null } }) => unverified !== null && [unverified.alertAt],
    },
    recheck: {
      keys: keySpace('case-due'),
      at: ({ clear: { nextRecheckAt } }) => nextRecheckAt !== null && [nextRecheckAt],
    },
    trace: {
      keys: keySpace('case-trace'),
      at: ({ clear: { nextTraceAt } }) => nextTraceAt !== null && [nextTraceAt],
    },
    notice: { keys: keySpace('case-untold'), at: ({ clear }) => awaitsNotice(clear) && [] },
    /** Urgent cases stand here as well (decision cases 19). */
    urgentNotice: {
      keys: keySpace('case-untold-urgent'),
      at: (row) => awaitsNotice(row.clear) && isUrgent(row) && [],
    },
    subjectAtUrl: {
      unique: true,
      keys: keySpace('case-url'),
      at: ({ clear, sealed }, sealer) => subjectPlace(sealer, clear.subject, sealed.url),
    },
  },
})

export type CaseTable = ReturnType<typeof caseTable>

export type CaseTokens = TokenIndex<CaseClear, CaseSealed>

export function caseTokens(cases: Pick<CaseTable, 'name' | 'rows'>, sealer: Digester): CaseTokens {
  return new TokenIndex(cases, found, sealer)
}

export function urlPlace(sealer: Digester, url: string): IndexPlace {
  return [sealer.digest('case-place', url)]
}

/** The one case of a subject at a URL: the key holds neither. A URL has one assessed case. */
export function subjectPlace(sealer: Digester, { kind, id }: Subject, url: string): IndexPlace {
  return [sealer.digest('case-url', `${kind === 'item' ? id : kind} ${url}`)]
}

function isRemoved(clear: CaseClear): boolean {
  const { status } = clear
  return (status === 'removed' || status === 'closed') && currentRound(clear).end === 'removed'
}

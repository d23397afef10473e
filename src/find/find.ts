import { allows, type Principal, requirePermission } from '../access/index.ts'
import type { Case, Cases } from '../cases/index.ts'
import { idTimeMs, isoTime, type UrlRule } from '../core/index.ts'
import type { Tips } from '../intake/index.ts'
import type { Register } from '../register/index.ts'
import { type Context, type Transaction, unlessDamaged } from '../store/index.ts'
import { type Notice, type Objection, referenceOf, type Takedown } from '../takedown/index.ts'
import {
  type FindAnswer,
  type FindQuestion,
  FOUND_KINDS,
  type FoundKind,
  type FoundRow,
  OF_NOTICES,
} from './find-types.ts'
import type { OldRecords } from './old-records.ts'
import { type Finder, type Hits, searchKind } from './search.ts'
import { type AskedWord, askedWords, type TakenWord, type WordKind } from './words.ts'

/** What may be shown to whom. */
const NEEDED = {
  case: 'case:read',
  notice: 'notice:read',
  objection: 'notice:read',
  tip: 'tip:read',
  item: 'item:read',
} as const satisfies Record<FoundKind, string>

export interface Find {
  /**
   * Records of every kind that whoever asks may see, newest first, by what somebody who rings may know of them.
   * Throws FORBIDDEN, INVALID_INPUT (words), URL_INVALID.
   */
  find(by: Principal, question: FindQuestion): Promise<FindAnswer>
}

interface Parts {
  readonly cases: Pick<Cases, 'found' | 'read'>
  readonly tips: Pick<Tips, 'found' | 'read'>
  readonly register: Pick<Register, 'found' | 'read'>
  readonly takedown: Pick<Takedown, 'found' | 'read' | 'ofCase' | 'objections'>
  readonly old: Pick<OldRecords, 'areLeft'>
  readonly rules: readonly UrlRule[]
}

interface Found {
  readonly kind: FoundKind
  readonly id: string
  readonly as: readonly WordKind[]
}

export function createFind({ store }: Pick<Context, 'store'>, parts: Parts): Find {
  const { cases, tips, register, takedown, old, rules } = parts
  const finders: Readonly<Record<FoundKind, Finder>> = {
    case: cases.found,
    notice: takedown.found,
    objection: takedown.objections.found,
    tip: tips.found,
    item: register.found,
  }

  return {
    async find(by, { words: text, after, limit }) {
      requirePermission(by, NEEDED.case)
      const kinds = FOUND_KINDS.filter((kind) => allows(by, NEEDED[kind]))
      const words = askedWords(text, rules).map((asked) => seenBy(asked, kinds))
      return store.transact(async (tx) => {
        const { tries, hits, isCutOff } = await firstThatFinds(tx, kinds, words, after, limit + 1)
        const page = hits.slice(0, limit)
        const rows: FoundRow[] = []
        for (const hit of page) {
          const row = await unlessDamaged(rowOf(tx, hit, kinds))
          if (row !== undefined) rows.push(row)
        }
        const found = new Set(page.flatMap(({ as }) => as))
        return {
          words: words.map(({ word }, index) => ({
            word,
            takenFor: takenFor(tries[index] ?? [], words.length === 1 ? found : new Set()),
          })),
          rows,
          next: hits.length > limit ? (page.at(-1)?.id ?? null) : null,
          isCutOff,
          isTakingIn: old.areLeft(),
        }
      })
    },
  }

  /** The first way of taking the words that finds anything on any page; the last where none does. */
  async function firstThatFinds(
    tx: Transaction,
    kinds: readonly FoundKind[],
    words: readonly AskedWord[],
    before: string | undefined,
    limit: number,
  ) {
    const most = Math.max(...words.map(({ tries }) => tries.length))
    for (let round = 0; ; round += 1) {
      const tries = words.map((word) => word.tries[Math.min(round, word.tries.length - 1)] ?? [])
      const isLast = round >= most - 1
      const page = await search(tx, kinds, tries, before, limit)
      if (isLast || page.hits.length > 0) return { tries, ...page }
      // A page behind the last one is empty, and the words are taken as on the pages before.
      const hasPages = before !== undefined
      if (hasPages && (await search(tx, kinds, tries, undefined, 1)).hits.length > 0) {
        return { tries, ...page }
      }
    }
  }

  async function search(
    tx: Transaction,
    kinds: readonly FoundKind[],
    words: readonly (readonly TakenWord[])[],
    before: string | undefined,
    limit: number,
  ): Promise<{ readonly hits: readonly Found[]; readonly isCutOff: boolean }> {
    const all: Found[] = []
    let isCutOff = false
    for (const kind of kinds) {
      const found: Hits = await searchKind(tx, finders[kind], words, { before, limit })
      all.push(...found.hits.map((hit) => ({ kind, ...hit })))
      isCutOff ||= found.isCutOff
    }
    // The ids of all kinds are times: their order is that of time.
    const hits = all.sort((one, other) => (one.id < other.id ? 1 : -1)).slice(0, limit)
    return { hits, isCutOff }
  }

  async function rowOf(
    tx: Transaction,
    { kind, id, as }: Found,
    kinds: readonly FoundKind[],
  ): Promise<FoundRow> {
    const seesNotices = kinds.includes('notice')
    switch (kind) {
      case 'case': {
        const shown = await cases.read(tx, id)
        const last = seesNotices ? (await takedown.ofCase(tx, id)).at(-1) : undefined
        return {
          kind,
          id,
          as,
          at: shown.openedAt,
          ...ofCase(shown),
          caseId: null,
          notice: asTold(last),
          objection: null,
        }
      }
      case 'notice': {
        const notice = await takedown.read(tx, id)
        const { caseId, state, queuedAt } = notice
        const shown = await cases.read(tx, caseId)
        const told = { state, at: queuedAt, caseId, notice: asTold(notice), objection: null }
        return { kind, id, as, ...ofCase(shown), ...told }
      }
      case 'objection': {
        const objection = await takedown.objections.read(tx, id)
        const { caseId, noticeId, state, receivedAt: at } = objection
        const shown = await cases.read(tx, caseId)
        const notice = noticeId === null ? undefined : await takedown.read(tx, noticeId)
        const told = { state, at, caseId, notice: asTold(notice) }
        return { kind, id, as, ...ofCase(shown), ...told, objection: asDecided(objection) }
      }
      case 'tip': {
        const { status, receivedAt, url = null, caseId = null } = await tips.read(tx, id)
        return { ...NOTHING, kind, id, as, at: receivedAt, state: status, url, caseId }
      }
      case 'item': {
        const { status, entries } = await register.read(tx, id)
        const at = entries[0]?.proposedAt ?? isoTime(idTimeMs(id))
        return { ...NOTHING, kind, id, as, at, state: status }
      }
    }
  }
}

const NOTHING = {
  url: null,
  host: null,
  caseId: null,
  notice: null,
  objection: null,
  lastLook: null,
  nextLookAt: null,
} as const

function ofCase({ status, url, hostName, lastLook, nextRecheckAt }: Case) {
  const look = lastLook && { outcome: lastLook.outcome, cause: lastLook.cause, at: lastLook.at }
  return { state: status, url, host: hostName, lastLook: look, nextLookAt: nextRecheckAt }
}

function asTold(notice: Notice | undefined): FoundRow['notice'] {
  if (notice === undefined) return null
  const { id, step, state, recipient, sentAt, queuedAt, nextRung, nextRungAt } = notice
  const next = { nextStep: nextRung, nextStepAt: nextRungAt }
  return { id, reference: referenceOf(id), step, state, recipient, at: sentAt ?? queuedAt, ...next }
}

function asDecided({ decideBy, isOverdue, letter }: Objection): FoundRow['objection'] {
  const answer = letter && {
    reference: letter.reference,
    state: letter.state,
    at: letter.toldAt ?? letter.queuedAt,
  }
  return { decideBy, isOverdue, answer }
}

/** Without the ways to take it that tell of what may not be seen. */
function seenBy({ word, tries }: AskedWord, kinds: readonly FoundKind[]): AskedWord {
  const isSeen = ({ as }: TakenWord) => kinds.includes('notice') || !OF_NOTICES.includes(as)
  return { word, tries: tries.map((meanings) => meanings.filter(isSeen)) }
}

function takenFor(
  meanings: readonly TakenWord[],
  found: ReadonlySet<WordKind>,
): readonly WordKind[] {
  const tried = [...new Set(meanings.map(({ as }) => as))]
  const hit = tried.filter((as) => found.has(as))
  return hit.length > 0 ? hit : tried
}

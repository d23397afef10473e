import { createHash } from 'node:crypto'
import type { Principal } from '../access/index.ts'
import type { Assignments } from '../assignments/index.ts'
import type { Audit } from '../audit/index.ts'
import { commonGround, type GroundRow } from '../batches/index.ts'
import type { Case, Cases } from '../cases/index.ts'
import { defined } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { Fingerprint } from '../fingerprint/index.ts'
import { type Fetcher, isHtmlPage, type SameFile, type Tip, type Tips } from '../intake/index.ts'
import type { Look } from '../match/index.ts'
import type { Pool } from '../pool/index.ts'
import type { Recheck } from '../recheck/index.ts'
import { type FileMatch, submitterOf, attributed } from '../sightings/index.ts'
import type { Store, Transaction } from '../store/index.ts'
import type { Assessment } from './assessment.ts'
import type { Assessing } from './assessments.ts'
import type { Decisions } from './decisions.ts'
import type { PanelStep } from './panel-desk.ts'

/** Rows of cases that are read at once on the way to those that are alike. */
const PAGE_ROWS = 100

/** What Hindra saw at the URL of a tip that somebody let it look at. */
export interface LookedTip {
  readonly tip: Tip
  /** What it shows: one file; a page, or nothing that is read as media, is no ground for a word on many. */
  readonly shows: 'file' | 'page'
  /** What is known of the file, as for every sighting; null for a page. */
  readonly verdict: 'exact' | 'confirmed' | 'review' | 'none' | 'unjudged' | null
  /** How many tips show the very same file, this one among them; 0 for a page. */
  readonly alike: number
}

/** What an assessment of many says of all of them. */
export type SharedAssessment = Pick<
  Assessment,
  'classification' | 'reason' | 'circumstances' | 'answers'
>

/**
 * One word on many tips or cases, which stand on one piece of evidence: bytes that Hindra itself fetched at each of
 * their URLs, by SHA-256, or one item that was found exactly. What a sender or a client says of its bytes is none.
 */
export interface SameFiles {
  /**
   * Looks at what is at the URL of a tip, for a person who asks, and notes which file it is. What is known there opens
   * its case. Throws NOT_FOUND, ASSIGNED, CONFLICT for a tip in words, and what keeps Hindra from looking.
   */
  look(by: Principal, tipId: string): Promise<LookedTip>
  /** Files that several new tips show. */
  groups(): Promise<readonly SameFile[]>
  /** The file that all of these tips show. Throws NOT_FOUND, NOT_LOOKED_AT, EVIDENCE_DIFFERS. */
  groundOfTips(tipIds: readonly string[]): Promise<string>
  /** Fetches it once more. Throws CONFLICT where that file is not there now, and what keeps Hindra from looking. */
  lookAgain(tipId: string, ground: string): Promise<Fingerprint>
  /**
   * Assesses a tip as the assessment of one does: a case, or what waits for another person where the house asks two.
   * Throws as that one, and CONFLICT, EVIDENCE_DIFFERS.
   *
   * @param shown What was there just now; absent in a dry run
   */
  assess(
    tx: Transaction,
    by: Principal,
    tipId: string,
    said: SharedAssessment,
    on: { readonly ground: string; readonly shown: Fingerprint | undefined },
  ): Promise<PanelStep>
  /** What all of these cases stand on. Throws NOT_FOUND, NOT_LOOKED_AT, EVIDENCE_DIFFERS. */
  groundOfCases(caseIds: readonly string[]): Promise<string>
  /** Cases that wait for a decision and stand on what this one stands on, at most so many. Throws as `groundOfCases`. */
  alikeCases(caseId: string, limit: number): Promise<readonly { readonly id: string }[]>
  /** As the decision of one; throws EVIDENCE_DIFFERS, too. */
  decide(
    tx: Transaction,
    by: Principal,
    caseId: string,
    said: { readonly decision: 'accepted' | 'rejected'; readonly reason: string },
    ground: string,
  ): Promise<Case>
}

export function createSameFiles(
  parts: {
    readonly store: Store
    readonly tips: Tips
    readonly cases: Cases
    readonly fetcher: Fetcher
    readonly look: Pick<Look, 'seen'>
    readonly file: FileMatch
    readonly pool: Pick<Pool, 'fingerprint'>
    readonly recheck: Pick<Recheck, 'show' | 'fetchedBytes'>
    readonly assignments: Pick<Assignments, 'end'>
    readonly audit: Audit
    /** Whether what is shown keeps local features, to be known again by. */
    readonly keepsFeatures: boolean
  },
  assessing: Pick<Assessing, 'give'>,
  decisions: Pick<Decisions, 'decide'>,
): SameFiles {
  const { store, tips, cases, fetcher, look, file, pool, recheck, assignments, audit } = parts
  const { keepsFeatures: features } = parts

  async function standingTip(tx: Transaction, id: string): Promise<GroundRow> {
    const { seen } = await tips.read(tx, id)
    return { id, grounds: seen === undefined ? [] : [groundOfBytes(seen.sha256)] }
  }

  async function standingCase(tx: Transaction, id: string): Promise<GroundRow> {
    const { subject, verdict, matches } = await cases.read(tx, id)
    const bytes = await recheck.fetchedBytes(tx, id)
    const isExact =
      verdict === 'exact' &&
      matches.some((match) => match.itemId === subject.id && match.verdict === 'exact')
    return {
      id,
      grounds: [
        ...(bytes === undefined ? [] : [groundOfBytes(bytes)]),
        ...(isExact ? [`item:${subject.id}`] : []),
      ],
    }
  }

  function groundOf(
    ids: readonly string[],
    standing: (tx: Transaction, id: string) => Promise<GroundRow>,
  ): Promise<string> {
    return store.transact(async (tx) => {
      const all: GroundRow[] = []
      for (const id of ids) all.push(await standing(tx, id))
      return commonGround(all)
    })
  }

  /** What was asked before the transaction is asked in it, once more. */
  function assertStands({ id, grounds }: GroundRow, ground: string): void {
    if (grounds.includes(ground)) return
    throw new HindraError('EVIDENCE_DIFFERS', { says: 'ground-changed', id })
  }

  return {
    async look(by, tipId) {
      const { url } = await store.transact(async (tx) => {
        const tip = await tips.read(tx, tipId)
        if (tip.url !== undefined) await tips.workOn(tx, by, tip.url)
        return tip
      })
      if (url === undefined) throw new HindraError('CONFLICT', `the tip ${tipId} has no URL`)
      const seen = await look.seen({ url })
      const [looked] = seen.looked
      const sha256 = looked.isFetched === true ? looked.fingerprint?.sha256 : undefined
      const isFile = seen.looked.length === 1 && seen.failed === 0 && looked.sighting.url === url
      return store.transact(async (tx) => {
        let caseId: string | undefined
        for (const one of seen.looked) {
          const filed = await file(tx, by.id, attributed(submitterOf(by), one.sighting), one)
          caseId ??= filed.caseId
        }
        if (!isFile || sha256 === undefined || looked.sighting.pageUrl !== undefined) {
          await tips.seen.forget(tx, tipId)
          const tip = await tips.read(tx, tipId)
          return { tip, shows: 'page', verdict: null, alike: 0 }
        }
        const tip = await tips.seen.note(tx, by.id, tipId, sha256, caseId)
        if (tip.status === 'known') await assignments.end(tx, 'tip', tipId)
        const { verdict } = looked.judgement
        return { tip, shows: 'file', verdict, alike: await tips.seen.count(tx, sha256) }
      })
    },

    groups: () => store.transact((tx) => tips.seen.groups(tx)),

    groundOfTips: (ids) => groundOf(ids, standingTip),

    async lookAgain(tipId, ground) {
      const { url = '' } = await tips.get(tipId)
      const { status, bytes } = await fetcher.fetch(url)
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      if (status !== 200 || isHtmlPage(bytes) || groundOfBytes(sha256) !== ground) {
        throw new HindraError('CONFLICT', { says: 'ground-gone' })
      }
      return pool.fingerprint(bytes, { features })
    },

    async assess(tx, by, tipId, said, { ground, shown }) {
      assertStands(await standingTip(tx, tipId), ground)
      const { status, url = '' } = await tips.read(tx, tipId)
      if (status !== 'new') throw new HindraError('CONFLICT', { says: 'tip-over', status })
      const { sha256 } = shown ?? {}
      const step = await assessing.give(tx, by, {
        ...said,
        url,
        tipId,
        ...defined({ shown: sha256 }),
      })
      const { entry } = step
      if (shown !== undefined && entry !== undefined) {
        // Rechecks compare with what was judged, and not with what its host shows later.
        await recheck.show(tx, entry.id, shown, true)
        audit.append(tx, { by: by.id, action: 'case.remember', subject: entry.id })
      }
      return step
    },

    groundOfCases: (ids) => groundOf(ids, standingCase),

    async alikeCases(caseId, limit) {
      const ground = await groundOf([caseId], standingCase)
      const found: { readonly id: string }[] = []
      for (let after: string | undefined; found.length < limit; ) {
        const page = await cases.list({
          decision: 'pending',
          limit: PAGE_ROWS,
          ...defined({ after }),
        })
        for (const { id } of page) {
          const { grounds } = await store.transact((tx) => standingCase(tx, id))
          if (grounds.includes(ground)) found.push({ id })
        }
        after = page.at(-1)?.id
        if (page.length < PAGE_ROWS) break
      }
      return found.slice(0, limit)
    },

    async decide(tx, by, caseId, { decision, reason }, ground) {
      assertStands(await standingCase(tx, caseId), ground)
      return decisions.decide(tx, by, caseId, decision, reason)
    },
  }
}

function groundOfBytes(sha256: string): string {
  return `sha256:${sha256}`
}

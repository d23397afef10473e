import type { Audit } from '../audit/index.ts'
import type { Config } from '../config.ts'
import { backoffMs, HOUR_MS, isoTime, MINUTE_MS, own, SECOND_MS } from '../core/index.ts'
import type { Context, Transaction } from '../store/index.ts'
import type { ExportLine, Takedown } from '../takedown/index.ts'
import { type Holding, reader } from './content.ts'
import type { Entries, IccamEntry, ReportFacts, Saying } from './entries.ts'
import type { FactsReader } from './facts.ts'
import type { IccamLine, IccamAnswer } from './line.ts'
import type { IccamNames } from './names.ts'
import { after, nextSaying } from './next-act.ts'
import type { createPull } from './pull.ts'
import { reportWording, type Wording, wordingOf } from './wording.ts'

const RETRY_MS_MAX = 24 * HOUR_MS
/** Acts of one content in a round: more than its rules allow, so that a fault ends. */
const ACTS_MAX = 12

export interface PushReport {
  /** Acts that ICCAM took. */
  readonly sent: number
  /** Acts that it refused: each waits for a person. */
  readonly refused: number
  /** Acts of which nobody knows yet whether they arrived. */
  readonly unsure: number
  readonly problems: readonly string[]
}

/** What came of one step: nothing to say, or what became of what was said. */
type StepOutcome = 'nothing' | 'done' | 'refused' | 'unsure'

export function createPush(
  { store, clock, random }: Context,
  audit: Audit,
  parts: {
    readonly entries: Entries
    readonly facts: FactsReader
    readonly takedown: {
      readonly exports: Pick<Takedown['exports'], 'reportable' | 'claim' | 'claimTold'>
    }
    readonly pages: ReturnType<typeof createPull>['pages']
    readonly line: IccamLine
    readonly names: IccamNames
    readonly home: string
    readonly settings: Pick<Config['iccam'], 'analyst' | 'analysts' | 'retryMinutes'>
    readonly signal: AbortSignal
  },
) {
  const { entries, facts, takedown, pages, line, names, home, settings, signal } = parts

  /** Claims and reports in one transaction, so that no file and no second report tells the same. */
  function beginReport(by: string, noticeId: string): Promise<Begun | undefined> {
    return store.transact(async (tx) => {
      if ((await entries.by.notice.find(tx, [noticeId])) !== undefined) return undefined
      const claimed = await takedown.exports.claim(tx, by, noticeId)
      if (claimed === undefined) return undefined
      const clear = {
        contentId: null,
        reportedAt: isoTime(clock.now()),
        noticeId,
        caseId: claimed.caseId,
        tipId: null,
      }
      const row = entries.add(tx, clear, { held: null, report: reportOf(claimed) })
      return begin(tx, by, row, { kind: 'report' })
    })
  }

  /** What is to be said of a content now, marked as handed over; undefined where that is nothing. */
  function beginNext(by: string, id: string): Promise<Begun | undefined> {
    return store.transact(async (tx) => {
      let row = await entries.need(tx, id)
      const { state, notBefore, noticeId } = row.clear
      if (state !== 'live' || (notBefore !== null && notBefore > isoTime(clock.now()))) {
        return undefined
      }
      const known = await facts.of(tx, row)
      if (known === undefined) {
        entries.change(tx, row, { state: 'over' })
        return undefined
      }
      const saying = nextSaying(row, known, home)
      if (saying === null) return undefined
      if (saying.kind === 'report' && noticeId !== null) {
        // What stood when it was tried first may have fallen since.
        const claimed = await takedown.exports.claim(tx, by, noticeId)
        if (claimed === undefined) {
          entries.change(tx, row, { state: 'over' })
          return undefined
        }
        row = entries.change(tx, row, {}, { report: reportOf(claimed) })
      }
      return begin(tx, by, row, saying)
    })
  }

  async function begin(
    tx: Transaction,
    by: string,
    before: IccamEntry,
    saying: Saying,
  ): Promise<Begun | undefined> {
    const wording = await worded(tx, before, saying)
    if (wording === undefined) return undefined
    const row = entries.change(
      tx,
      before,
      { state: 'unsure' },
      { acts: entries.begun(before, saying) },
    )
    audit.append(tx, { by, action: 'iccam.say', subject: row.id, detail: detailOf(saying) })
    return { id: row.id, saying, wording }
  }

  async function worded(
    tx: Transaction,
    row: IccamEntry,
    saying: Saying,
  ): Promise<Wording | undefined> {
    const { contentId, noticeId } = row.clear
    const { report } = row.sealed
    if (saying.kind === 'report') {
      return report && noticeId !== null ? reportWording(names, report, noticeId) : undefined
    }
    if (contentId === null) return undefined
    return wordingOf(names, saying, contentId, analyst(await facts.analystOf(tx, row)))
  }

  function analyst(pseudonym: string | undefined): string {
    const name = pseudonym === undefined ? undefined : own(settings.analysts, pseudonym)
    return name ?? settings.analyst
  }

  function reportOf({
    url,
    pageUrl,
    country,
    addresses,
    host,
    assessed,
    ...line
  }: ExportLine): ReportFacts {
    return {
      url,
      pageUrl,
      hosting: { country, address: addresses[0] ?? null, provider: host === '' ? null : host },
      classification: line.classification === 'Baseline' ? 'baseline' : 'national',
      analyst: analyst(assessed?.analyst),
      receivedAt: line.firstSeenAt,
    }
  }

  async function say(by: string, { id, saying, wording }: Begun): Promise<StepOutcome> {
    const { method, path, body } = wording
    await store.sure()
    const answer = await line.ask(method, path, body, signal)
    return store.transact(async (tx) => {
      const row = await entries.get(tx, id)
      // Erased meanwhile.
      if (row === undefined) return 'done'
      return end(tx, by, row, saying, answer)
    })
  }

  async function end(
    tx: Transaction,
    by: string,
    row: IccamEntry,
    saying: Saying,
    answer: IccamAnswer,
  ): Promise<StepOutcome> {
    const detail = detailOf(saying)
    switch (answer.came) {
      case 'taken': {
        const { held, contentId } = heldAfter(row, saying, answer.body)
        const acts = entries.ended(row, 'done')
        entries.change(
          tx,
          row,
          { state: 'live', failures: 0, notBefore: null, contentId },
          { acts, held },
        )
        const { noticeId } = row.clear
        if (saying.kind === 'report' && noticeId !== null) {
          await takedown.exports.claimTold(tx, by, noticeId)
        }
        audit.append(tx, { by, action: 'iccam.said', subject: row.id, detail })
        return 'done'
      }
      case 'refused':
        entries.change(
          tx,
          row,
          { state: 'asks' },
          { acts: entries.ended(row, 'refused', answer.why) },
        )
        audit.append(tx, { by, action: 'iccam.refused', subject: row.id, detail })
        return 'refused'
      case 'later': {
        const failures = row.clear.failures + 1
        const wait = settings.retryMinutes * MINUTE_MS
        const ownMs = backoffMs(failures, { firstMs: wait, longestMs: RETRY_MS_MAX }, random)
        const askedMs = Math.min((answer.retryAfterSeconds ?? 0) * SECOND_MS, RETRY_MS_MAX)
        const notBefore = isoTime(clock.now() + Math.max(ownMs, askedMs))
        const acts = entries.ended(row, 'sending', answer.why)
        entries.change(tx, row, { failures, notBefore }, { acts })
        return 'unsure'
      }
    }
  }

  /** What ICCAM holds by its own word that it took it. Of a report without an id the queues tell. */
  function heldAfter(
    { clear, sealed }: IccamEntry,
    saying: Saying,
    body: unknown,
  ): { readonly held: Holding | null; readonly contentId: string | null } {
    const { held, report } = sealed
    if (saying.kind !== 'report' || report === null || clear.noticeId === null) {
      return { held: held && after(held, saying, home), contentId: clear.contentId }
    }
    const contents = reader(body)(names.assumed.report.contents)
    const [first] = Array.isArray(contents) ? (contents as readonly unknown[]) : []
    const id = reader(first)(names.assumed.content.id)
    if (typeof id !== 'number' && typeof id !== 'string')
      return { held, contentId: clear.contentId }
    return {
      contentId: String(id),
      held: {
        id: String(id),
        url: report.url,
        reference: clear.noticeId,
        memo: null,
        assigned: report.hosting.country,
        reportedAt: clear.reportedAt,
        hosting: report.hosting,
        classification: report.classification,
        isAssessed: true,
        actions: [],
      },
    }
  }

  return {
    /** Says all that is to be said, content by content. A line that is cut ends the round. */
    async run(by: string): Promise<PushReport> {
      const count = { sent: 0, refused: 0, unsure: 0 }
      const isGoing = (outcome: StepOutcome): boolean => {
        if (outcome === 'done') count.sent += 1
        if (outcome === 'refused') count.refused += 1
        if (outcome === 'unsure') count.unsure += 1
        return outcome !== 'unsure'
      }
      for (const noticeId of await takedown.exports.reportable(by)) {
        const begun = await beginReport(by, noticeId)
        if (begun !== undefined && !isGoing(await say(by, begun))) return done(count)
      }
      for await (const rows of pages('live')) {
        for (const { id } of rows) {
          for (let acts = 0; acts < ACTS_MAX; acts += 1) {
            const begun = await beginNext(by, id)
            const outcome = begun === undefined ? 'nothing' : await say(by, begun)
            if (!isGoing(outcome)) return done(count)
            if (outcome !== 'done') break
          }
        }
      }
      return done(count)
    },
  }
}

interface Begun {
  readonly id: string
  readonly saying: Saying
  readonly wording: Wording
}

function done(count: Omit<PushReport, 'problems'>): PushReport {
  const problems: string[] = []
  if (count.refused > 0) problems.push(`ICCAM refused ${count.refused}: hindra iccam waiting`)
  if (count.unsure > 0)
    problems.push('ICCAM did not answer; it is read before anything is repeated')
  return { ...count, problems }
}

function detailOf(saying: Saying): Readonly<Record<string, string>> {
  if (saying.kind === 'report' || saying.kind === 'reference') return { kind: saying.kind }
  if (saying.kind === 'hosting') return { kind: saying.kind, value: saying.value.country ?? '' }
  return { kind: saying.kind, value: saying.value }
}

import { createHash } from 'node:crypto'
import { allows, type Principal } from '../access/index.ts'
import type { Cases } from '../cases/index.ts'
import { defined } from '../core/index.ts'
import type { Municipalities } from '../policy/index.ts'
import { HindraError } from '../errors.ts'
import {
  type ChangedTip,
  type Dismissal,
  type ForeignTips,
  isByHashes,
  NO_TIPS,
  reportOf,
  rowsOf,
  type TakenTip,
  type Tip,
  type TipCounts,
  type TipImport,
  type TipImportReport,
  type TipImports,
  type TipInput,
  type TipListRow,
  type TipRowsTaken,
  type Tips,
} from '../intake/index.ts'
import type { Look, Seen } from '../match/index.ts'
import { attributed, type FileMatch, submitterOf } from '../sightings/index.ts'
import type { Stats } from '../stats/index.ts'
import type { Store, Transaction } from '../store/index.ts'
import type { TipLetter, TipLetters } from '../takedown/index.ts'
import type { Danger } from './danger.ts'
import type { PanelDesk } from './panel-desk.ts'

/** Rows of a list that came in one piece which are taken in one transaction. */
const ROWS_AT_ONCE = 100

/** What whoever may not read tips learns of one: that it arrived. */
export type TipReceipt = Pick<Tip, 'id' | 'receivedAt' | 'priority'> &
  Partial<Tip> &
  Partial<Pick<TakenTip, 'outcome' | 'changed'>>

/** What the police were told of a tip, oldest first, and what they would be told now. */
export interface TipLettersView {
  readonly letters: readonly TipLetter[]
  /** Null where nobody has to decide on it. */
  readonly draft: TipLetter | null
}

/** Where tips are taken in, one by one and as lists. */
export interface TipDesk {
  take(by: Principal, tip: TipInput): Promise<TipReceipt>
  /** Within a transaction, and so without a look for what hashes lead to. Throws INVALID_INPUT. */
  takeUnlooked(tx: Transaction, by: Principal, tip: TipInput): Promise<Tip>
  /** All of a list. After a crash the same call goes on where it broke off. */
  takeAll(by: Principal, list: ForeignTips): Promise<TipImportReport>
  /**
   * Takes the rows from `from` on; those that were taken before are not taken again. Throws NOT_FOUND,
   * CONFLICT where rows would be left out or the import is done.
   */
  takeRows(
    by: Principal,
    importId: string,
    from: number,
    rows: readonly TipListRow[],
  ): Promise<TipRowsTaken>
  /**
   * Nothing to take down there. Throws as `Tips.dismiss`, and CONFLICT while an assessment of its URL waits for another
   * person.
   */
  dismiss(
    tx: Transaction,
    by: Principal,
    tipId: string,
    reason: string,
    why?: Dismissal,
  ): Promise<Tip>
  /** A tip that was dismissed waits again, or is known where a case covers its URL meanwhile. Throws as `Tips.reopen`. */
  reopen(by: Principal, tipId: string, reason: string): Promise<Tip>
  /** A person decided that the police are told of a tip in words. Throws NOT_FOUND, CONFLICT, INVALID_CONFIG. */
  tellPolice(by: Principal, tipId: string, reason: string): Promise<Tip>
  /** Throws NOT_FOUND, INVALID_CONFIG. */
  letters(tipId: string): Promise<TipLettersView>
}

/**
 * Tips come into the queue of those who assess; what is known already does not wait there. A tip is
 * `known` where its URL has a case that is worked on, or where its hashes lead to one: they are a
 * client's, so what opens it is what Hindra itself finds at the URL. A tip that its sender sends again
 * is the same one, and is counted once.
 */
export function createTipDesk(parts: {
  readonly store: Store
  readonly tips: Tips
  readonly tipImports: TipImports
  readonly cases: Cases
  readonly file: FileMatch
  readonly stats: Stats
  readonly look: Pick<Look, 'scanned' | 'byHashes'>
  readonly municipalities: Municipalities
  readonly danger: Pick<Danger, 'ofTip'>
  readonly panels: Pick<PanelDesk, 'refuseDismissal'>
  readonly takedown: { readonly tipLetters: Pick<TipLetters, 'queue' | 'of' | 'draft'> }
}): TipDesk {
  const { store, tips, tipImports, cases, file, stats, look, municipalities } = parts
  const { danger } = parts
  const { tipLetters } = parts.takedown

  async function take(by: Principal, told: TipInput): Promise<TakenTip> {
    const input = withPlace(told)
    const seen = await lookFor(by, input)
    return store.transact((tx) => takeIn(tx, by, input, seen))
  }

  /** The tip with the code of the municipality. Throws INVALID_INPUT naming the field. */
  function withPlace(told: TipInput): TipInput {
    const { childMunicipality: place } = told
    if (place === undefined) return told
    const { code } = municipalities.find(place, 'childMunicipality')
    return { ...told, childMunicipality: code }
  }

  /** What its hashes lead to, where that is not known yet. */
  async function lookFor(by: Principal, input: TipInput): Promise<Seen | undefined> {
    // A look takes seconds, and may fail for minutes: nobody is called only after that.
    if (input.hashes === undefined || input.inDangerNow === true) return undefined
    const isAsked = await store.transact(async (tx) => {
      if ((await covering(tx, input)) !== undefined) return false
      const earlier = await tips.earlier(tx, input)
      if (earlier === undefined || earlier.status === 'new') return true
      return tips.isNews(tx, earlier.id, input)
    })
    return isAsked ? lookAtHashes(by, input) : undefined
  }

  /** The case that works on what is at the URL. */
  async function covering(tx: Transaction, { url }: TipInput): Promise<string | undefined> {
    return url === undefined ? undefined : (await cases.atWork(tx, url))?.id
  }

  async function takeIn(
    tx: Transaction,
    by: Principal,
    input: TipInput,
    seen: Seen | undefined,
    importId?: string,
  ): Promise<TakenTip> {
    const found = (await covering(tx, input)) ?? (await open(tx, by, seen))
    const earlier = await tips.earlier(tx, input)
    // A child that asks is counted once, whether it is said at once or later.
    const asks = input.ownRequest === true && earlier?.ownRequest !== true
    if (asks) stats.count(tx, 'tip-own-request', 1)
    const taken = await (earlier === undefined
      ? added(tx, by, input, found, importId)
      : tips.tellAgain(tx, by, earlier.id, input, found))
    const isNews = taken.tip.inDangerNow && earlier?.inDangerNow !== true
    if (isNews) await danger.ofTip(tx, by.id, taken.tip)
    return taken
  }

  async function added(
    tx: Transaction,
    by: Principal,
    input: TipInput,
    found: string | undefined,
    importId: string | undefined,
  ): Promise<TakenTip> {
    const { source, category } = input
    stats.count(tx, `tip.${source}`, 1)
    if (category !== undefined) {
      stats.count(tx, `tip-without-url.${source}`, 1)
      stats.count(tx, `tip-category.${category}`, 1)
    }
    const tip = await tips.submit(tx, by, input, found, importId)
    return { outcome: 'added', tip, changed: [] }
  }

  async function lookAtHashes(
    by: Principal,
    { url, pageUrl, reference, hashes }: TipInput,
  ): Promise<Seen | undefined> {
    if (hashes === undefined || url === undefined) return undefined
    const sighting = {
      url,
      hashes,
      ...defined({ pageUrl, reference }),
    }
    // Of other hashes nothing is known: a tip is no reason to fetch what an analyst will look at.
    if (!isByHashes(sighting)) return undefined
    // To fetch what hits takes seconds, and its host sees it: both would tell that it hit.
    return allows(by, 'tip:read') ? look.scanned(sighting) : look.byHashes(sighting)
  }

  /** The strongest comes first, and is the case that answers the tip. */
  async function open(
    tx: Transaction,
    by: Principal,
    seen: Seen | undefined,
  ): Promise<string | undefined> {
    let answering: string | undefined
    for (const looked of seen?.looked ?? []) {
      const place = attributed(submitterOf(by), looked.sighting)
      const { caseId } = await file(tx, by.id, place, looked)
      answering ??= caseId
    }
    return answering
  }

  /** Who brings tips and may not read them learns that they arrived. */
  function receipt(by: Principal, { tip, outcome, changed }: TakenTip): TipReceipt {
    if (allows(by, 'tip:read')) return { ...tip, outcome, changed }
    const { id, receivedAt, priority } = tip
    return { id, receivedAt, priority }
  }

  /** All looks come before the transaction, which takes the rows and moves the import behind them. */
  async function takeRows(
    by: Principal,
    id: string,
    from: number,
    told: readonly TipListRow[],
  ): Promise<TipRowsTaken> {
    const rows = told.map((row) => ('tip' in row ? { ...row, tip: withPlace(row.tip) } : row))
    const before = await store.transact((tx) => tipImports.get(tx, id))
    const seen = new Map<TipListRow, Seen | undefined>()
    for (const row of leftOf(before, from, rows)) {
      if ('tip' in row) seen.set(row, await lookFor(by, row.tip))
    }
    return store.transact(async (tx) => {
      const at = await tipImports.get(tx, id)
      const left = leftOf(at, from, rows)
      if (left.length === 0) return { ...at, changed: [] }
      const counts: { -readonly [Name in keyof TipCounts]: number } = { ...NO_TIPS }
      const changed: ChangedTip[] = []
      for (const row of left) {
        if (!('tip' in row)) {
          counts.refused += 1
          continue
        }
        const taken = await takeIn(tx, by, row.tip, seen.get(row), id)
        counts[taken.outcome] += 1
        if (taken.tip.status === 'known') counts.known += 1
        if (taken.outcome === 'added' && row.tip.reference === undefined) counts.unreferenced += 1
        if (taken.outcome !== 'updated') continue
        changed.push({ line: row.line, tipId: taken.tip.id, fields: taken.changed })
      }
      return { ...(await tipImports.advance(tx, id, left.length, counts)), changed }
    })
  }

  async function takeAll(by: Principal, list: ForeignTips): Promise<TipImportReport> {
    const rows = rowsOf(list)
    const digest = createHash('sha256').update(JSON.stringify(rows)).digest('hex')
    const { id, position } = await tipImports.begin(by, digest)
    const changed: ChangedTip[] = []
    for (let from = position; from < rows.length; from += ROWS_AT_ONCE) {
      const taken = await takeRows(by, id, from, rows.slice(from, from + ROWS_AT_ONCE))
      changed.push(...taken.changed)
    }
    const done = await tipImports.finish(by, id)
    return reportOf(done, changed, list)
  }

  return {
    take: async (by, told) => receipt(by, await take(by, told)),
    takeUnlooked: async (tx, by, told) => (await takeIn(tx, by, withPlace(told), undefined)).tip,
    takeAll,
    takeRows,
    async dismiss(tx, by, tipId, reason, why) {
      await parts.panels.refuseDismissal(tx, await tips.read(tx, tipId))
      return tips.dismiss(tx, by, tipId, reason, why)
    },
    reopen: (by, tipId, reason) =>
      store.transact(async (tx) => {
        const { url } = await tips.read(tx, tipId)
        const entry = url === undefined ? undefined : await cases.atWork(tx, url)
        return tips.reopen(tx, by, tipId, reason, entry?.id)
      }),
    tellPolice: (by, tipId, reason) =>
      store.transact(async (tx) => {
        const tip = await tips.markReported(tx, by, tipId, reason)
        await tipLetters.queue(tx, by.id, tip)
        return tip
      }),
    letters: (tipId) =>
      store.transact(async (tx) => {
        const tip = await tips.read(tx, tipId)
        const isOpen = tip.status === 'new' && tip.url === undefined
        const draft = isOpen ? await tipLetters.draft(tx, tip) : null
        return { letters: await tipLetters.of(tx, tipId), draft }
      }),
  }
}

/** Rows that are not done. Throws CONFLICT where some before them would be left out. */
function leftOf(
  { position }: TipImport,
  from: number,
  rows: readonly TipListRow[],
): readonly TipListRow[] {
  if (from <= position) return rows.slice(position - from)
  const message = `the import has come to row ${position}: rows would be left out`
  throw new HindraError('CONFLICT', message, { field: 'from' })
}

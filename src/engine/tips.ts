import { allows, type Principal, requirePermission } from '../access/index.ts'
import type { Cases } from '../cases/index.ts'
import type { Municipalities } from '../core/index.ts'
import {
  type ForeignTips,
  isByHashes,
  type Tip,
  type TipInput,
  type Tips,
} from '../intake/index.ts'
import type { Look, Seen } from '../match/index.ts'
import type { Stats } from '../stats/index.ts'
import type { Store, Transaction } from '../store/index.ts'
import { attributed, submitterOf } from './attribution.ts'
import type { FileMatch } from './filing.ts'
import { guarded, type Readings } from './guard.ts'
import type { TipImportReport, TipReceipt, TipsApi } from './types.ts'

/**
 * Tips come into the queue of those who assess; what is known already does not wait there. A tip is
 * `known` where its URL has a case that is worked on, or where its hashes lead to one: they are a
 * client's, so what opens it is what Hindra itself finds at the URL.
 */
export function tipCalls(parts: {
  readonly store: Store
  readonly readings: Readings
  readonly tips: Tips
  readonly cases: Cases
  readonly file: FileMatch
  readonly stats: Stats
  readonly look: Pick<Look, 'scanned'>
  readonly municipalities: Municipalities
}): TipsApi {
  const { store, readings, tips, cases, file, stats, look, municipalities } = parts

  async function take(by: Principal, told: TipInput): Promise<Tip> {
    const input = withPlace(told)
    const covered = await store.transact((tx) => cases.atWork(tx, input.url))
    const seen = covered === undefined ? await lookAtHashes(input) : undefined
    return store.transact(async (tx) => {
      const found = (await cases.atWork(tx, input.url))?.id ?? (await open(tx, by, seen))
      stats.count(tx, `tip.${input.source}`, 1)
      return tips.submit(tx, by, input, found)
    })
  }

  /** With the code of the municipality. Throws INVALID_INPUT naming the field. */
  function withPlace(told: TipInput): TipInput {
    const { childMunicipality: place } = told
    if (place === undefined) return told
    const { code } = municipalities.find(place, 'childMunicipality')
    return { ...told, childMunicipality: code }
  }

  async function lookAtHashes({
    url,
    pageUrl,
    reference,
    hashes,
  }: TipInput): Promise<Seen | undefined> {
    if (hashes === undefined) return undefined
    const sighting = {
      ...{ url, hashes },
      ...(pageUrl === undefined ? {} : { pageUrl }),
      ...(reference === undefined ? {} : { reference }),
    }
    // Of other hashes nothing is known: a tip is no reason to fetch what an analyst will look at.
    return isByHashes(sighting) ? look.scanned(sighting) : undefined
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
  function receipt(by: Principal, tip: Tip): TipReceipt {
    if (allows(by, 'tip:read')) return tip
    const { id, receivedAt, priority } = tip
    return { id, receivedAt, priority }
  }

  async function takeAll(by: Principal, list: ForeignTips): Promise<TipImportReport> {
    let known = 0
    for (const { tip } of list.tips) known += (await take(by, tip)).status === 'known' ? 1 : 0
    return { accepted: list.tips.length, known, refused: list.refused }
  }

  return {
    tip: guarded('tip:submit', async (by, input) => receipt(by, await take(by, input))),
    // What it answers says which URLs are known: not for who may only bring them.
    importTips: guarded('tip:read', (by, list) => {
      requirePermission(by, 'tip:submit')
      return takeAll(by, list)
    }),
    tips: readings.page('tip:read', 'tip.list', (_by, filter) => tips.list(filter)),
    findTip: readings.one('tip:read', 'tip.read', (_by, tipId) => tips.get(tipId)),
    dismissTip: guarded('assess', (by, tipId, reason) => tips.dismiss(by, tipId, reason)),
  }
}

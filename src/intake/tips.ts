import type { Principal } from '../access/index.ts'
import type { Assignments } from '../assignments/index.ts'
import type { Audit } from '../audit/index.ts'
import { defined, isoTime } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import {
  type Context,
  countUpTo,
  keySpace,
  KeptFacts,
  take,
  type Transaction,
  untilChanged,
} from '../store/index.ts'
import type { QueueHours } from './queue-hours.ts'
import { hasNews, statusTold, toldAnew, withChange } from './tip-changes.ts'
import { isOf, type TipFilter } from './tip-filter.ts'
import { createTipReopening, type TipReopening } from './tip-reopening.ts'
import { createTipSharing, type TipSharing } from './tip-sharing.ts'
import { alikeRows, createSeenFiles, type SeenFiles } from './tip-seen.ts'
import {
  factsOf,
  senderPlace,
  type TipTokens,
  tipTokens,
  type TipClear,
  type TipFacts,
  type TipRow,
  tipOf,
  tipTable,
  urlPlace,
} from './tip-records.ts'
import type { Dismissal, TakenTip, Tip, TipInput, TipStatus } from './tip-fields.ts'

const PAGE_ROWS = 100
/** Holds the id of the first tip that has a place by its sender; older ones are found by their URL. */
const FIRST_PLACED = keySpace('system', 'tip-first-placed')

export interface Tips extends TipSharing, TipReopening {
  /** What finds tips by what somebody knows of them. */
  readonly found: TipTokens
  readonly seen: SeenFiles
  /**
   * Keeps a tip, also one on a URL that others told of: each counts. It is `known` only where the
   * caller names the case that covers it; an earlier tip alone proves nothing, for what was removed
   * comes back.
   *
   * @param importId The import that brings it
   */
  submit(
    tx: Transaction,
    by: Principal,
    input: TipInput,
    caseId?: string,
    importId?: string,
  ): Promise<Tip>
  /**
   * The tip that this one is, sent again: of the same source, with the same reference, on the same
   * URL. Undefined where there is none, and always for a tip without a reference.
   */
  earlier(tx: Transaction, input: TipInput): Promise<Tip | undefined>
  /**
   * What is new in a tip that is sent again goes into it, and brings it back to the queue unless a
   * case covers it; with nothing new it stays as it is. Throws NOT_FOUND.
   */
  tellAgain(
    tx: Transaction,
    by: Principal,
    tipId: string,
    input: TipInput,
    caseId?: string,
  ): Promise<TakenTip>
  /** Whether a tip that is sent again says anything that it did not say before. Throws NOT_FOUND. */
  isNews(tx: Transaction, tipId: string, input: TipInput): Promise<boolean>
  /** Tips in order of arrival, or as the queue. Throws NOT_FOUND where `after` is no tip. */
  list(filter: TipFilter): Promise<readonly Tip[]>
  /** How many there are on all pages; at most `max` are counted. */
  count(filter: TipFilter, max: number): Promise<number>
  /** How many tips are in the queue, and since when the oldest is; null where none is. */
  queueCount(): Promise<{ readonly count: number; readonly oldestSince: string | null }>
  /** Throws NOT_FOUND. */
  get(tipId: string): Promise<Tip>
  /** The tip within a transaction. Throws as `get`. */
  read(tx: Transaction, tipId: string): Promise<Tip>
  /** Every tip on a URL, whatever became of it, oldest first. Throws URL_INVALID. */
  atUrl(url: string): Promise<readonly Tip[]>
  /** The new tips on a URL, oldest first. Throws URL_INVALID. */
  waitingAt(tx: Transaction, url: string): Promise<readonly Tip[]>
  /** Ids of tips that were dealt with and arrived before a time, oldest first, for retention. */
  settledBefore(tx: Transaction, beforeIso: string, limit: number): Promise<readonly string[]>
  /** Removes tips for good, with what finds them by their URL and their sender. */
  erase(tx: Transaction, tipIds: readonly string[]): Promise<void>
  /**
   * Answers the tip and every other new tip on the same URL: by one case, or by those of all that a page
   * shows. Throws NOT_FOUND.
   */
  markAssessed(
    tx: Transaction,
    by: Principal,
    tipId: string,
    caseIds: readonly string[],
  ): Promise<void>
  /**
   * A person decided that the police are told of a tip without a URL. Throws NOT_FOUND, ASSIGNED, CONFLICT unless it is
   * new, and has none.
   */
  markReported(tx: Transaction, by: Principal, tipId: string, reason: string): Promise<Tip>
  /** Somebody has looked, and there is nothing to take down. Throws NOT_FOUND, ASSIGNED, CONFLICT unless new. */
  dismiss(
    tx: Transaction,
    by: Principal,
    tipId: string,
    reason: string,
    why?: Dismissal,
  ): Promise<Tip>
  /** What statistics count of every tip. */
  facts(tx: Transaction, tell: (tip: TipFacts) => void): Promise<void>
  /** Resolves once one was changed after a versionstamp, or when aborted; now and then for nothing. */
  changed(since: string, signal: AbortSignal): Promise<void>
}

export function createTips(
  context: Context,
  audit: Audit,
  assignments: Pick<Assignments, 'workOn' | 'heldBy' | 'end'>,
  hours: QueueHours,
): Tips {
  const { store, sealer, clock, newId } = context
  const tips = tipTable(sealer)
  const kept = new KeptFacts(tips, factsOf)

  const { inQueue, ...sharing } = createTipSharing(context, tips, assignments, hours)

  return {
    ...sharing,
    ...createTipReopening(context, tips, audit),
    found: tipTokens(tips, sealer),
    seen: createSeenFiles(context, audit),

    async submit(tx, by, input, caseId, importId) {
      const id = newId()
      const { source, priority, inDangerNow = false, ...sealed } = input
      const status: TipStatus = caseId === undefined ? 'new' : 'known'
      const clear: TipClear = {
        status,
        source,
        priority,
        receivedAt: now(),
        submittedBy: by.id,
        inDangerNow,
        caseId: caseId ?? null,
        ...defined({ importId }),
      }
      tips.add(tx, { id, clear, sealed })
      await place(tx, id, input)
      if ((await tx.get(FIRST_PLACED())) === undefined) tx.put(FIRST_PLACED(), Buffer.from(id))
      const covered = defined({ case: caseId })
      const detail = { source, priority, status, inDangerNow, ...covered }
      audit.append(tx, { by: by.id, action: 'tip.submit', subject: id, detail })
      return tipOf({ id, clear, sealed })
    },

    async earlier(tx, input) {
      const row = await earlierRow(tx, input)
      return row && tipOf(row)
    },

    async isNews(tx, tipId, input) {
      return hasNews(toldAnew(await tips.need(tx, tipId), input))
    },

    async tellAgain(tx, by, tipId, input, caseId) {
      const row = await tips.need(tx, tipId)
      await place(tx, tipId, input)
      const told = toldAnew(row, input)
      const isNews = hasNews(told)
      const { status } = row.clear
      const next = statusTold(status, isNews, caseId !== undefined)
      if (!isNews && next === status) return { outcome: 'unchanged', tip: tipOf(row), changed: [] }
      const { before } = told
      const covering = next === 'known' && caseId !== undefined ? { caseId } : {}
      const changed = Object.keys(before)
      const after: TipRow = {
        id: tipId,
        clear: {
          ...row.clear,
          ...told.clear,
          ...covering,
          status: next,
        },
        sealed: isNews ? withChange(told.sealed, { at: now(), by: by.id, before }) : row.sealed,
      }
      tips.change(tx, row, after)
      const detail = {
        changed: changed.join(', '),
        from: status,
        to: next,
        case: after.clear.caseId,
      }
      if (status === 'new' && next !== 'new') await assignments.end(tx, 'tip', tipId)
      audit.append(tx, { by: by.id, action: 'tip.update', subject: tipId, detail })
      return { outcome: isNews ? 'updated' : 'unchanged', tip: tipOf(after), changed }
    },

    list(filter) {
      const { limit = PAGE_ROWS } = filter
      return store.transact(async (tx) => {
        if (filter.queue === true) return queuePage(tx, filter, limit)
        const found = await among(tx, filter.alike, filter.after)
        const page: Tip[] = []
        for (const { id } of await take(found, limit, isOf(filter))) {
          page.push(tipOf(await tips.need(tx, id)))
        }
        return page
      })
    },

    count(filter, max) {
      return store.transact(async (tx) => {
        const { queue, status, source, importId, alike } = filter
        const isNarrowed = [status, source, importId].some((one) => one !== undefined)
        if (queue !== true) return countUpTo(max, await among(tx, alike), isOf(filter))
        // Of the whole queue its keys are enough.
        if (!isNarrowed) return tips.by.queue.count(tx, [], max)
        return countUpTo(max, tips.by.queue.rows(tx, []), isOf(filter))
      })
    },

    queueCount: () =>
      store.transact(async (tx) => {
        let count = 0
        let oldest: string | undefined
        for await (const { id } of tips.by.queue.notes(tx, [])) {
          count += 1
          // An id begins with the time of its making.
          if (oldest === undefined || id < oldest) oldest = id
        }
        const row = oldest === undefined ? undefined : await tips.get(tx, oldest)
        return { count, oldestSince: row?.clear.receivedAt ?? null }
      }),

    get(tipId) {
      return store.transact((tx) => this.read(tx, tipId))
    },

    async read(tx, tipId) {
      return tipOf(await tips.need(tx, tipId))
    },

    atUrl: (url) => store.transact(async (tx) => (await atSameUrl(tx, url)).map(tipOf)),

    async waitingAt(tx, url) {
      const rows = await atSameUrl(tx, url)
      return rows.filter(({ clear }) => clear.status === 'new').map(tipOf)
    },

    async settledBefore(tx, beforeIso, limit) {
      const found: string[] = []
      for await (const { id, clear } of tips.clearRows(tx)) {
        if (found.length >= limit || clear.receivedAt >= beforeIso) break
        if (clear.status !== 'new') found.push(id)
      }
      return found
    },

    async erase(tx, tipIds) {
      for (const id of tipIds) {
        const row = await tips.need(tx, id)
        const sender = senderPlace(sealer, { ...row.sealed, source: row.clear.source })
        const held = sender && (await tx.get(sender))
        if (sender !== undefined && textOf(held) === id) tx.delete(sender)
        await assignments.end(tx, 'tip', id)
        tips.remove(tx, row)
      }
    },

    async markAssessed(tx, by, tipId, caseIds) {
      const [caseId = null] = caseIds
      const all = caseIds.length > 1 ? { caseIds } : {}
      const asked = await tips.need(tx, tipId)
      const { url } = asked.sealed
      const answered = url === undefined ? [asked] : await atSameUrl(tx, url)
      for (const row of answered) {
        if (row.id !== tipId && row.clear.status !== 'new') continue
        const clear = { ...row.clear, status: 'assessed', caseId, ...all } as const
        tips.change(tx, row, { ...row, clear })
        await assignments.end(tx, 'tip', row.id)
        const detail = { case: caseId, cases: caseIds.length }
        audit.append(tx, { by: by.id, action: 'tip.assessed', subject: row.id, detail })
      }
    },

    async markReported(tx, by, tipId, reason) {
      const row = await newRow(tx, tipId)
      if (row.sealed.url !== undefined) {
        const how = { says: 'tip-has-url' } as const
        throw new HindraError('CONFLICT', how)
      }
      await assignments.workOn(tx, by, 'tip', tipId)
      const clear = { ...row.clear, status: 'reported' } as const
      tips.change(tx, row, { ...row, clear })
      await assignments.end(tx, 'tip', tipId)
      audit.append(tx, { by: by.id, action: 'tip.report', subject: tipId, detail: { reason } })
      return tipOf({ ...row, clear })
    },

    facts: (tx, tell) => kept.each(tx, tell),
    changed: (since, signal) => untilChanged(store, tips.prefix(), since, signal),

    async dismiss(tx, by, tipId, reason, why) {
      const row = await newRow(tx, tipId)
      if (row.sealed.url === undefined) await assignments.workOn(tx, by, 'tip', tipId)
      else await sharing.workOn(tx, by, row.sealed.url)
      const dismissed = { at: now(), ...defined({ why }) }
      const clear = { ...row.clear, status: 'dismissed', dismissed } as const
      tips.change(tx, row, { ...row, clear })
      await assignments.end(tx, 'tip', tipId)
      const detail = { reason, ...defined({ why }) }
      audit.append(tx, { by: by.id, action: 'tip.dismiss', subject: tipId, detail })
      return tipOf({ ...row, clear })
    },
  }

  /** What a filter is asked of, in order of arrival. Throws as `alikeRows`. */
  async function among(tx: Transaction, alike: string | undefined, after?: string) {
    return alike === undefined
      ? tips.clearRows(tx, { after })
      : alikeRows(tx, tips, sealer, alike, after)
  }

  /** Throws NOT_FOUND, CONFLICT where somebody has dealt with it. */
  async function newRow(tx: Transaction, tipId: string): Promise<TipRow> {
    const row = await tips.need(tx, tipId)
    const { status } = row.clear
    if (status !== 'new') throw new HindraError('CONFLICT', { says: 'tip-over', status })
    return row
  }

  /** Where it is found when it is sent again. */
  async function place(tx: Transaction, id: string, input: TipInput): Promise<void> {
    const sender = senderPlace(sealer, input)
    if (sender === undefined || (await tx.get(sender)) !== undefined) return
    tx.put(sender, Buffer.from(id))
  }

  async function earlierRow(tx: Transaction, input: TipInput): Promise<TipRow | undefined> {
    const sender = senderPlace(sealer, input)
    if (sender === undefined) return undefined
    const held = await tx.get(sender)
    if (held !== undefined) return tips.get(tx, textOf(held))
    if (input.url === undefined) return undefined
    const first = await tx.get(FIRST_PLACED())
    for (const row of await atSameUrl(tx, input.url, first && textOf(first))) {
      const { reference } = row.sealed
      if (row.clear.source === input.source && reference === input.reference) return row
    }
    return undefined
  }

  async function queuePage(
    tx: Transaction,
    { after, ...filter }: TipFilter,
    limit: number,
  ): Promise<readonly Tip[]> {
    if (after !== undefined) await tips.need(tx, after)
    const waiting = await inQueue(tx)
    const start = waiting.findIndex(({ id }) => id === after) + 1
    const page: Tip[] = []
    for (const { id, place: why } of waiting.slice(start)) {
      if (page.length >= limit) break
      const row = await tips.need(tx, id)
      if (isOf(filter)(row)) page.push({ ...tipOf(row), place: why })
    }
    return page
  }

  /** @param before Only tips with smaller ids */
  function atSameUrl(tx: Transaction, url: string, before?: string): Promise<readonly TipRow[]> {
    return take(tips.by.url.rows(tx, urlPlace(sealer, url), { before }))
  }

  function now(): string {
    return isoTime(clock.now())
  }
}

function textOf(value: Uint8Array | undefined): string {
  return Buffer.from(value ?? []).toString()
}

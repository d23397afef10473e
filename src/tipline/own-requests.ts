import type { Principal } from '../access/index.ts'
import type { Audit } from '../audit/index.ts'
import type { Cases } from '../cases/index.ts'
import type { Config } from '../config.ts'
import { defined, HOUR_MS, isoTime } from '../core/index.ts'
import type { Curation } from '../curation/index.ts'
import { HindraError } from '../errors.ts'
import { BROWSER_HASHER } from '../fingerprint/index.ts'
import { isListed } from '../hashes/index.ts'
import type { ClientHash, Tips } from '../intake/index.ts'
import type { Gates, KnownSet } from '../known/index.ts'
import {
  type EntryPlace,
  hashSetOf,
  isGrave,
  type KnownHashSet,
  OWN_REQUESTS,
  type Register,
} from '../register/index.ts'
import { type Context, type Transaction } from '../store/index.ts'
import type { Errands } from '../takedown/index.ts'
import type { OwnRequestState } from './terms.ts'
import type { ThreadRow, ThreadTable } from './threads.ts'

const DAY_MS = 24 * HOUR_MS
const BATCH = 100
const PAGE_ROWS = 100

/** What a child asked for, as those see it who decide. */
export interface OwnRequestView {
  readonly id: string
  readonly tipId: string
  readonly state: OwnRequestState
  readonly receivedAt: string
  /** How many pictures their hashes were sent of; none are kept once it is over. */
  readonly pictures: number
  /** How many of them are looked for because of this request; the others the register holds already. */
  readonly entered: number
  /** Until when. */
  readonly until: string | null
}

/**
 * A child asks that pictures of it be looked for, by hashes that its own device made. Nobody has seen them: so they are
 * on a list of their own once a person has accepted, at most a matter of review, and off it when the child changes its
 * mind, when a person declines after all, and when the time is over.
 */
export interface OwnRequestStage {
  /**
   * Requests in order of arrival. Throws NOT_FOUND where `after` is none.
   */
  list(page: {
    readonly state?: OwnRequestState
    readonly after?: string
    readonly limit?: number
  }): Promise<readonly OwnRequestView[]>
  /**
   * A person has read it: what of it the register does not hold is looked for from now on. Throws NOT_FOUND, FORBIDDEN
   * where `by` is no person, CONFLICT where it is over or the hashes are like harmless pictures.
   */
  accept(by: Principal, tipId: string): Promise<OwnRequestView>
  /** It is not looked for, or no longer. Throws NOT_FOUND, CONFLICT where it is over. */
  decline(by: Principal, tipId: string, reason: string): Promise<OwnRequestView>
  /** The child has changed its mind. Throws CONFLICT where there is nothing to take back. */
  withdraw(tx: Transaction, by: Principal, row: ThreadRow): Promise<ThreadRow>
  /** Ends what was looked for long enough; resolves to how many. */
  endDue(by: Principal): Promise<number>
  /** What a request put into the search is taken out with it. */
  forget(tx: Transaction, by: Principal, row: ThreadRow): Promise<void>
  /** What was taken out reaches the cases, and the search, before anybody is answered. */
  settle(by: Principal): Promise<void>
}

export function createOwnRequests(
  { store, clock }: Context,
  audit: Audit,
  parts: {
    readonly threads: ThreadTable
    readonly tips: Pick<Tips, 'read' | 'tellAgain'>
    readonly register: Pick<
      Register,
      'enter' | 'retract' | 'erase' | 'ofBytes' | 'entryAt' | 'read' | 'unreached'
    >
    readonly gates: Gates
    readonly known: Pick<KnownSet, 'catchUp'>
    readonly curation: Pick<Curation, 'carryChanges'>
    readonly cases: Pick<Cases, 'isOfItem'>
    readonly errands: Pick<Errands, 'close'>
    readonly settings: Pick<Config['tipline'], 'ownRequestDays'>
  },
): OwnRequestStage {
  const { threads, tips, register, gates, known, curation, cases, errands, settings } = parts

  return {
    list: ({ state, after, limit = PAGE_ROWS }) =>
      store.transact(async (tx) => {
        if (after !== undefined) await threads.need(tx, after)
        const found: OwnRequestView[] = []
        if (state !== undefined) {
          for await (const row of threads.by.own.rows(tx, [state], {
            limit,
            ...defined({ after }),
          }))
            found.push(viewOf(row))
          return found
        }
        for await (const row of threads.rows(tx, defined({ after }))) {
          if (row.clear.own !== null) found.push(viewOf(row))
          if (found.length >= limit) break
        }
        return found
      }),

    async accept(by, tipId) {
      if (by.kind !== 'person') {
        throw new HindraError('FORBIDDEN', { says: 'own-request-person' })
      }
      const sets = (await store.transact((tx) => waiting(tx, tipId))).sealed.pictures.map(setOf)
      const found = sets.length === 0 ? [] : await gates.inspect({ kind: 'own' }, sets)
      const grave = found.flat().filter((one) => isGrave([one]))
      if (grave.length > 0) {
        const details = grave.map(({ code, detail }) => `${code} (${detail})`).join('; ')
        const message = { says: 'own-request-harmless', details } as const
        throw new HindraError('CONFLICT', message)
      }
      const accepted = await store.transact(async (tx) => {
        const row = await waiting(tx, tipId)
        if (row.clear.own === 'held-back') await toTheFront(tx, by, tipId)
        const entries: EntryPlace[] = []
        for (const [index, hashes] of sets.entries()) {
          if (await isHeld(tx, hashes)) continue
          const key = `${row.id}/${String(index)}`
          // Of no class: nobody has seen it. What is no crime is a matter of review, whatever becomes of its entry.
          const { item, entryId } = await register.enter(tx, by, {
            list: OWN_REQUESTS,
            hashes,
            classification: 'Harmful',
            key,
            origin: { tipId },
          })
          entries.push({ itemId: item.id, entryId })
        }
        const ownUntil = isoTime(clock.now() + settings.ownRequestDays * DAY_MS)
        errands.close(tx, 'own-request', tipId)
        const detail = { pictures: sets.length, entered: entries.length, until: ownUntil }
        audit.append(tx, { by: by.id, action: 'own-request.accept', subject: tipId, detail })
        return write(tx, row, { own: 'accepted', ownUntil }, { entries })
      })
      await known.catchUp()
      return viewOf(accepted)
    },

    async decline(by, tipId, reason) {
      const declined = await store.transact(async (tx) => {
        const row = await ofTip(tx, tipId)
        assertOpen(row)
        audit.append(tx, {
          by: by.id,
          action: 'own-request.decline',
          subject: tipId,
          detail: { reason },
        })
        return end(tx, by, row, 'declined')
      })
      await settle(by)
      return viewOf(declined)
    },

    withdraw(tx, by, row) {
      assertOpen(row)
      const subject = firstTip(row)
      audit.append(tx, { by: by.id, action: 'own-request.withdraw', subject, detail: {} })
      return end(tx, by, row, 'withdrawn')
    },

    async endDue(by) {
      const now = isoTime(clock.now())
      const ended = await threads.by.until.workOff(store, now, BATCH, async (tx, id) => {
        const row = await threads.need(tx, id)
        const subject = firstTip(row)
        audit.append(tx, { by: by.id, action: 'own-request.end', subject, detail: {} })
        await end(tx, by, row, 'ended')
        return true
      })
      await settle(by)
      return ended
    },

    forget: takeOut,
    settle,
  }

  async function ofTip(tx: Transaction, tipId: string): Promise<ThreadRow> {
    const row = await threads.by.tip.find(tx, [tipId])
    if (row === undefined || row.clear.own === null) {
      await tips.read(tx, tipId)
      throw new HindraError('CONFLICT', { says: 'own-request-none' })
    }
    return row
  }

  async function waiting(tx: Transaction, tipId: string): Promise<ThreadRow> {
    const row = await ofTip(tx, tipId)
    const { own } = row.clear
    if (own === 'asked' || own === 'held-back') return row
    throw new HindraError('CONFLICT', { says: 'own-request-over', state: String(own) })
  }

  function assertOpen({ clear: { own } }: ThreadRow): void {
    if (own === 'asked' || own === 'held-back' || own === 'accepted') return
    const message = own === null ? 'there is no request' : `the request is ${own} already`
    throw new HindraError('CONFLICT', message)
  }

  /** What was held back from the front of the queue is a child's request after all. */
  async function toTheFront(tx: Transaction, by: Principal, tipId: string): Promise<void> {
    const { source, priority, url, words, category } = await tips.read(tx, tipId)
    const same = defined({ url, words, category })
    await tips.tellAgain(tx, by, tipId, { source, priority, ...same, ownRequest: true })
  }

  /** Whether the register has these very bytes: what is known there is looked for already, and stays what it is. */
  async function isHeld(tx: Transaction, { sha256 }: KnownHashSet): Promise<boolean> {
    if (sha256 === undefined) return false
    const item = await register.ofBytes(tx, sha256)
    return item !== undefined && item.status !== 'retracted'
  }

  async function end(
    tx: Transaction,
    by: Principal,
    row: ThreadRow,
    own: OwnRequestState,
  ): Promise<ThreadRow> {
    await takeOut(tx, by, row)
    return write(tx, row, { own, ownUntil: null }, { pictures: [], entries: [] })
  }

  async function takeOut(tx: Transaction, by: Principal, row: ThreadRow): Promise<void> {
    errands.close(tx, 'own-request', firstTip(row))
    for (const place of row.sealed.entries) {
      const entry = await register.entryAt(tx, place)
      if (entry === undefined || entry.status === 'retracted') continue
      const { itemId } = entry
      const target = { itemId, entryId: place.entryId, isByList: true }
      const item = await register.retract(tx, by, target, 'the request of the child is over')
      if (item.status !== 'retracted') continue
      // Its hashes need not wait for retention, unless something hangs on them.
      if (await hasCases(tx, [item.id, ...item.joined])) register.unreached.note(tx, [item.id])
      else await register.erase(tx, item.id)
    }
  }

  async function hasCases(tx: Transaction, itemIds: readonly string[]): Promise<boolean> {
    for (const id of itemIds) if (await cases.isOfItem(tx, id)) return true
    return false
  }

  async function settle(by: Principal): Promise<void> {
    await curation.carryChanges(by)
    await known.catchUp()
  }

  function write(
    tx: Transaction,
    row: ThreadRow,
    clear: Partial<ThreadRow['clear']>,
    sealed: Partial<ThreadRow['sealed']>,
  ): ThreadRow {
    const next = {
      id: row.id,
      clear: { ...row.clear, ...clear },
      sealed: { ...row.sealed, ...sealed },
    }
    threads.change(tx, row, next)
    return next
  }
}

/** The one that came with the receipt: a thread has it as long as it is kept at all. */
export function firstTip({ clear: { tipIds } }: Pick<ThreadRow, 'clear'>): string {
  return tipIds[0] ?? ''
}

function viewOf({ id, clear, sealed }: ThreadRow): OwnRequestView {
  const { own, receivedAt, ownUntil } = clear
  const { pictures, entries } = sealed
  return {
    id,
    tipId: firstTip({ clear }),
    state: own ?? 'asked',
    receivedAt,
    pictures: pictures.length,
    entered: entries.length,
    until: ownUntil,
  }
}

/** Throws HASH_INVALID, INVALID_INPUT with the position. */
export function setOf(hashes: readonly ClientHash[]): KnownHashSet {
  const isFilm = hashes.some(({ frameSeconds }) => frameSeconds !== undefined)
  // What else a sender calls its hasher is text of a stranger.
  const isOfBrowser = hashes.some(({ hasher }) => hasher === BROWSER_HASHER)
  return hashSetOf(
    hashes.map(({ type, value, quality, frameSeconds }) => {
      if (!isListed(type)) {
        const message = `pictures: no list holds hashes of the kind ${type}`
        throw new HindraError('HASH_INVALID', message, { field: 'pictures' })
      }
      return { type, value, ...defined({ quality, seconds: frameSeconds }) }
    }),
    isFilm ? 'film' : 'unknown',
    isOfBrowser ? BROWSER_HASHER : undefined,
  )
}

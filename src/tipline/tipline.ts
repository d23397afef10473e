import type { Principal } from '../access/index.ts'
import type { TipDesk } from '../assessing/index.ts'
import type { Audit } from '../audit/index.ts'
import { isoTime } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { parseTip, type Tips } from '../intake/index.ts'
import type { Context, Transaction } from '../store/index.ts'
import type { Errands } from '../takedown/index.ts'
import { type Callers, createCallers } from './callers.ts'
import { type Challenge, createChallenges, type Spend } from './challenges.ts'
import { createTiplineTotals } from './hours.ts'
import { createOwnRequests, firstTip, type OwnRequestStage, setOf } from './own-requests.ts'
import { createReceipts } from './receipts.ts'
import {
  type OwnRequestState,
  type ReceiptQuestion,
  type TiplineState,
  type TiplineInput,
  tipOfTold,
} from './terms.ts'
import { dayOf, type ThreadMessage, type ThreadRow, threadTable } from './threads.ts'
import {
  leftOf,
  type ReceiptView,
  receiptView,
  type ThreadView,
  threadView,
  type ToldReceipt,
  urlsLeft,
} from './views.ts'

/**
 * What stands behind the public's page and a hotline's own site: a tip without an account, and a receipt by which its
 * sender comes back.
 */
export interface Tipline extends Omit<OwnRequestStage, 'withdraw' | 'forget' | 'settle'> {
  /** What a form must carry. */
  challenge(): Promise<Challenge>
  /** Throws WORK_REFUSED, TIPLINE_BUSY, OVERLOADED, INVALID_INPUT, URL_INVALID. */
  tell(by: Principal, told: TiplineInput): Promise<ToldReceipt>
  /** What the receipt opens. Throws RECEIPT_UNKNOWN, OVERLOADED, TIPLINE_BUSY, and WORK_REFUSED while many guess. */
  look(asked: ReceiptQuestion): Promise<ReceiptView>
  /** The sender has kept the receipt. Throws as `look`. */
  keep(asked: ReceiptQuestion): Promise<ReceiptView>
  /** Throws as `look`, TIPLINE_BUSY, CONFLICT where the receipt has no messages left. */
  write(by: Principal, asked: ReceiptQuestion, text: string): Promise<ReceiptView>
  /** Another URL, as a tip of its own. Throws as `write`. */
  add(by: Principal, asked: ReceiptQuestion, url: string): Promise<ReceiptView>
  /** The child takes its request back. Throws as `look`, CONFLICT where there is none. */
  withdraw(by: Principal, asked: ReceiptQuestion): Promise<ReceiptView>
  /** What was written about a tip, both ways. Throws NOT_FOUND, also where it came without a receipt. */
  messages(tipId: string): Promise<ThreadView>
  /** Answers the sender of a tip. Throws as `messages`, CONFLICT where enough was written. */
  answer(by: Principal, tipId: string, text: string): Promise<ThreadView>
  /** A person has read what the sender wrote, and has nothing to say. Throws as `messages`. */
  heard(by: Principal, tipId: string): Promise<ThreadView>
  /** Goes with its tips; what was told of others stays as long as they do. */
  eraseForTips(tx: Transaction, by: Principal, tipIds: readonly string[]): Promise<void>
}

/** What is done by a receipt; gives the thread as it is then. */
type UseOfReceipt = (tx: Transaction, row: ThreadRow) => Promise<ThreadRow>

export function createTipline(
  context: Context,
  audit: Audit,
  parts: Omit<Parameters<typeof createOwnRequests>[2], 'threads' | 'errands' | 'settings'> & {
    readonly tips: Pick<Tips, 'read' | 'tellAgain'>
    readonly tipDesk: Pick<TipDesk, 'takeUnlooked'>
    readonly takedown: { readonly errands: Pick<Errands, 'open' | 'close'> }
    readonly config: {
      readonly tipline: Parameters<typeof createCallers>[0]['settings'] &
        Parameters<typeof createChallenges>[2] &
        Parameters<typeof createOwnRequests>[2]['settings'] & { readonly ownRequestsPerDay: number }
    }
  },
): Tipline {
  const { store, sealer, clock, random, newId } = context
  const { tips, tipDesk } = parts
  const { errands } = parts.takedown
  const settings = parts.config.tipline
  const threads = threadTable(sealer)
  const callers: Callers = createCallers({ clock, random, settings })
  const hours = createTiplineTotals(context, settings)
  const challenges = createChallenges(context, hours, settings)
  const receipts = createReceipts(store, random)
  const own = createOwnRequests(context, audit, { ...parts, threads, errands, settings })

  return {
    list: (page) => own.list(page),
    accept: (by, tipId) => own.accept(by, tipId),
    decline: (by, tipId, reason) => own.decline(by, tipId, reason),
    endDue: (by) => own.endDue(by),
    challenge: () => challenges.issue(),

    async tell(by, told) {
      // What is wrong with it costs nobody their work.
      tipOfTold(told, false)
      const pictures = told.pictures ?? []
      for (const hashes of pictures) setOf(hashes)
      if (pictures.length > 0 && told.aboutMe !== true) {
        throw new HindraError('INVALID_INPUT', 'pictures: of the sender alone (aboutMe)', {
          field: 'pictures',
        })
      }
      return challenges.meet(told.work, (spend) => {
        callers.admit('tips', told.caller)
        return keepTold(by, told, spend)
      })
    },

    look: (asked) => opened(asked, (_tx, row) => Promise.resolve(row)),

    keep: (asked) => opened(asked, (tx, row) => Promise.resolve(kept(tx, row))),

    write(by, asked, text) {
      return changed(by, asked, async (tx, row) => {
        if (leftOf(row, 'sender') === 0) throw full('messages')
        await waitsForPerson(tx, by, row)
        return append(tx, row, { at: now(), from: 'sender', text })
      })
    },

    add(by, asked, url) {
      return changed(by, asked, async (tx, row) => {
        const { tipIds } = row.clear
        if (urlsLeft(row) === 0) throw full('URLs')
        const asks = row.clear.own === 'asked' ? { ownRequest: true } : {}
        const tip = await tipDesk.takeUnlooked(tx, by, parseTip({ source: 'public', url, ...asks }))
        const next = { ...row, clear: { ...row.clear, tipIds: [...tipIds, tip.id] } }
        threads.change(tx, row, next)
        return next
      })
    },

    async withdraw(by, asked) {
      const view = await changed(by, asked, async (tx, row) => {
        const withdrawn = await own.withdraw(tx, by, row)
        await waitsForPerson(tx, by, withdrawn)
        return withdrawn
      })
      await own.settle(by)
      return view
    },

    messages: (tipId) => store.transact(async (tx) => threadView(await ofTip(tx, tipId))),

    answer: (by, tipId, text) =>
      store.transact(async (tx) => {
        const row = await ofTip(tx, tipId)
        if (leftOf(row, 'house') === 0) throw full('answers')
        errands.close(tx, 'tip-message', firstTip(row))
        const { length } = text
        const detail = { characters: length }
        audit.append(tx, { by: by.id, action: 'tip.answer', subject: tipId, detail })
        return threadView(append(tx, row, { at: now(), from: 'house', by: by.id, text }))
      }),

    heard: (by, tipId) =>
      store.transact(async (tx) => {
        const row = await ofTip(tx, tipId)
        errands.close(tx, 'tip-message', firstTip(row))
        audit.append(tx, { by: by.id, action: 'tip.heard', subject: tipId, detail: {} })
        return threadView(row)
      }),

    async eraseForTips(tx, by, tipIds) {
      for (const id of tipIds) {
        const row = await threads.by.tip.find(tx, [id])
        if (row === undefined) continue
        const left = row.clear.tipIds.filter((one) => one !== id)
        // The first tip is what the receipt was given for: with it all that was written goes.
        if (id !== firstTip(row)) {
          threads.change(tx, row, { ...row, clear: { ...row.clear, tipIds: left } })
          continue
        }
        errands.close(tx, 'tip-message', id)
        await own.forget(tx, by, row)
        threads.remove(tx, row)
      }
    },
  }

  async function keepTold(by: Principal, told: TiplineInput, spend: Spend): Promise<ToldReceipt> {
    for (;;) {
      const receipt = receipts.draw()
      const hash = await receipts.hash(receipt)
      const kept = await store.transact(async (tx) => {
        if ((await ofReceipt(tx, hash)) !== undefined) return undefined
        await spend(tx)
        await hours.admit(tx, 'tips')
        return keepUnder(tx, by, told, hash)
      })
      // Another has the same receipt.
      if (kept !== undefined) return { receipt, receivedAt: kept.clear.receivedAt }
    }
  }

  async function keepUnder(
    tx: Transaction,
    by: Principal,
    told: TiplineInput,
    receipt: string,
  ): Promise<ThreadRow> {
    const receivedAt = now()
    const asked = told.aboutMe === true ? await ownState(tx, receivedAt) : null
    const tip = await tipDesk.takeUnlooked(tx, by, tipOfTold(told, asked === 'asked'))
    const row: ThreadRow = {
      id: newId(),
      clear: {
        receivedAt,
        language: told.language,
        keptAt: null,
        tipIds: [tip.id],
        own: asked,
        ownUntil: null,
      },
      sealed: { receipt, messages: [], pictures: told.pictures ?? [], entries: [] },
    }
    threads.add(tx, row)
    if (asked === 'asked') {
      const errand = { kind: 'own-request', about: tip.id, isUrgent: true } as const
      await errands.open(tx, by.id, errand, null)
    }
    if (asked === 'held-back') {
      const errand = { kind: 'own-requests', about: dayOf(receivedAt) } as const
      await errands.open(tx, by.id, errand, null)
    }
    return row
  }

  /** A flood must not bury the child who asks tomorrow: what is beyond a day's number a person lets through. */
  async function ownState(tx: Transaction, receivedAt: string): Promise<OwnRequestState> {
    const today = await threads.counts.ownOn.at(tx, [dayOf(receivedAt)])
    return today < settings.ownRequestsPerDay ? 'asked' : 'held-back'
  }

  async function opened(asked: ReceiptQuestion, use: UseOfReceipt): Promise<ReceiptView> {
    const { work, caller } = asked
    const areMany =
      callers.isOver('wrong-receipts', caller) ||
      (await store.transact((tx) => hours.isOver(tx, 'wrong-receipts')))
    if (!areMany) return openedBy(asked, use, () => Promise.resolve())
    if (work !== undefined) return challenges.meet(work, (spend) => openedBy(asked, use, spend))
    const message = 'many wrong receipts were tried: now each needs work'
    throw new HindraError('WORK_REFUSED', message, { field: 'work' })
  }

  /** The slow hash is made for every receipt alike, and beside the store. */
  async function openedBy(
    { receipt, language, caller }: ReceiptQuestion,
    use: UseOfReceipt,
    spend: Spend,
  ): Promise<ReceiptView> {
    callers.admit('looks', caller)
    const hash = await receipts.hash(receipt)
    const view = await store.transact(async (tx) => {
      await spend(tx)
      const row = await ofReceipt(tx, hash)
      if (row === undefined) {
        await hours.count(tx, 'wrong-receipts')
        return undefined
      }
      const used = await use(tx, row)
      return receiptView(used, await stateOf(tx, used), language)
    })
    if (view !== undefined) return view
    callers.count('wrong-receipts', caller)
    throw unknown()
  }

  /** Whoever acts by the receipt has kept it. */
  function changed(
    by: Principal,
    asked: ReceiptQuestion,
    change: UseOfReceipt,
  ): Promise<ReceiptView> {
    let isAdmitted = false
    return opened(asked, async (tx, row) => {
      if (!isAdmitted) callers.admit('messages', asked.caller)
      isAdmitted = true
      await hours.admit(tx, 'messages')
      const next = await change(tx, kept(tx, row))
      const detail = { tips: next.clear.tipIds.length, messages: next.sealed.messages.length }
      audit.append(tx, { by: by.id, action: 'tip.by-receipt', subject: firstTip(row), detail })
      return next
    })
  }

  function kept(tx: Transaction, row: ThreadRow): ThreadRow {
    if (row.clear.keptAt !== null) return row
    const next = { ...row, clear: { ...row.clear, keptAt: now() } }
    threads.change(tx, row, next)
    return next
  }

  function append(tx: Transaction, row: ThreadRow, message: ThreadMessage): ThreadRow {
    const messages = [...row.sealed.messages, message]
    const next = { ...row, sealed: { ...row.sealed, messages } }
    threads.change(tx, row, next)
    return next
  }

  async function waitsForPerson(tx: Transaction, by: Principal, row: ThreadRow): Promise<void> {
    await errands.open(tx, by.id, { kind: 'tip-message', about: firstTip(row) }, null)
  }

  function ofReceipt(tx: Transaction, hash: string): Promise<ThreadRow | undefined> {
    return threads.by.receipt.find(tx, [sealer.digest('tipline-receipt', hash)])
  }

  async function ofTip(tx: Transaction, tipId: string): Promise<ThreadRow> {
    const row = await threads.by.tip.find(tx, [tipId])
    if (row !== undefined) return row
    await tips.read(tx, tipId)
    throw new HindraError('NOT_FOUND', { says: 'receipt-none' })
  }

  /** See `TIPLINE_STATES` for why a URL is never `handled`. */
  async function stateOf(tx: Transaction, { clear }: ThreadRow): Promise<TiplineState> {
    const { own: request, tipIds } = clear
    if (request === 'asked' || request === 'held-back') return 'own-received'
    if (request !== null) return `own-${request}`
    for (const id of tipIds) {
      const { url, status } = await tips.read(tx, id)
      if (url !== undefined || status === 'new') return 'received'
    }
    return 'handled'
  }

  function now(): string {
    return isoTime(clock.now())
  }
}

function full(what: string): HindraError {
  return new HindraError('CONFLICT', { says: 'receipt-full', what })
}

function unknown(): HindraError {
  return new HindraError('RECEIPT_UNKNOWN', 'no tip has this receipt', { field: 'receipt' })
}

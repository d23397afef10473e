import { createHash } from 'node:crypto'
import type { Audit } from '../../audit/index.ts'
import type { Cases } from '../../cases/index.ts'
import { isoTime, ticketsIn } from '../../core/index.ts'
import { toHindraError } from '../../errors.ts'
import {
  collectMails,
  type Delivered,
  domainOf,
  HEAD_BYTES,
  type Incoming,
  type Mailbox,
  type MailReader,
  type ReadMail,
  type Signed,
  type TextRecords,
} from '../../mails/index.ts'
import {
  Collection,
  type Context,
  idsBelow,
  keySpace,
  type Transaction,
} from '../../store/index.ts'
import type { EnvelopeRow, Envelopes } from '../envelopes.ts'
import type { Errands } from '../errands/errands.ts'
import type { createHoldReplies, ReplyOutcome } from '../holds/hold-replies.ts'
import type { NoticeRow, Outbox } from '../outbox.ts'
import type { createSettlement } from '../settlement.ts'
import type { Objections } from '../objections/objections.ts'
import type { TipLetters } from '../tip-letters/tip-letters.ts'
import type { InboxReport, PoliceMail, Reply, ReplyKind, ReplyProof } from '../notice.ts'
import type { PoliceMails } from './police-mails.ts'

/** Looks that claims in answer to one notice bring forward: more of them would be a lever upon a host. */
const UNPROVEN_LOOKS_MAX = 3
const PROVEN_LOOKS_MAX = 20
const BY_NOTICE = keySpace('notice-reply')

/** Older versions knew neither proofs nor what police say of holds. */
type ReplyClear = Pick<Reply, 'at' | 'kind' | 'automatic' | 'envelopeId'> &
  Partial<Pick<Reply, 'proof' | 'heeded' | 'unheeded'>>
type ReplySealed = Pick<Reply, 'from' | 'subject' | 'text'>

export type Inbox = ReturnType<typeof createInbox>

/** What comes back: bounces, receipts, answers. Each is tied to the notices of its envelope. */
export function createInbox(
  context: Context,
  audit: Audit,
  parts: {
    readonly outbox: Outbox
    readonly envelopes: Envelopes
    readonly cases: Cases
    readonly settlement: ReturnType<typeof createSettlement>
    readonly heed: ReturnType<typeof createHoldReplies>
    readonly errands: Pick<Errands, 'open'>
    readonly policeMails: Pick<PoliceMails, 'isFrom' | 'take'>
    readonly tipLetters: Pick<TipLetters, 'isLetter' | 'bounced'>
    readonly objections: Pick<Objections, 'isLetter' | 'bounced'>
    readonly mailReader: Pick<MailReader, 'read' | 'signed'>
    /** Absent: no signature can be verified. */
    readonly texts: TextRecords | undefined
    readonly mailboxes: readonly Mailbox[]
  },
) {
  const { store, sealer, clock } = context
  const { outbox, envelopes, cases, settlement, heed, policeMails, mailReader, mailboxes } = parts
  const { tipLetters, objections, errands } = parts
  const replies = new Collection<ReplyClear, ReplySealed>(keySpace('reply'), sealer)

  return {
    /** Reads what has come since; each mail is taken care of once, also across a crash. */
    async collect(by: string): Promise<InboxReport> {
      const counts = { bounces: 0, replies: 0, removalClaims: 0, unclaimed: 0 }
      const problems = await collectMails(mailboxes, 'inbox', mailReader, async (mail, read) => {
        const kind = await takeCare(by, mail, read)
        if (kind === undefined) counts.unclaimed += 1
        else if (kind === 'bounce') counts.bounces += 1
        else counts.replies += 1
        if (kind === 'removal-claim') counts.removalClaims += 1
        return kind === undefined ? 'unread' : 'read'
      })
      return { ...counts, problems }
    },

    /** Writes down what an API said of a notice, as what came back to it. */
    note(
      tx: Transaction,
      by: string,
      { id: noticeId, clear: { envelopeId } }: NoticeRow,
      { kind, from, text }: Pick<Reply, 'kind' | 'from' | 'text'>,
    ): void {
      if (envelopeId === null) return
      const id = context.newId()
      const at = isoTime(clock.now())
      replies.put(tx, id, { at, kind, automatic: true, envelopeId }, { from, subject: '', text })
      tx.put(BY_NOTICE(noticeId, at, id), new Uint8Array())
      audit.append(tx, { by, action: `reply.${kind}`, subject: envelopeId })
    },

    /** What came back to a notice, oldest first. */
    async repliesTo(tx: Transaction, noticeId: string): Promise<readonly Reply[]> {
      const found: Reply[] = []
      for await (const replyId of idsBelow(tx, BY_NOTICE(noticeId))) {
        const { id, clear, sealed } = await replies.need(tx, replyId)
        found.push({ id, proof: 'none', heeded: null, unheeded: null, ...clear, ...sealed })
      }
      return found
    },

    /** What came back may quote any notice of the mail: its text goes, with the last of them all of it. */
    async forget(tx: Transaction, noticeId: string): Promise<void> {
      for await (const { key } of tx.range({ prefix: BY_NOTICE(noticeId) })) {
        const { id, clear, sealed } = await replies.need(tx, String(key.at(-1)))
        const envelope = await envelopes.get(tx, clear.envelopeId)
        const others = envelope?.clear.noticeIds.some((held) => held !== noticeId) ?? false
        if (others) replies.put(tx, id, clear, { ...sealed, subject: '', text: '' })
        else replies.delete(tx, id)
        tx.delete(key)
      }
    },
  }

  /** Undefined where a person must read it; of what the police wrote somebody is told. */
  async function takeCare(
    by: string,
    { raw, head }: Delivered,
    read: ReadMail,
  ): Promise<ReplyKind | undefined> {
    if (raw === null) {
      await byHead(by, head, 'too-large', read)
      return undefined
    }
    const mail = await read(raw)
    if (mail !== undefined) return take(by, raw, mail)
    await byHead(by, raw.subarray(0, HEAD_BYTES), 'unreadable', read)
    return undefined
  }

  async function byHead(
    by: string,
    head: Uint8Array | undefined,
    why: PoliceMail['why'],
    read: ReadMail,
  ): Promise<void> {
    const mail = head && (await read(head, { isHead: true }))
    await store.transact(async (tx) => {
      const said = { why, proof: 'none' } as const
      const isKnown = head && mail && (await policeMails.take(tx, by, digestOf(head), mail, said))
      if (isKnown !== true) await waitsInMailbox(tx, by)
    })
  }

  function digestOf(raw: Uint8Array): string {
    return sealer.digest('reply', createHash('sha256').update(raw).digest('hex'))
  }

  /** Undefined where it is no answer to a notice. */
  async function take(by: string, raw: Uint8Array, mail: Incoming): Promise<ReplyKind | undefined> {
    const id = digestOf(raw)
    const signed = await signatureOf(raw, mail)
    return store.transact(async (tx) => {
      const found = await envelopeFor(tx, mail)
      if (found === undefined) {
        const letter = await singleLetterFor(tx, mail)
        if (letter !== undefined && kindOf(mail) === 'bounce') {
          return (await letter.kind.bounced(tx, by, letter.id)) ? 'bounce' : undefined
        }
        const proof = signed === undefined ? 'none' : 'dkim'
        const why = letter?.kind === tipLetters ? 'about-a-tip' : 'cites-nothing'
        const isKnown = await policeMails.take(tx, by, id, mail, { why, proof })
        const isSilent = mail.isReceipt && mail.statuses === null
        if (!isKnown && !isSilent) await waitsInMailbox(tx, by)
        return undefined
      }
      const kind = kindOf(mail)
      // Written down before a crash, and not moved away.
      if ((await replies.get(tx, id)) !== undefined) return kind
      // Whatever came back, the mail had gone out.
      if (found.clear.state === 'open') await settlement.sent(tx, by, found.id)
      const envelope = await envelopes.need(tx, found.id)
      const rows: NoticeRow[] = []
      for (const noticeId of envelope.clear.noticeIds) rows.push(await outbox.need(tx, noticeId))
      const isToPolice = rows.some(({ clear }) => clear.role === 'police')
      const outcome: ReplyOutcome = isToPolice
        ? await heed(tx, by, id, mail, signed, envelope, rows)
        : { proof: signed === undefined ? 'none' : 'dkim', heeded: null, unheeded: null }
      const { from, subject, text, automatic } = mail
      const at = isoTime(clock.now())
      const clear = { at, kind, automatic, envelopeId: envelope.id, ...outcome }
      replies.put(tx, id, clear, { from, subject, text })
      const { proof, heeded, unheeded } = outcome
      const detail = { automatic, proof, heeded, unheeded }
      audit.append(tx, { by, action: `reply.${kind}`, subject: envelope.id, detail })
      const tickets = ticketsIn(subject, text)
      for (const row of rows) {
        tx.put(BY_NOTICE(row.id, at, id), new Uint8Array())
        const called = outbox.called(tx, await outbox.need(tx, row.id), tickets)
        await apply(tx, by, called, kind, mail, proof)
        // What the police say of a hold acts by itself, or has an alert of its own.
        const isCommand = heeded !== null || unheeded !== null
        if (isForPerson(kind) && !isCommand) await answered(tx, by, row)
      }
      return kind
    })
  }

  /** One errand for all of a notice, however often somebody writes: a mailbox is no lever upon people. */
  async function answered(tx: Transaction, by: string, { id, clear }: NoticeRow): Promise<void> {
    const { caseId, step } = clear
    const notice = { id, step, times: 1 }
    await errands.open(tx, by, { kind: 'reply', about: id, caseId }, { kind: 'answered', notice })
  }

  /** One errand for all that lies there: anybody can fill a mailbox. */
  async function waitsInMailbox(tx: Transaction, by: string): Promise<void> {
    await errands.open(tx, by, { kind: 'mailbox', about: 'inbox' }, { kind: 'mailbox' })
  }

  /**
   * The DNS is asked only for a mail of the domain that a letter went to, or of the police, and before the
   * transaction.
   */
  async function signatureOf(raw: Uint8Array, mail: Incoming): Promise<Signed | undefined> {
    const envelope = await store.transact((tx) => envelopeFor(tx, mail))
    const isAnswer = envelope !== undefined && domainOf(envelope.sealed.to) === domainOf(mail.from)
    if (!isAnswer && !policeMails.isFrom(mail.from)) return undefined
    const { texts } = parts
    if (texts === undefined) return undefined
    try {
      return await mailReader.signed(raw, mail, { texts, nowMs: clock.now() })
    } catch (error) {
      // A signature that takes too long proves nothing.
      if (toHindraError(error).code === 'MAIL_UNREADABLE') return undefined
      throw error
    }
  }

  async function envelopeFor(
    tx: Transaction,
    { envelopeIds }: Incoming,
  ): Promise<EnvelopeRow | undefined> {
    for (const id of envelopeIds) {
      const envelope = await envelopes.get(tx, id)
      if (envelope !== undefined) return envelope
    }
    return undefined
  }

  /** The letter that is no notice to which a mail is an answer. */
  async function singleLetterFor(tx: Transaction, { envelopeIds }: Incoming) {
    for (const id of envelopeIds) {
      for (const kind of [tipLetters, objections]) {
        if (await kind.isLetter(tx, id)) return { kind, id }
      }
    }
    return undefined
  }

  async function apply(
    tx: Transaction,
    by: string,
    row: NoticeRow,
    kind: ReplyKind,
    mail: Incoming,
    proof: ReplyProof,
  ): Promise<void> {
    const { state, caseId, envelopeId } = row.clear
    const isOut = state === 'sent' || state === 'acknowledged'
    if (!isOut || envelopeId === null) return
    if (kind === 'bounce') {
      const failed = mail.statuses?.find(({ action }) => action === 'failed')
      const words = [failed?.status, failed?.diagnostic]
        .filter((word) => typeof word === 'string')
        .join(' ')
      await settlement.bounced(tx, by, row, words)
      return
    }
    if (kind === 'delivery-report') return
    if (kind !== 'removal-claim') {
      if (state === 'sent') outbox.change(tx, by, row, { state: 'acknowledged' })
      return
    }
    // A claim is no proof: it makes the next look come at once, and of what anybody can have written some few.
    if (proof !== 'none' && state === 'sent') outbox.change(tx, by, row, { state: 'acknowledged' })
    const claims = (await counted(tx, row.id)) - 1
    if (claims < (proof === 'none' ? UNPROVEN_LOOKS_MAX : PROVEN_LOOKS_MAX)) {
      await cases.lookSoon(tx, by, caseId, { says: 'host-says-removed' })
    }
  }

  /** How often a removal was claimed in answer to a notice, this time included. */
  async function counted(tx: Transaction, noticeId: string): Promise<number> {
    let claims = 0
    for await (const replyId of idsBelow(tx, BY_NOTICE(noticeId))) {
      const clear = await replies.getClear(tx, replyId)
      if (clear?.kind === 'removal-claim') claims += 1
    }
    return claims
  }
}

/** Whether no rule settles what it says: a bounce has its alert, a claim its look, a receipt says nothing. */
function isForPerson(kind: ReplyKind): boolean {
  return kind === 'answer' || kind === 'refusal'
}

function kindOf({ statuses, isReceipt, claim }: Incoming): ReplyKind {
  if (statuses !== null) {
    return statuses.some(({ action }) => action === 'failed') ? 'bounce' : 'delivery-report'
  }
  if (claim === 'removed') return 'removal-claim'
  if (claim === 'refused') return 'refusal'
  return isReceipt ? 'receipt' : 'answer'
}

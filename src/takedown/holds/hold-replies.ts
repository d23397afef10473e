import type { Audit } from '../../audit/index.ts'
import type { Cases } from '../../cases/index.ts'
import { isoTime } from '../../core/index.ts'
import type { Incoming, Signed } from '../../mails/index.ts'
import type { Router } from '../../route/index.ts'
import { type Context, keySpace, type Transaction } from '../../store/index.ts'
import { addresseeOf } from '../addressee.ts'
import type { EnvelopeRow, Envelopes } from '../envelopes.ts'
import type { NoticeRow } from '../outbox.ts'
import type { Addressee, ReplyProof } from '../notice.ts'
import type { Confirmations } from './confirmations.ts'
import type { HoldWord } from './hold-acts.ts'
import { readHoldCommand } from './hold-command.ts'
import type { HoldWish, UnheededReason } from './hold-types.ts'
import type { Holds } from './holds.ts'
import { digestOfWord } from './reply-word.ts'

/** Signatures of replies that were heeded: a mail with one of them is a replay. */
const USED = keySpace('hold-reply-used')
const SAID_MAX = 200
/** Beyond so many unread ones of a case nobody is alerted once more: they would be a lever. */
const UNREAD_MAX = 10
const POLICE = 'police'

/** What came of a reply of the police. */
export interface ReplyOutcome {
  readonly proof: ReplyProof
  readonly heeded: HoldWish | null
  readonly unheeded: UnheededReason | null
}

/**
 * Replies to letters that told the police that somebody waits for them. One changes something only if it comes
 * from the address of the approved contact, cites the Message-ID of the letter in its own header, and is either
 * signed for that address, header field and all, or has the one-time word of that very letter among its own,
 * unquoted words, together with the command. A machine's answer never does, whatever it quotes.
 */
export function createHoldReplies(
  { clock, sealer }: Pick<Context, 'clock' | 'sealer'>,
  audit: Audit,
  parts: {
    readonly holds: Holds
    readonly envelopes: Envelopes
    readonly cases: Pick<Cases, 'read' | 'hostOf' | 'alertHold'>
    readonly router: Pick<Router, 'decide'>
    readonly confirmations: Confirmations
    readonly settings: { readonly timeZone: string }
  },
) {
  const { holds, envelopes, cases, router, confirmations, settings } = parts

  /** @param rows The notices of the letter */
  return async function heed(
    tx: Transaction,
    by: string,
    replyId: string,
    mail: Incoming,
    signed: Signed | undefined,
    envelope: EnvelopeRow,
    rows: readonly NoticeRow[],
  ): Promise<ReplyOutcome> {
    const command = readHoldCommand(mail.text, settings.timeZone)
    const word = command.kind === 'said' ? command.word : null
    const wordState = stateOfWord(envelope, word)
    const isSigned = signed !== undefined && coversCitation(mail, signed, envelope.id)
    const proof = isSigned ? 'dkim' : wordState === 'good' ? 'word' : 'none'
    const isSilent = command.kind === 'none' && mail.isReceipt
    // A receipt that a machine wrote, or bounced back: nobody need read it here.
    if (isSilent || mail.statuses !== null) return { proof, heeded: null, unheeded: null }

    const police = await policeOf(tx, by, mail.from, rows)
    let why = await whyNot(tx, mail, envelope, police, proof, wordState, signed)
    if (why === undefined && command.kind !== 'said') {
      why = command.kind === 'no-such-time' ? 'no-such-time' : 'unclear'
    }
    const caseIds = [...new Set(rows.map(({ clear }) => clear.caseId))]
    if (why !== undefined || command.kind !== 'said') {
      for (const caseId of caseIds)
        await show(tx, by, replyId, mail, caseId, why ?? 'unclear', null)
      return { proof, heeded: null, unheeded: why ?? 'unclear' }
    }
    const { wish, until, theirNumber } = command
    const said: HoldWord = {
      wish,
      until,
      theirNumber,
      by: POLICE,
      voice: 'reply',
      reason: null,
      saidAt: mail.date,
    }
    let unheeded: UnheededReason | null = null
    let isHeeded = false
    for (const caseId of caseIds) {
      const answer = await holds.acts.say(tx, caseId, said)
      if (answer.done === null) {
        unheeded = answer.why
        await show(tx, by, replyId, mail, caseId, answer.why, answer.hostToldAt)
      } else isHeeded = true
    }
    if (isHeeded) {
      use(tx, envelope, isSigned ? signed : undefined, wordState === 'good')
      for (const [answered, to] of police) {
        await confirmations.queue(tx, by, replyId, answered, to)
      }
    }
    return { proof, heeded: isHeeded ? wish : null, unheeded }
  }

  async function whyNot(
    tx: Transaction,
    mail: Incoming,
    { id }: EnvelopeRow,
    police: ReadonlyMap<NoticeRow, Addressee>,
    proof: ReplyProof,
    wordState: 'good' | 'used' | 'none',
    signed: Signed | undefined,
  ): Promise<UnheededReason | undefined> {
    if (mail.automatic) return 'automatic'
    if (police.size === 0) return 'not-the-police'
    if (!mail.cited.has(id)) return 'cites-nothing'
    const isReplay = signed !== undefined && (await tx.get(USED(signed.fingerprint))) !== undefined
    if (isReplay || (proof === 'none' && wordState === 'used')) return 'replayed'
    return proof === 'none' ? 'unproven' : undefined
  }

  /**
   * How the police are reached of each case of the letter, one notice each: by the address that the policy names
   * today, approved, which is that of the sender. None where it is another address for any of the cases.
   */
  async function policeOf(
    tx: Transaction,
    by: string,
    from: string,
    rows: readonly NoticeRow[],
  ): Promise<ReadonlyMap<NoticeRow, Addressee>> {
    const found = new Map<string, readonly [NoticeRow, Addressee]>()
    for (const row of rows) {
      const { caseId } = row.clear
      const host = await cases.hostOf(tx, caseId)
      if (host === null) return new Map()
      const decision = await router.decide(tx, by, await cases.read(tx, caseId), host)
      const police = decision.recipients.find(
        ({ role, channel, needsApproval }) =>
          role === 'police' &&
          !needsApproval &&
          channel.kind === 'mail' &&
          channel.address.toLowerCase() === from.toLowerCase(),
      )
      if (police === undefined) return new Map()
      found.set(caseId, [row, addresseeOf(police, decision)])
    }
    return new Map(found.values())
  }

  function stateOfWord({ id, clear }: EnvelopeRow, word: string | null): 'good' | 'used' | 'none' {
    const kept = clear.replyWord
    if (kept === undefined || word === null) return 'none'
    if (digestOfWord(sealer, id, word) !== kept.digest) return 'none'
    if (kept.usedAt !== null) return 'used'
    return kept.expiresAt > isoTime(clock.now()) ? 'good' : 'none'
  }

  /** One word, one act; one signature, one act. */
  function use(
    tx: Transaction,
    envelope: EnvelopeRow,
    signed: Signed | undefined,
    hasWord: boolean,
  ): void {
    const at = isoTime(clock.now())
    if (signed !== undefined) tx.put(USED(signed.fingerprint), Buffer.from(at))
    const { replyWord } = envelope.clear
    if (hasWord && replyWord !== undefined) {
      envelopes.change(tx, envelope, { replyWord: { ...replyWord, usedAt: at } })
    }
  }

  /** A person reads it: in the list of holds, and by an alert. */
  async function show(
    tx: Transaction,
    by: string,
    replyId: string,
    { from, text }: Incoming,
    caseId: string,
    why: UnheededReason,
    hostToldAt: string | null,
  ): Promise<void> {
    const row = await holds.acts.known(tx, await cases.read(tx, caseId))
    const at = isoTime(clock.now())
    const said = text.slice(0, SAID_MAX)
    const unheeded = [...row.sealed.unheeded, { replyId, at, why, from, said, hostToldAt }]
    holds.records.put(tx, row, { ...row, sealed: { ...row.sealed, unheeded } })
    audit.append(tx, { by, action: 'hold.unheeded', subject: caseId, detail: { why, replyId } })
    if (unheeded.length > UNREAD_MAX) return
    await cases.alertHold(tx, caseId, 'hold-asks', { until: row.clear.until, why })
  }
}

/** What says which letter it answers is signed as well, or it could be put under another mail of theirs. */
function coversCitation({ cited, once }: Incoming, { covers }: Signed, id: string): boolean {
  const fields = cited.get(id) ?? []
  return fields.some((field) => covers.has(field) && once.has(field))
}

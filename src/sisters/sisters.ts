import { createHash } from 'node:crypto'
import { HINDRA_ITSELF, type Principal } from '../access/index.ts'
import type { TipDesk, TipReceipt } from '../assessing/index.ts'
import type { Audit } from '../audit/index.ts'
import type { Config } from '../config.ts'
import { isoTime } from '../core/index.ts'
import { HindraError, toHindraError } from '../errors.ts'
import type { TipInput } from '../intake/index.ts'
import {
  collectMails,
  type Delivered,
  domainOf,
  type Incoming,
  type Mailbox,
  type MailReader,
  type ReadMail,
  type TextRecords,
} from '../mails/index.ts'
import type { Stats } from '../stats/index.ts'
import type { Errands } from '../takedown/index.ts'
import { Collection, type Context, keySpace, type Row, type Transaction } from '../store/index.ts'
import type { SisterHotline, SisterHotlines } from './hotlines.ts'
import { type MailSaid, referenceIn, type SisterMail, tipsOf } from './sister-mail.ts'
import type { SisterMailReason } from './terms.ts'
import { isBelow, type ToldUrls, toldUrls } from './told-urls.ts'

/** Of a text: a list of 500 URLs has less. */
const TEXT_CHARS_MAX = 64_000
/** What was taken care of is known for good, so that a mailbox that is read anew brings nothing twice. */
const KNOWN = keySpace('sister-mail-known')
/** All that wait are one thing to whoever is told of it: a flood of mails must not be one of alerts. */
const WAITING = { kind: 'sister-mail', about: 'waiting' } as const
const LEFT_IN_BOX = { kind: 'mailbox', about: 'sisters' } as const
const NO_LABELS = { urls: [], reference: [] }

type SisterMailClear = Pick<SisterMail, 'at' | 'why' | 'attachments'>
type SisterMailSealed = Pick<SisterMail, 'from' | 'subject' | 'text' | 'urls'>
type SisterMailRow = Row<SisterMailClear, SisterMailSealed>

/** What came of one reading of the mailbox. */
export interface SistersReport {
  /** Mails that became tips, and the tips. */
  readonly mails: number
  readonly tips: number
  /** Mails that wait for a person here. */
  readonly waiting: number
  /** Mails that a person must read in the mailbox. */
  readonly left: number
  readonly problems: readonly string[]
}

export interface Sisters {
  /** Reads what has come; each mail is taken care of once, also across a crash. */
  collect(): Promise<SistersReport>
  /** The same where a mailbox is set; undefined where nothing came. */
  round(): Promise<SistersReport | undefined>
  /** What waits for a person, in the order in which it came. */
  list(page: { readonly after?: string; readonly limit?: number }): Promise<readonly SisterMail[]>
  count(): Promise<number>
  /** Throws NOT_FOUND. */
  get(id: string): Promise<SisterMail>
  /**
   * A person makes tips of it, and it waits no longer. Throws NOT_FOUND, URL_INVALID, CONFLICT where it tells of no URL
   * and none is named.
   */
  accept(
    by: Principal,
    id: string,
    said: { readonly urls?: readonly string[]; readonly reference?: string },
  ): Promise<readonly TipReceipt[]>
  /** A person has read it, and makes no tip of it: what it says is kept no longer. Throws NOT_FOUND. */
  dismiss(by: Principal, id: string, reason: string): Promise<SisterMail>
}

/**
 * Mails of sister hotlines become tips: of senders that the house has approved, where a DKIM signature of their domain
 * holds. All others wait for a person, for a From is anybody's to write. What is attached is never looked at.
 */
export function createSisters(
  { store, sealer, clock, newId }: Context,
  audit: Audit,
  parts: {
    readonly hotlines: SisterHotlines
    readonly mailboxes: readonly Mailbox[]
    readonly mailReader: Pick<MailReader, 'read' | 'signed'>
    /** Absent: no signature can be verified. */
    readonly texts: TextRecords | undefined
    readonly tipDesk: Pick<TipDesk, 'take'>
    readonly stats: Pick<Stats, 'count'>
    readonly takedown: { readonly errands: Pick<Errands, 'open' | 'close'> }
    readonly config: Pick<Config, 'sisters' | 'mail'>
  },
): Sisters {
  const { hotlines, mailboxes, mailReader, tipDesk, stats, config } = parts
  const { errands } = parts.takedown
  const { urlsPerMailMax, waitingMax } = config.sisters
  const mails = new Collection<SisterMailClear, SisterMailSealed>(keySpace('sister-mail'), sealer)

  return {
    collect,

    async round() {
      const report = await collect()
      const { mails: came, waiting, left, problems } = report
      return came + waiting + left + problems.length === 0 ? undefined : report
    },

    list: ({ after, limit = 100 }) =>
      store.transact(async (tx) => (await mails.page(tx, { after, limit })).map(viewOf)),

    count: () => store.transact(count),

    get: (id) => store.transact(async (tx) => viewOf(await mails.need(tx, id))),

    async accept(by, id, { urls, reference }) {
      const row = await store.transact((tx) => mails.need(tx, id))
      const { hotline } = viewOf(row)
      const said = { ...row.sealed, attachments: row.clear.attachments }
      const labels = hotlines.of(said.from) ?? NO_LABELS
      const tips = tipsOf(
        said,
        urls ?? said.urls,
        reference ?? referenceIn(said, labels) ?? id,
        hotline,
      )
      if (tips.length === 0) {
        throw new HindraError(
          'CONFLICT',
          { says: 'sister-mail-urlless' },
          {
            field: 'urls',
          },
        )
      }
      const taken = await takeAll(by, tips)
      await store.transact(async (tx) => {
        // Two at once make the same tips, which are counted once.
        await mails.need(tx, id)
        await end(tx, id)
        stats.count(tx, 'sister-mail', 1)
        audit.append(tx, {
          by: by.id,
          action: 'sister-mail.accept',
          subject: id,
          detail: { tips: tips.length },
        })
      })
      return taken
    },

    dismiss: (by, id, reason) =>
      store.transact(async (tx) => {
        const row = await mails.need(tx, id)
        await end(tx, id)
        audit.append(tx, {
          by: by.id,
          action: 'sister-mail.dismiss',
          subject: id,
          detail: { reason },
        })
        return viewOf(row)
      }),
  }

  async function collect(): Promise<SistersReport> {
    const counts = { mails: 0, tips: 0, waiting: 0, left: 0 }
    const problems = await collectMails(mailboxes, 'sisters', mailReader, async (mail, read) => {
      const outcome = await takeCare(mail, read)
      if (outcome === 'left') {
        counts.left += 1
        await store.transact((tx) =>
          errands.open(tx, HINDRA_ITSELF.id, LEFT_IN_BOX, { kind: 'mailbox' }),
        )
      }
      if (outcome === 'waits') counts.waiting += 1
      if (typeof outcome === 'number') {
        counts.mails += 1
        counts.tips += outcome
      }
      return outcome === 'left' ? 'unread' : 'read'
    })
    return { ...counts, problems }
  }

  /** How many tips it became, or why it became none. */
  async function takeCare(
    { raw }: Delivered,
    read: ReadMail,
  ): Promise<number | 'waits' | 'left' | 'known'> {
    const mail = raw === null ? undefined : await read(raw, { charsMax: TEXT_CHARS_MAX })
    // A bounce is nobody's tip, and of a text that was not read whole nobody knows what it tells of.
    if (raw === null || mail === undefined || mail.isCut || mail.statuses !== null) return 'left'
    const digest = sealer.digest('sister mail', createHash('sha256').update(raw).digest('hex'))
    const isKnown = await store.transact(async (tx) => (await tx.get(KNOWN(digest))) !== undefined)
    if (isKnown) return 'known'
    const hotline = hotlines.of(mail.from)
    const told = urlsIn(mail, hotline)
    const why = await obstacle(raw, mail, hotline, told)
    if (why !== undefined) return store.transact((tx) => wait(tx, digest, mail, told, why))
    const reference = referenceIn(mail, hotline ?? NO_LABELS) ?? digest.slice(0, 16)
    const tips = tipsOf(mail, told.urls, reference, hotline?.name ?? null)
    // A crash before the end makes the same tips again, which are the same by their reference.
    await takeAll(HINDRA_ITSELF, tips)
    await store.transact((tx) => {
      tx.put(KNOWN(digest), new Uint8Array())
      stats.count(tx, 'sister-mail', 1)
      stats.count(tx, 'sister-mail-attachment', mail.attachments)
      audit.append(tx, {
        by: HINDRA_ITSELF.id,
        action: 'sister-mail.take',
        subject: digest,
        detail: { tips: tips.length, attachments: mail.attachments },
      })
      return Promise.resolve()
    })
    return tips.length
  }

  function urlsIn({ from, text }: MailSaid, hotline: SisterHotline | undefined): ToldUrls {
    const ignored = [...hotlines.ignored, domainOf(from), domainOf(config.mail.from)]
    return toldUrls(text, hotline ?? NO_LABELS, (host) => isBelow(host, ignored))
  }

  /** Undefined where it becomes tips by itself. */
  async function obstacle(
    raw: Uint8Array,
    mail: Incoming,
    hotline: SisterHotline | undefined,
    { urls, hasUnread }: ToldUrls,
  ): Promise<SisterMailReason | undefined> {
    if (hotline === undefined) return 'unknown-sender'
    if (!(await isSigned(raw, mail))) return 'unproven'
    if (hasUnread) return 'unread-url'
    if (urls.length === 0) return 'no-url'
    return urls.length > urlsPerMailMax ? 'too-many-urls' : undefined
  }

  /** The DNS is asked only for a sender that is approved. */
  async function isSigned(raw: Uint8Array, mail: Incoming): Promise<boolean> {
    const { texts } = parts
    if (texts === undefined) return false
    try {
      const signed = await mailReader.signed(raw, mail, { texts, nowMs: clock.now() })
      return signed !== undefined
    } catch (error) {
      // A signature that takes too long proves nothing.
      if (toHindraError(error).code === 'MAIL_UNREADABLE') return false
      throw error
    }
  }

  async function wait(
    tx: Transaction,
    digest: string,
    { from, subject, text, attachments }: Incoming,
    { urls }: ToldUrls,
    why: SisterMailReason,
  ): Promise<'waits' | 'left'> {
    if ((await count(tx)) >= waitingMax) return 'left'
    const id = newId()
    const at = isoTime(clock.now())
    mails.put(tx, id, { at, why, attachments }, { from, subject, text, urls })
    tx.put(KNOWN(digest), new Uint8Array())
    await errands.open(tx, HINDRA_ITSELF.id, WAITING, { kind: 'mailbox' })
    stats.count(tx, 'sister-mail-attachment', attachments)
    audit.append(tx, {
      by: HINDRA_ITSELF.id,
      action: 'sister-mail.wait',
      subject: id,
      detail: { why, attachments },
    })
    return 'waits'
  }

  async function takeAll(by: Principal, tips: readonly TipInput[]): Promise<readonly TipReceipt[]> {
    const taken: TipReceipt[] = []
    for (const tip of tips) taken.push(await tipDesk.take(by, tip))
    return taken
  }

  /** It waits no longer. */
  async function end(tx: Transaction, id: string): Promise<void> {
    mails.delete(tx, id)
    if ((await count(tx)) === 0) errands.close(tx, WAITING.kind, WAITING.about)
  }

  function viewOf({ id, clear, sealed }: SisterMailRow): SisterMail {
    return { id, ...clear, ...sealed, hotline: hotlines.of(sealed.from)?.name ?? null }
  }

  function count(tx: Transaction): Promise<number> {
    return mails.count(tx)
  }
}

import type { Case, Cases } from '../../cases/index.ts'
import type { Config } from '../../config.ts'
import { HOUR_MS, isoTime, own } from '../../core/index.ts'
import { HindraError } from '../../errors.ts'
import { isConfirmed, type Router } from '../../route/index.ts'
import type { Transaction } from '../../store/index.ts'
import { registrableDomain } from '../../trace/index.ts'
import type { StandingHolds } from '../holds/standing-holds.ts'
import type { Language, Reply } from '../notice.ts'
import type { NoticeLine, NoticePart } from '../notice-part.ts'
import type { NoticeRow, Outbox } from '../outbox.ts'
import { isUndelivered } from '../undelivered.ts'
import {
  type EarlierLetter,
  type HostTold,
  type LetterFacts,
  type LineFacts,
  picturesAmong,
  type ProviderRow,
  referenceOf,
  type UrlForm,
} from './facts.ts'
import { isWritten, LETTER_ROLES, letterStep, matterOf } from './kinds.ts'

const SUBJECT_MAX = 120
/** Who can remove it, or pass it on to who can. */
const HOSTS: readonly string[] = ['host', 'platform', 'proxy']
const AUTHORITIES: readonly string[] = ['police', 'social-services', 'regulator', 'hotline']
const NO_ANSWERS: readonly string[] = ['bounce', 'delivery-report']
/** Who is told next where a reminder does nothing; the owner of a site only once the police agree. */
const NEXT = [
  ['registrar', 'registrarHours'],
  ['upstream', 'upstreamHours'],
  ['regulator', 'regulatorHours'],
] as const
/** Mail gateways fetch plain links; desks that take reports by machine need them. */
const PLAIN: readonly string[] = [...HOSTS, 'hotline']

export interface GatherParts {
  readonly outbox: Pick<Outbox, 'list' | 'get'>
  readonly cases: Pick<Cases, 'hostOf' | 'lookedAtBy'>
  readonly router: Pick<Router, 'decide' | 'home' | 'municipality' | 'digitalServicesAct'>
  readonly replies: (tx: Transaction, noticeId: string) => Promise<readonly Reply[]>
  readonly standing: Pick<StandingHolds, 'now' | 'releasedAt' | 'theirNumber'>
  readonly settings: Config['takedown']
  readonly house: Config['house']
}

/** One notice with its case, as its letter is about to tell of it. */
export interface ToldNotice {
  readonly row: NoticeRow
  readonly entry: Case
  readonly line: NoticeLine
}

export type Gather = ReturnType<typeof createGather>

/** Collects what is known for a letter, as of this transaction, and nothing that its reader need not know. */
export function createGather(parts: GatherParts) {
  const { outbox, cases, router, replies, standing, settings, house } = parts

  return {
    urlForm,
    cameBack: async (tx: Transaction, row: NoticeRow): Promise<boolean> =>
      (await toldBefore(tx, row)) !== undefined,

    isUnlawfulThere,

    async facts(
      tx: Transaction,
      by: string,
      part: NoticePart,
      told: readonly [ToldNotice, ...ToldNotice[]],
    ): Promise<LetterFacts> {
      const [{ row, entry }] = told
      const { role, to } = { role: knownRole(row), to: row.sealed.to }
      const { circumstances } = entry
      const { language, composedAt, notifier } = part
      const nowMs = Date.parse(composedAt)
      const notices = await linesOf(tx, told)
      const cameBack = (await toldBefore(tx, row)) !== undefined
      const step = letterStep(row.clear.step, cameBack)
      const isAsked = ['first', 'came-back', 'reminder', 'escalation'].includes(step)
      const unlawfulThere = isUnlawfulThere(row, entry)
      const all = await outbox.list(tx, { caseId: entry.id, limit: Infinity })
      const police = all.find((one) => one.clear.role === 'police' && reached(one))
      const isConcern = role === 'social-services'
      const { childMunicipality: code } = circumstances
      return {
        role,
        matter: matterOf(to.nature, circumstances),
        step,
        rung: row.clear.step,
        language,
        timeZone: settings.timeZone,
        reference: referenceOf(row.id),
        composedAt,
        recipient: oneLine(to.name),
        organisation: notifier?.organisation ?? null,
        contact: notifier?.contact ?? null,
        telephone: notifier === null ? null : (house.telephone ?? null),
        dutyHours: notifier === null ? null : (house.dutyHours[language] ?? null),
        home: router.home.country,
        byForm: to.channel.kind === 'by-hand',
        urlForm: urlForm(row),
        attached: part.attached,
        pictures: picturesAmong(told.map(({ line }) => line.shown)),
        ownRequest: circumstances.ownRequest,
        childInDanger: circumstances.inDangerNow,
        unlawfulThere,
        laws: unlawfulThere && to.nature === 'illegal' ? part.laws : [],
        digitalServicesAct: to.nature === 'illegal' ? actIn(language) : null,
        trustedFlagger: role === 'platform' ? flagger(language) : null,
        actBy: isAsked && role !== 'police' ? later(nowMs, settings.reminderHours) : null,
        nextLookBy: isAsked ? await nextLookBy(tx, told, composedAt) : null,
        next: isAsked ? await nextOf(tx, by, row, entry, nowMs) : null,
        hold: part.hold,
        policeAgreedAt:
          role === 'site-owner'
            ? (row.clear.policeAgreedAt ?? (await standing.releasedAt(tx, entry)))
            : null,
        policeToldAt: isConcern ? (police?.clear.sentAt ?? null) : null,
        policeReference: isConcern ? wordOf(await standing.theirNumber(tx, entry)) : null,
        municipality: isConcern && code !== null ? router.municipality(code) : null,
        takenBack: step === 'correction' ? entry.takenBack : null,
        othersTold: step === 'correction' ? othersTold(all, row) : 0,
        answer: row.sealed.answer ?? null,
        table: role === 'regulator' ? await tableOf(tx, told, nowMs) : [],
        tip: null,
        objection: null,
        notices,
      }
    },
  }

  function urlForm({ sealed: { to } }: NoticeRow): UrlForm {
    const { channel, role } = to
    const chosen = channel.kind === 'mail' ? own(settings.urls, channel.address) : undefined
    const byRole = PLAIN.includes(role) ? 'plain' : role === 'upstream' ? 'portal' : 'defanged'
    return chosen ?? settings.urls[role] ?? byRole
  }

  async function linesOf(
    tx: Transaction,
    told: readonly ToldNotice[],
  ): Promise<readonly LineFacts[]> {
    const lines: LineFacts[] = []
    for (const one of told) lines.push(await lineOf(tx, one))
    return lines
  }

  async function lineOf(tx: Transaction, { row, entry, line }: ToldNotice): Promise<LineFacts> {
    const { role, step } = row.clear
    const host = await cases.hostOf(tx, entry.id)
    const all = await outbox.list(tx, { caseId: entry.id, limit: Infinity })
    const before = (await toldBefore(tx, row)) ?? ownEarlier(all, row)
    const first = before === undefined ? null : await earlier(tx, before)
    const round = all.filter(({ clear }) => clear.round === row.clear.round)
    const asHost = round.filter(({ clear }) => HOSTS.includes(clear.role))
    const informed = HOSTS.includes(role) ? undefined : asHost.find(isFirstSent)
    const reminded = asHost.find(isReminder)
    const isPolice = role === 'police'
    const { childCountry, offenderCountry, profileId, profileName } = entry.circumstances
    const isAgain = first !== null && entry.lastSeenAt > first.sentAt
    const byLook = entry.lastLook?.outcome === 'present' && entry.lastLook.at === entry.lastSeenAt
    const isCounted = step === 'reminder' || (step === 'notice' && before !== undefined)
    return {
      ...line,
      reference: referenceOf(row.id),
      host: oneLine(line.host),
      lookedUpAt: host?.tracedAt ?? null,
      asn: host?.asn ?? null,
      network: host?.network ?? null,
      domain: domainOf(entry),
      profileId: wordOf(profileId),
      profileName: wordOf(profileName),
      mediaKnown: entry.subject.kind === 'item' || !entry.circumstances.account,
      samePictures: entry.matches[0]?.method === 'track',
      childAtHome: isPolice && childCountry === router.home.country,
      offenderAtHome: isPolice && offenderCountry === router.home.country,
      hostAtHome: isPolice && host?.country === router.home.country,
      hostTold: isPolice ? hostTold(asHost) : null,
      first,
      hostInformedAt: informed?.clear.sentAt ?? null,
      hostRemindedAt: HOSTS.includes(role) ? null : (reminded?.clear.sentAt ?? null),
      seenAgainAt: isCounted && isAgain ? entry.lastSeenAt : null,
      seenAgainHow: isCounted && isAgain ? (byLook ? 'look' : 'sighting') : null,
      goneSince: goneSince(row, entry, before !== undefined),
      holdNow: step === 'confirmation' ? await standing.now(tx, entry) : null,
    }
  }

  /** What this recipient was told in an earlier opening of the case, of a first notice alone. */
  async function toldBefore(tx: Transaction, row: NoticeRow): Promise<NoticeRow | undefined> {
    const { caseId, round, step } = row.clear
    if (step !== 'notice' || round === 0) return undefined
    const rows = await outbox.list(tx, { caseId, limit: Infinity })
    const told = rows.filter(
      (one) =>
        isFirstSent(one) && one.clear.round < round && one.sealed.to.key === row.sealed.to.key,
    )
    return told.at(-1)
  }

  async function earlier(tx: Transaction, row: NoticeRow): Promise<EarlierLetter | null> {
    const { channel, triedAt = null } = row.clear
    // Of a mail of unknown fate: when it was handed over.
    const sentAt = row.clear.sentAt ?? triedAt
    if (sentAt === null) return null
    const came = await replies(tx, row.id)
    return {
      reference: referenceOf(row.id),
      sentAt,
      channel,
      answers: came
        .filter(({ kind }) => !NO_ANSWERS.includes(kind))
        .map(({ at, kind, subject }) => ({ at, kind, subject: quoted(subject) })),
    }
  }

  function actIn(language: Language): string | null {
    const { digitalServicesAct: act } = router
    return isConfirmed(act) ? act[language] : null
  }

  function flagger(language: Language): LetterFacts['trustedFlagger'] {
    const { flaggerBy: by, flaggerSince: since, flaggerLink: link } = house
    const area = house.flaggerArea[language]
    const isWhole = by !== undefined && since !== undefined && link !== undefined
    return isWhole && area !== undefined ? { by, since, area, link } : null
  }

  /** Class National is a crime at home; of other laws nothing is said, so such letters are not mixed abroad. */
  function isUnlawfulThere({ sealed }: NoticeRow, { classification }: Case): boolean {
    return classification !== 'National' || sealed.to.jurisdiction === router.home.country
  }

  /** One time for all that the letter names; null where it cannot be said of one of them. */
  async function nextLookBy(
    tx: Transaction,
    told: readonly ToldNotice[],
    at: string,
  ): Promise<string | null> {
    const times = await Promise.all(told.map(({ entry }) => cases.lookedAtBy(tx, entry.id, at)))
    return times.reduce((a, b) => (a === null || b === null ? null : a > b ? a : b))
  }

  async function nextOf(
    tx: Transaction,
    by: string,
    row: NoticeRow,
    entry: Case,
    nowMs: number,
  ): Promise<LetterFacts['next']> {
    const { role, step, remindsOf } = row.clear
    if (!HOSTS.includes(role)) return null
    if (step === 'notice') return { step: 'reminder', at: later(nowMs, settings.reminderHours) }
    const host = await cases.hostOf(tx, entry.id)
    const first = remindsOf === null ? undefined : await outbox.get(tx, remindsOf)
    if (host === null || first === undefined || first.clear.sentAt === null) return null
    const { ladder, nature } = await router.decide(tx, by, entry, host)
    const matter = matterOf(nature, entry.circumstances)
    // The ladder passes whom no letter is written to, so nothing is said of them either.
    const rung = NEXT.find(
      ([one]) =>
        isWritten(one, matter, 'escalation') && ladder.some((recipient) => recipient.role === one),
    )
    if (rung === undefined) return null
    const [next, hours] = rung
    const atMs = Date.parse(first.clear.sentAt) + settings[hours] * HOUR_MS
    return { step: next, at: isoTime(Math.max(atMs, nowMs)) }
  }

  async function tableOf(
    tx: Transaction,
    told: readonly ToldNotice[],
    nowMs: number,
  ): Promise<readonly ProviderRow[]> {
    const byProvider = new Map<string, ProviderRow>()
    for (const { row, line, entry } of told) {
      const all = await outbox.list(tx, { caseId: entry.id, limit: Infinity })
      const asHost = all.filter(
        ({ clear }) => HOSTS.includes(clear.role) && clear.round === row.clear.round,
      )
      const sentAt = asHost.find(isFirstSent)?.clear.sentAt ?? null
      if (sentAt === null) continue
      const remindedAt = asHost.find(isReminder)?.clear.sentAt ?? null
      let answers = 0
      for (const { id } of asHost) {
        const came = await replies(tx, id)
        answers += came.filter(
          ({ kind }) => !NO_ANSWERS.includes(kind) && kind !== 'receipt',
        ).length
      }
      const known = byProvider.get(line.host)
      const hoursOpen = Math.floor((nowMs - Date.parse(sentAt)) / HOUR_MS)
      byProvider.set(line.host, {
        provider: oneLine(line.host),
        country: line.country,
        count: (known?.count ?? 0) + 1,
        firstToldAt: earliest(known?.firstToldAt, sentAt),
        lastRemindedAt: latest(known?.lastRemindedAt ?? null, remindedAt),
        answers: (known?.answers ?? 0) + answers,
        hoursOpen: Math.max(known?.hoursOpen ?? 0, hoursOpen),
      })
    }
    return [...byProvider.values()]
  }
}

/** What the same recipient was told before a reminder, a correction, a removal or an answer. */
function ownEarlier(all: readonly NoticeRow[], row: NoticeRow): NoticeRow | undefined {
  const { remindsOf } = row.clear
  const found = all.find(({ id }) => id === remindsOf)
  return found?.sealed.to.key === row.sealed.to.key ? found : undefined
}

/** Somebody was told by it: what came back was read by nobody. */
function reached({ clear: { sentAt, state } }: NoticeRow): boolean {
  return sentAt !== null && state !== 'bounced'
}

function isFirstSent(row: NoticeRow): boolean {
  return row.clear.step === 'notice' && reached(row)
}

function isReminder(row: NoticeRow): boolean {
  return row.clear.step === 'reminder' && reached(row)
}

function hostTold(asHost: readonly NoticeRow[]): HostTold | null {
  const row = asHost.find(({ clear }) => clear.step === 'notice' && clear.state !== 'withdrawn')
  if (row === undefined) return null
  const { state, sentAt, heldFor, heldUntil } = row.clear
  const name = oneLine(row.sealed.to.name)
  if (reached(row)) return { name, when: 'told', at: sentAt }
  if (state === 'held') {
    if (heldFor === 'police' && heldUntil !== null) return { name, when: 'waits', at: heldUntil }
    return { name, when: heldFor === 'forbidden' ? 'forbidden' : 'later', at: null }
  }
  // It goes again only once a person has seen to it.
  return { name, when: isUndelivered(row.clear) ? 'later' : 'now', at: null }
}

function othersTold(all: readonly NoticeRow[], row: NoticeRow): number {
  const keys = new Set(all.filter(reached).map(({ sealed }) => sealed.to.key))
  keys.delete(row.sealed.to.key)
  return keys.size
}

function goneSince({ clear }: NoticeRow, entry: Case, cameBack: boolean): string | null {
  if (clear.step === 'removed') return entry.removedAt
  return clear.step === 'notice' && cameBack ? entry.goneBefore : null
}

/** The domain as it is registered, else the whole name of the host. */
function domainOf({ rawUrl }: Case): string {
  const { hostname } = new URL(rawUrl)
  return registrableDomain(hostname) ?? hostname
}

function knownRole({ clear, sealed }: NoticeRow): LetterFacts['role'] {
  const role = LETTER_ROLES.find((one) => one === clear.role)
  if (role !== undefined) return role
  throw new HindraError('LETTER_UNKNOWN', { says: 'letter-none', role: sealed.to.role })
}

/** Names come from look-ups and strangers: no line of their own, nothing that cannot be printed. */
function oneLine(text: string): string {
  return text.replace(/[\p{C}\s]+/gu, ' ').trim()
}

function wordOf(text: string | null): string | null {
  return oneLine(text ?? '') || null
}

function quoted(subject: string): string | null {
  const text = oneLine(subject).replaceAll('"', "'").slice(0, SUBJECT_MAX)
  return text === '' ? null : text
}

function later(nowMs: number, hours: number): string {
  return isoTime(nowMs + hours * HOUR_MS)
}

function earliest(a: string | undefined, b: string): string {
  return a !== undefined && a < b ? a : b
}

function latest(a: string | null, b: string | null): string | null {
  if (a === null) return b
  return b === null || a > b ? a : b
}

/** Whether letters for a role always say who writes. */
export function isNamedAlways(role: string): boolean {
  return AUTHORITIES.includes(role)
}

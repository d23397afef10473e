import { type Case, type CaseHost, shownAt, type TakeBackReason } from '../cases/index.ts'
import type { Showing } from '../match/index.ts'
import type { LadderStep, Language, Nature } from './notice.ts'

/** One URL to act on. Times are UTC ISO 8601. No hash of any kind is ever among this. */
export interface NoticeLine {
  readonly noticeId: string
  readonly caseId: string
  readonly step: LadderStep
  /** The exact location of the media, as it was last seen. */
  readonly url: string
  /** The page that shows it. */
  readonly pageUrl: string | null
  /** The addresses of the server that the media came from; empty where it has none that is known. */
  readonly addresses: readonly string[]
  /** Who hosts it, as the notifier knows it, and in which country (ISO 3166-1 alpha-2). */
  readonly host: string
  readonly country: string | null
  readonly firstSeenAt: string
  readonly lastSeenAt: string
  /** The classification of INHOPE and INTERPOL: `Baseline` or `National`. */
  readonly classification: Case['classification']
  /** It shows material that was verified before, or was assessed by an analyst at this URL. */
  readonly basis: 'known-material' | 'assessment'
  /** What of the known material it shows, as it was last told; null of what was assessed. */
  readonly shown: Showing | null
  /** `comparison`: alone; `person`: who assessed it, or confirmed what a comparison had found. */
  readonly judgedBy: 'person' | 'comparison'
  /** The URL is an account that threatens or extorts; that there is media at it is not said by that. */
  readonly account: boolean
  /**
   * When the host is told of this URL unless the police say otherwise, UTC ISO 8601, for a letter to them; null where
   * it is told at once, or must not be.
   */
  readonly hostToldAt: string | null
  /** What all but a first notice comes back to. */
  readonly reminds: Reminded | null
  /** Why what was said does not stand, for a correction. */
  readonly correction: TakeBackReason | null
}

/** An earlier notice of the same case to the same recipient. */
export interface Reminded {
  readonly noticeId: string
  /** Null where it was told by hand. */
  readonly messageId: string | null
  readonly sentAt: string
}

/** Formats of RFC 5965 and xarf.org. */
export type MachinePart = 'ARF' | 'XARF'

/**
 * What a notice says, whatever form it is given: the text, ARF, XARF, and as it is the body of
 * notices by webhook. Schema `hindra-notice/1`: fields may be added under this name, none is
 * changed or taken away.
 */
export interface NoticePart {
  readonly schema: 'hindra-notice/1'
  readonly envelopeId: string
  readonly step: LadderStep
  /** What the recipient is to the case: `host`, `platform`, `police` ... */
  readonly role: string
  readonly nature: Nature
  readonly composedAt: string
  /** Null where nobody has confirmed what letters say of the Regulation, and of what is no crime. */
  readonly legalBasis: 'Regulation (EU) 2022/2065, Article 16' | null
  /** The language of the text, and of what is cited in it. */
  readonly language: Language
  /**
   * Why it is illegal: the law, each a phrase that can follow "contrary to". Those that somebody has
   * confirmed and no others; often none.
   */
  readonly laws: readonly string[]
  /** What for machines goes along with it, in the order of the mail: often nothing. */
  readonly attached: readonly MachinePart[]
  /** Null where Article 16(2)(c) lets it be left out and the operator wants that. */
  readonly notifier: { readonly organisation: string; readonly contact: string } | null
  /** Who is notified, as the notifier knows it. */
  readonly provider: string
  readonly notices: readonly NoticeLine[]
  /** What waits for the word of the police, for a letter to them; null where nothing does. */
  readonly hold: HoldFacts | null
}

/** What the police must know to say *wait until ...*, *done* or *forbid*. */
export interface HoldFacts {
  /** When the first of the hosts is told unless they say otherwise, UTC ISO 8601; null where none may be. */
  readonly hostToldAt: string | null
  /** Zone of the times in which they answer, of the IANA database. */
  readonly timeZone: string
  /**
   * Makes one reply count that no DKIM signature proves, once; `****-****-****` in every copy that is not the
   * mail itself. Null where the letter is no mail.
   */
  readonly replyWord: string | null
}

export function noticeLine(
  entry: Case,
  host: Pick<CaseHost, 'name' | 'country' | 'addresses'> | null,
  notice: { readonly id: string; readonly step: LadderStep },
  reminds: NoticeLine['reminds'],
  hostToldAt: NoticeLine['hostToldAt'] = null,
): NoticeLine {
  const isAssessed = entry.subject.kind === 'assessment'
  return {
    noticeId: notice.id,
    caseId: entry.id,
    step: notice.step,
    url: oneLine(entry.rawUrl),
    pageUrl: entry.pageUrl !== null && URL.canParse(entry.pageUrl) ? oneLine(entry.pageUrl) : null,
    addresses: host?.addresses ?? [],
    host: host?.name ?? '',
    country: host?.country ?? null,
    firstSeenAt: entry.openedAt,
    lastSeenAt: entry.lastSeenAt,
    classification: entry.classification,
    basis: isAssessed ? 'assessment' : 'known-material',
    shown: shownAt(entry),
    judgedBy: isAssessed || entry.decision === 'accepted' ? 'person' : 'comparison',
    account: entry.circumstances.account,
    hostToldAt,
    reminds,
    correction: notice.step === 'correction' ? entry.takenBack : null,
  }
}

/** A URL as the WHATWG parser writes it: ASCII without spaces, so that none can forge a line. */
function oneLine(url: string): string {
  return new URL(url).href
}

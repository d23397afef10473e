import type { Barrier } from '../cases/index.ts'
import { defined } from '../core/index.ts'
import { identifyMedia } from '../decode/index.ts'
import { HindraError } from '../errors.ts'
import { digests } from '../fingerprint/index.ts'
import { ASKED_DIGESTS } from '../hashes/index.ts'
import { type Fetched, faultOf, isHtmlPage } from '../intake/index.ts'
import {
  COPY,
  type Look,
  type MatchPolicy,
  type NearHarmless,
  type Sought as SoughtItem,
} from '../match/index.ts'
import { compareWithGrounds, type Grounds, isSameFile, SAME_BYTES } from './compare.ts'
import { type AccountNames, judgeAccount } from './account.ts'
import { type RecheckLook, found, unverifiable } from './recheck-look.ts'
import { type PageSign, signOf } from './page-signs.ts'

export interface JudgeParts {
  /** The finder's own look: what finds it and what looks for it again are one. */
  readonly look: Pick<Look, 'at'>
  /** Knows the pictures that are shown in the place of what was removed. */
  readonly nearHarmless: NearHarmless
  readonly policy: MatchPolicy
}

/** What is looked for. */
export interface SoughtMedia {
  readonly grounds: Grounds
  readonly items: readonly SoughtItem[]
  /** The URL as it is fetched. */
  readonly url: string
  /** What its page must name of an account that threatens; undefined for media. */
  readonly account: AccountNames | undefined
}

/** What a page says where what was there is gone. */
type GoneSign = 'removal-page' | 'parked'

function isGone(sign: PageSign | undefined): sign is GoneSign {
  return sign === 'removal-page' || sign === 'parked'
}

const SIGNS: Readonly<Record<Exclude<PageSign, GoneSign>, string>> = {
  login: 'a login stands before it',
  captcha: 'a CAPTCHA stands before it',
  'geo-block': 'it is not shown in the country that we come from',
  'legal-block': 'it is blocked by law where we come from',
  'block-page': 'a block page is shown to us',
}

/** RFC 9110, 15.5; RFC 6585, 4; RFC 7725. */
const BY_STATUS: ReadonlyMap<number, Barrier> = new Map([
  [401, 'login'],
  [403, 'forbidden'],
  [407, 'login'],
  [429, 'rate-limit'],
  [451, 'legal-block'],
])

/** The statuses that say that it is not there, and not merely kept from us (RFC 9110, 15.5.5 and 15.5.11). */
const GONE_STATUSES: readonly number[] = [404, 410]

/**
 * What an answer says of the media. Only what is plainly about it counts as `present` or `gone`:
 * a login, a block, a page where media was, or a file that cannot be read are `unverifiable`.
 */
export async function judgeAnswer(
  { status, bytes, finalUrl }: Pick<Fetched, 'status' | 'bytes' | 'finalUrl'>,
  sought: SoughtMedia,
  parts: JudgeParts,
): Promise<RecheckLook> {
  if (status < 200 || status >= 300) return judgeRefusal(status, bytes)
  if (isHtmlPage(bytes)) return judgePage(bytes, finalUrl, sought)
  return await judgeMedia(bytes, sought, parts)
}

/** What went wrong on the way, or with the file. */
export function findingOf(error: unknown): RecheckLook {
  if (!(error instanceof HindraError)) throw error
  const fault = faultOf(error)
  if (fault !== undefined) return unverifiable(fault, error.message)
  if (error.code === 'MEDIA_UNSUPPORTED')
    return unverifiable('no-media', 'no media where media was')
  return unverifiable('unreadable', `${error.code}: ${error.message}`)
}

function judgeRefusal(status: number, bytes: Uint8Array): RecheckLook {
  const sign = signOf(bytes)
  if (GONE_STATUSES.includes(status)) {
    // Some hosts say 404 to whoever they keep out; a login is in the frame of many a page.
    return sign === undefined || isGone(sign) || sign === 'login'
      ? found('gone', 'not-found', `HTTP ${status}`)
      : unverifiable(sign, `HTTP ${status}: ${SIGNS[sign]}`)
  }
  const byStatus = BY_STATUS.get(status) ?? (status >= 500 ? 'server-error' : 'status')
  if (sign === undefined || isGone(sign) || byStatus === 'legal-block') {
    return unverifiable(byStatus, `HTTP ${status}`)
  }
  return unverifiable(sign, `HTTP ${status}: ${SIGNS[sign]}`)
}

function judgePage(
  bytes: Uint8Array,
  finalUrl: string,
  { account, url }: SoughtMedia,
): RecheckLook {
  const sign = signOf(bytes)
  if (sign === 'removal-page') return found('gone', 'removal-page', 'a page says that it is gone')
  if (sign === 'parked') return found('gone', 'parked', 'the domain is for sale, or parked')
  if (sign !== undefined) return unverifiable(sign, SIGNS[sign])
  if (account !== undefined) return judgeAccount(bytes, account)
  // It may be gone; so may whoever has not seen the front page today be sent there first.
  return isFrontPage(finalUrl) && !isFrontPage(url)
    ? unverifiable('front-page', 'it leads to the front page of the site')
    : unverifiable('no-media', 'no media where media was')
}

function isFrontPage(url: string): boolean {
  return new URL(url).pathname === '/'
}

async function judgeMedia(
  bytes: Uint8Array,
  { grounds, items }: SoughtMedia,
  { look, nearHarmless, policy }: JudgeParts,
): Promise<RecheckLook> {
  const own = digests(bytes, ASKED_DIGESTS)
  const same = { ...SAME_BYTES, fetched: own.sha256 }
  if (grounds.known.some((known) => isSameFile(own, known))) return { ...same, shown: COPY }
  const before = grounds.shown.find((shown) => isSameFile(own, shown))
  if (before !== undefined) return { ...same, ...defined({ shown: before.as }) }
  identifyMedia(bytes)
  const seen = await look.at(bytes, items)
  const harmless = await nearHarmless(seen.fingerprint)
  return compareWithGrounds({ ...seen, harmless }, grounds, policy)
}

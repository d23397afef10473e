import type { Config } from '../config.ts'
import { defined, SECOND_MS } from '../core/index.ts'
import { type ErrorCode, HindraError } from '../errors.ts'
import type { Fingerprint, ShrunkFingerprint } from '../fingerprint/index.ts'
import type { Fetched, ReadPage, Sighting } from '../intake/index.ts'
import type { Versionstamp } from '../store/index.ts'
import { byVerdict } from './evidence.ts'
import { LASTING_FAULTS } from './lasting-faults.ts'
import type { Judgement } from './match.ts'

/** What a look at one file came to. */
export interface Looked {
  /** Where it is: the sighting as it came, or media on the page that its URL turned out to be. */
  readonly sighting: Sighting
  /** Absent where only a client's hashes were there to look at. */
  readonly fingerprint: Fingerprint | ShrunkFingerprint | undefined
  readonly judgement: Judgement
  /** Hindra fetched the bytes itself, from the URL of the sighting, in this look; else somebody handed them in. */
  readonly isFetched?: true
  /** The bytes, where an item has the very same and features are kept; for memory alone. */
  readonly exactly?: Uint8Array
}

/** What there was to look at. */
export interface SeenPage {
  /** What was looked at: at least one, the strongest verdict first; several where the URL was that of a page. */
  readonly looked: readonly [Looked, ...Looked[]]
  /** How many media of the page could not be looked at. */
  readonly failed: number
}

/** What a look at a sighting came to. */
export interface Seen extends SeenPage {
  /** Up to where the index had followed when the look began: what was committed later may have been missed. */
  readonly since: Versionstamp
}

export type PageSettings = Pick<Config['fetch'], 'pageBytesMax' | 'pageMediaMax' | 'pageSeconds'>

/** What can be wrong with one file and says nothing of the next one. */
const FAULTS_OF_MEDIA: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  ...LASTING_FAULTS,
  'FETCH_FAILED',
  'TLS_FAILED',
  'DECODE_TIMEOUT',
  'WORKER_DIED',
])

/**
 * Looks at the media on a page one after another, each as a sighting of its own that has the page
 * as its referrer, and each once: a link that leads to a further page is not followed. Throws what
 * was wrong with the first where none could be looked at, MEDIA_UNSUPPORTED where there is none, and what
 * `readPage` throws.
 */
export async function lookAtPage(
  page: Pick<Fetched, 'bytes' | 'finalUrl'>,
  sighting: Sighting,
  settings: PageSettings,
  readPage: ReadPage,
  look: (sighting: Sighting, signal: AbortSignal) => Promise<Looked>,
): Promise<SeenPage> {
  const { pageBytesMax: bytesMax, pageMediaMax: mediaMax, pageSeconds } = settings
  const { finalUrl: pageUrl } = page
  const signal = AbortSignal.timeout(pageSeconds * SECOND_MS)
  const looked: Looked[] = []
  const failures: HindraError[] = []
  for (const { url } of await readPage(page.bytes, pageUrl, { mediaMax, bytesMax })) {
    try {
      looked.push(await look({ ...seenWith(sighting), url, pageUrl, referrer: pageUrl }, signal))
    } catch (error) {
      if (!(error instanceof HindraError && FAULTS_OF_MEDIA.has(error.code))) throw error
      failures.push(error)
    }
  }
  const [strongest, ...others] = looked.sort((a, b) => byVerdict(a.judgement, b.judgement))
  if (strongest !== undefined) return { looked: [strongest, ...others], failed: failures.length }
  throw failures[0] ?? new HindraError('MEDIA_UNSUPPORTED', 'a page that shows no media')
}

/** What holds for the page and for all that it shows; hashes and status were of its URL alone. */
function seenWith({ fetchedAt, vantage, reference }: Sighting): Omit<Sighting, 'url'> {
  return defined({
    fetchedAt,
    vantage,
    reference,
  })
}

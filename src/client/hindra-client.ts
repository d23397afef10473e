import { defined, NO_URL, systemRandom } from '../core/index.ts'
import type { TipReceipt } from '../assessing/index.ts'
import type { ScanAnswer, SightingAnswer } from '../sightings/index.ts'
import { HindraError } from '../errors.ts'
import type { Sighting, TipImportReport, TipInput } from '../intake/index.ts'
import { type AlertOptions, type DeliveredAlert, readAlerts } from './alerts.ts'
import type { Calls } from '../operations/index.ts'
import { createCalls } from './calls.ts'
import { type LineAnswer, type SubmitOptions, submitLines, type TaggedLine } from './submission.ts'
import { postMedia } from './post-media.ts'
import { createTransport } from './transport.ts'

/** Source and priority have defaults: `public`, and that of the source. */
export type NewTip = Omit<TipInput, 'source' | 'priority'> &
  Partial<Pick<TipInput, 'source' | 'priority'>>

/** What is looked at in a scan: as a sighting, and a file of one's own was seen at no URL. */
export type Scanned = Omit<Sighting, 'url'> & Partial<Pick<Sighting, 'url'>>

/** A topic of the operations that this client has a method for: it is both. */
type Alerts = ((options?: AlertOptions) => AsyncIterable<DeliveredAlert>) & Calls['alerts']

/**
 * All that a key may ask, by topic (`hindra.cases.show({ id })`), and what crawlers, consumers of alerts and
 * bringers of tips do besides. Throws `HindraError`.
 */
export interface HindraClient extends Omit<Calls, 'alerts'> {
  /**
   * Submits sightings as they come and yields, in their order, what came of each. A broken connection
   * is mended; see `SubmitOptions` for what waits meanwhile.
   */
  submit<Seen extends Sighting>(
    sightings: AsyncIterable<Seen> | Iterable<Seen>,
    options?: SubmitOptions,
  ): AsyncIterable<{ readonly sighting: Seen; readonly answer: LineAnswer }>
  /**
   * One sighting with its media, which travels as bytes: a third less than in a line, and up to the
   * server's `decode.bytesMax`. It is not sent again by itself.
   */
  submitMedia(sighting: Omit<Sighting, 'media'>, media: Uint8Array): Promise<SightingAnswer>
  /** Tells, in their order, what of these is known. No case is opened, and what is not known leaves no trace. */
  scan<Seen extends Scanned>(
    media: AsyncIterable<Seen> | Iterable<Seen>,
    options?: SubmitOptions,
  ): AsyncIterable<{ readonly scanned: Seen; readonly answer: LineAnswer<ScanAnswer> }>
  readonly alerts: Alerts
  tip(tip: NewTip): Promise<TipReceipt>
  close(): Promise<void>
}

/**
 * @example
 * const hindra = createHindraClient({ url: 'https://hindra.example', key: process.env.HINDRA_KEY })
 * for await (const { sighting, answer } of hindra.submit(seen)) console.log(sighting.url, answer)
 */
export function createHindraClient({
  url,
  key,
}: {
  /** Origin of the server. */
  readonly url: string
  /** `hk_...` */
  readonly key: string
}): HindraClient {
  const transport = createTransport({ origin: url, key })
  const calls = createCalls(transport)
  const follow = (options: AlertOptions = {}) => readAlerts(transport, options, systemRandom)
  return {
    ...calls,
    async *submit(sightings, options = {}) {
      for await (const { tag, answer } of submitLines(
        transport,
        linesOf(sightings),
        options,
        systemRandom,
      )) {
        yield { sighting: tag, answer }
      }
    },
    async *scan<Seen extends Scanned>(
      media: AsyncIterable<Seen> | Iterable<Seen>,
      options: SubmitOptions = {},
    ) {
      const scans = { ...options, path: '/v1/scans' }
      const lines = linesOf(media)
      const answers = submitLines<Seen, ScanAnswer>(transport, lines, scans, systemRandom)
      for await (const { tag, answer } of answers) yield { scanned: tag, answer }
    },
    submitMedia: (sighting, media) => postMedia(transport, sighting, media),
    alerts: Object.assign(follow, calls.alerts),
    tip: async (tip) => receiptOf(await calls.tips.submit({ ...tip })),
    close: () => transport.close(),
  }
}

/** A tip of its own has a receipt, where a list of them has a report. */
export function receiptOf(answer: TipReceipt | TipImportReport): TipReceipt {
  if ('id' in answer) return answer
  throw new HindraError('INTERNAL', 'a tip was answered as a list is')
}

async function* linesOf<Seen extends Scanned>(
  sightings: AsyncIterable<Seen> | Iterable<Seen>,
): AsyncGenerator<TaggedLine<Seen>> {
  for await (const sighting of sightings) {
    const { media: seen, ...said } = sighting
    // A copy: whoever reads one file after the other into the same memory does not wait for answers.
    const media = seen && new Uint8Array(seen)
    yield { tag: sighting, text: JSON.stringify({ url: NO_URL, ...said }), ...defined({ media }) }
  }
}

import { PassThrough } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { Principal } from '../access/index.ts'
import {
  defined,
  LineSplitter,
  MEDIA_LINES,
  type MediaLine,
  MediaLineSplitter,
  SECOND_MS,
  type Semaphore,
  type Splitter,
} from '../core/index.ts'
import { HindraError, toHindraError } from '../errors.ts'
import { parseSightingLine, type Sighting, withMedia } from '../intake/index.ts'
import type { AppOptions } from './app-options.ts'
import { stillAdmitted } from './authenticate.ts'
import { answerFeed, type StartedLine } from './feed.ts'
import { endWhenIdle } from './feed-idle.ts'
import { publicDetail, stackFrames } from './problem.ts'
import { cutOffLater } from './refuse.ts'
import { remembered } from './remembered.ts'
import { untilStopped } from './request-body.ts'
import { checked, type FeedOperation, namedOperations } from '../operations/index.ts'

const NDJSON = 'application/x-ndjson'
/** What a feed may be made of, and how its lines are told apart. */
const SPLITTERS: Readonly<Record<string, new (lineBytesMax: number) => Splitter>> = {
  [NDJSON]: LineSplitter,
  [MEDIA_LINES]: MediaLineSplitter,
}
/**
 * A key that is revoked, or a right that is taken away, ends what its holder may do within this time, also in a feed
 * that is open for days. Asking for every line would cost a look into the store for each.
 */
const KEY_BELIEVED_MS = SECOND_MS

const feedQuery = z.strictObject({ ordered: z.enum(['true', 'false']).default('false') })

/** Routes whose body and answer are streams; no other route takes lines, and these nothing else. */
export function mountFeeds(app: FastifyInstance, options: AppOptions): void {
  void app.register((feeds, _options, registered) => {
    feeds.removeAllContentTypeParsers()
    for (const [type, Splitting] of Object.entries(SPLITTERS)) {
      feeds.addContentTypeParser(type, (_request, _payload, done) => {
        done(null, new Splitting(options.engine.config.server.lineBytesMax))
      })
    }
    for (const [, operation] of namedOperations()) {
      if (operation.kind === 'feed') mountFeed(feeds, operation, options)
    }
    registered()
  })
}

function mountFeed(feeds: FastifyInstance, operation: FeedOperation, options: AppOptions): void {
  const { lineBytesMax, linesInFlightMax, hashLinesInFlightMax, idleSeconds } =
    options.engine.config.server
  const { gates } = options

  const { needs: gatekeeping, rate } = operation
  const config = { gatekeeping, rate, streams: true as const }
  feeds.post<{ Body: Splitter | undefined }>(operation.path, { config }, (request, reply) => {
    const { ordered } = checked(feedQuery, request.query)
    const by = request.principal
    if (by === null) throw new Error('a guarded route was reached by nobody')
    const pace = operation.pace(options.parts, by)
    const leave = options.feeds.enter(by)
    const answers = new PassThrough()
    const body = untilStopped(request.raw, options.stopping)
    const feed = {
      // Of no type there is no body.
      splitter: request.body ?? new LineSplitter(lineBytesMax),
      answersWaitingMax: operation.isLight === undefined ? linesInFlightMax : hashLinesInFlightMax,
      ordered: ordered === 'true',
      longLines: gates.long,
      isCut: body.isCut,
    }
    const whose = remembered(
      () => stillAdmitted(options, request.headers.authorization, gatekeeping),
      KEY_BELIEVED_MS,
    )
    let working = 0

    /** A line that must wait its turn is work too: the feed is not idle. */
    const start = (line: MediaLine): Promise<StartedLine> | StartedLine => {
      working += 1
      const paced = options.limits.pace(by, pace)
      return paced === undefined ? begin(line) : paced.then(() => begin(line))
    }

    function begin(line: MediaLine): Promise<StartedLine> | StartedLine {
      const read = readLine(line, lineBytesMax)
      const isLight = !(read instanceof HindraError) && operation.isLight?.(read) === true
      const gate = isLight ? gates.searched : gates.looked
      const work = (): StartedLine => ({ answer: answered(line.line, read, gate) })
      return gate.enter()?.then(work) ?? work()
    }

    async function answered(line: number, read: Sighting | HindraError, gate: Semaphore) {
      let isInside = true
      const leave = (): void => {
        if (isInside) gate.leave()
        isInside = false
      }
      const answer = await answerLine(whose, operation, { line, read, worked: leave }, options)
      leave()
      working -= 1
      return answer
    }

    endWhenIdle(request, reply, idleSeconds * SECOND_MS, {
      untaken: () => answers.readableLength > 0,
      working: () => working > 0,
      end: body.stop,
    })
    // What a feed that was ended here goes on sending would hold the connection, and a server that stops, for long.
    reply.raw.once('finish', () => {
      cutOffLater(request)
    })
    answerFeed(body.bytes, answers, feed, start)
      .finally(leave)
      .then(
        () => answers.end(),
        // The client is gone: there is nobody to tell.
        () => answers.destroy(),
      )
    return reply.type(NDJSON).send(answers)
  })
}

interface ReadLine {
  readonly line: number
  readonly read: Sighting | HindraError
  readonly worked: () => void
}

/** `{line, ...answer}` or `{line, error}`; never rejects, so that the feed goes on. */
async function answerLine(
  whose: () => Promise<Principal>,
  operation: FeedOperation,
  { line, read, worked }: ReadLine,
  { parts, log, metrics }: AppOptions,
): Promise<object> {
  try {
    const by = await whose()
    if (read instanceof HindraError) throw read
    return { line, ...(await operation.run(parts, by, read, worked)) }
  } catch (cause) {
    const error = toHindraError(cause)
    metrics.error(error.code)
    if (error.code === 'INTERNAL') {
      log.error({ route: operation.path, line, code: error.code, at: stackFrames(error) })
    }
    const { code, field, retryAfterSeconds } = error
    const place = defined({ field })
    const later = defined({ retryAfterSeconds })
    return { line, error: { code, ...place, detail: publicDetail(error), ...later } }
  }
}

/** The sighting, or what is wrong with the line. */
function readLine(
  { line, bytes, media, fault }: MediaLine,
  lineBytesMax: number,
): Sighting | HindraError {
  if (fault !== undefined) {
    return new HindraError('INVALID_INPUT', `${fault}; nothing behind it is read`)
  }
  if (bytes === undefined) {
    return new HindraError(
      'TOO_LARGE',
      `the line is over server.lineBytesMax, ${lineBytesMax} bytes`,
    )
  }
  try {
    const sighting = parseSightingLine(bytes, line)
    return media === undefined ? sighting : withMedia(sighting, media)
  } catch (error) {
    return toHindraError(error)
  }
}

import { defined, type Random, SECOND_MS } from '../core/index.ts'
import type { SightingAnswer } from '../sightings/index.ts'
import { type ErrorCode, HindraError } from '../errors.ts'
import { createPatience, isOfKey, type PatienceOptions } from './patience.ts'
import type { SentLine, Transport } from './transport.ts'

interface RefusedLine {
  readonly error: {
    readonly code: ErrorCode
    readonly field?: string
    readonly detail: string
    readonly retryAfterSeconds?: number
  }
}

/** What came of one line: a verdict, or why there is none. */
export type LineAnswer<Answer extends object = SightingAnswer> = Answer | RefusedLine

/** A line that its sender recognises by `tag`. */
export interface TaggedLine<Tag> extends SentLine {
  readonly tag: Tag
}

export interface SubmitOptions extends PatienceOptions {
  /** `/v1/sightings` by default. */
  readonly path?: string
  /** Lines that may wait for their answers; 512 by default. */
  readonly linesWaitingMax?: number
  /** Bytes of their media and characters of their text, of which a single line may have more; 64 Mi by default. */
  readonly bytesWaitingMax?: number
  /** A request ends when no line came for so long; 2 s by default. */
  readonly idleMs?: number
}

const LINES_WAITING_MAX = 512
const BYTES_WAITING_MAX = 64 * 1024 * 1024
const IDLE_MS = 2 * SECOND_MS
const IDLE = Symbol('idle')

function sizeOf({ text, media }: SentLine): number {
  return text.length + (media?.length ?? 0)
}

/**
 * Submits lines and yields what came of each, in their order, however often the connection breaks:
 * what was not answered is sent again, so a line is submitted at least once, and the server opens no
 * second case for it. Holds no more than the lines that wait. After an abort no line is read any
 * more; those that were sent are answered, unless the connection breaks. Throws what does not pass
 * (UNAUTHENTICATED, FORBIDDEN ...) or has not passed in `giveUpAfterMs`.
 */
export async function* submitLines<Tag, Answer extends object = SightingAnswer>(
  transport: Pick<Transport, 'feed'>,
  source: AsyncIterable<TaggedLine<Tag>>,
  options: SubmitOptions,
  random: Random,
): AsyncGenerator<{ readonly tag: Tag; readonly answer: LineAnswer<Answer> }> {
  const { path = '/v1/sightings', signal, idleMs = IDLE_MS } = options
  const { linesWaitingMax = LINES_WAITING_MAX } = options
  const { bytesWaitingMax = BYTES_WAITING_MAX } = options
  const patience = createPatience(options, random)
  const lines = source[Symbol.asyncIterator]()
  /** Asked for and not there yet: kept when a request ends, lest a line be lost. */
  let asked: Promise<IteratorResult<TaggedLine<Tag>>> | undefined
  let failure: { readonly error: unknown } | undefined
  let requests = 0
  let unsent: TaggedLine<Tag>[] = []
  let sent: TaggedLine<Tag>[] = []
  let bytesSent = 0
  let answered = (): void => undefined

  const stopped = new Promise<typeof IDLE>((resolve) => {
    if (signal?.aborted === true) resolve(IDLE)
    signal?.addEventListener('abort', () => {
      resolve(IDLE)
    })
  })

  /**
   * The next line of the source; IDLE where none comes in time or none is wanted any more. A request
   * that is over may still wait here: it must not take the line of the next one.
   */
  async function nextLine(
    waitMs: number,
    isOver: () => boolean,
  ): Promise<TaggedLine<Tag> | typeof IDLE | undefined> {
    if (signal?.aborted === true) return IDLE
    asked ??= lines.next()
    let timer: NodeJS.Timeout | undefined
    const idle = new Promise<typeof IDLE>((resolve) => {
      if (waitMs < Infinity) timer = setTimeout(resolve, waitMs, IDLE)
    })
    try {
      const next = await Promise.race([asked, idle, stopped])
      if (next === IDLE || isOver()) return IDLE
      if (next.done === true) return undefined
      asked = undefined
      return next.value
    } catch (error) {
      failure = { error }
      return undefined
    } finally {
      clearTimeout(timer)
    }
  }

  async function* body(isOver: () => boolean): AsyncGenerator<SentLine> {
    for (;;) {
      while (sent.length >= linesWaitingMax || bytesSent >= bytesWaitingMax) {
        await new Promise<void>((resolve) => {
          answered = resolve
        })
      }
      if (isOver()) return
      const line = unsent.shift() ?? (await nextLine(idleMs, isOver))
      if (line === undefined || line === IDLE) return
      sent.push(line)
      bytesSent += sizeOf(line)
      yield line
    }
  }

  async function* answers(): AsyncGenerator<{ tag: Tag; answer: LineAnswer<Answer> }> {
    requests += 1
    const own = requests
    const lines = body(() => own !== requests)
    for await (const answer of transport.feed(path, lines)) {
      const result = resultOf(answer)
      if (result instanceof HindraError) throw result
      const line = sent.shift()
      if (line === undefined) throw new HindraError('UNREACHABLE', 'an answer to no line')
      bytesSent -= sizeOf(line)
      answered()
      patience.success()
      yield { tag: line.tag, answer: result }
    }
    if (sent.length > 0) throw new HindraError('UNREACHABLE', 'the server stopped in between')
  }

  /** An error that passes is no answer, and nor is one of the key: the line is sent again, by this one or another. */
  function resultOf(line: unknown): LineAnswer<Answer> | HindraError {
    const { line: number, ...result } = line as { readonly line?: number } & LineAnswer<Answer>
    if (number === undefined) return new HindraError('UNREACHABLE', 'what answers is no Hindra')
    const { error } = result as Partial<RefusedLine>
    if (error === undefined) return result as LineAnswer<Answer>
    const { code, detail, retryAfterSeconds } = error
    const later = defined({ retryAfterSeconds })
    const refusal = new HindraError(code, detail, later)
    return patience.outlasts(refusal) || isOfKey(code) ? refusal : (result as LineAnswer<Answer>)
  }

  try {
    for (;;) {
      if (unsent.length === 0) {
        const first = await nextLine(Infinity, () => false)
        if (failure !== undefined) throw failure.error
        if (first === undefined || first === IDLE) return
        unsent.push(first)
      }
      try {
        yield* answers()
      } catch (error) {
        await patience.afterFailure(error)
        if (signal?.aborted === true) return
      } finally {
        requests += 1
        unsent = [...sent, ...unsent]
        sent = []
        bytesSent = 0
        answered()
      }
    }
  } finally {
    // A source that waits for its next line ends when that comes, which may be never.
    const ended = lines.return?.()
    if (asked === undefined) await ended
    else ended?.catch(() => undefined)
  }
}

import { defined, HOUR_MS, SECOND_MS, withoutTrailing } from '../../core/index.ts'
import { HindraError } from '../../errors.ts'
import { asFetchError } from '../../intake/index.ts'
import { callOut, type Destinations } from '../../post/index.ts'

const RETRY_AFTER_MS_MAX = 24 * HOUR_MS

export interface CallOptions {
  readonly method?: 'GET' | 'POST' | 'PUT'
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
  /** The whole request is handed over. */
  readonly onSent?: () => void
}

/** A good answer, in pieces. */
export type SourceBody = AsyncIterable<Uint8Array>

/**
 * Asks an exchange for a path below the root of its API, or for a URL that it gave, which must lead
 * back to it, and hands the body of a good answer to `read`. Throws SOURCE_REFUSED (credentials),
 * SOURCE_FAILED (any other status; with `retryAfterSeconds` where the exchange names it),
 * SOURCE_MALFORMED, TOO_LARGE, FETCH_REFUSED, FETCH_FAILED, TLS_FAILED.
 */
export interface SourceCall {
  <Result>(
    path: string,
    read: (body: SourceBody) => Promise<Result>,
    options?: CallOptions,
  ): Promise<Result>
  /** A link that the exchange gave, before it is kept. Throws SOURCE_MALFORMED. */
  checkLink(link: string): void
}

/** What an exchange answered that refused: of use where a page's token has expired. */
export class RefusedPage extends HindraError {
  readonly answered: number

  constructor(status: number, retryAfterSeconds: number | undefined) {
    const isKey = status === 401 || status === 403
    super(
      isKey ? 'SOURCE_REFUSED' : 'SOURCE_FAILED',
      `the exchange answered with ${status}`,
      defined({ retryAfterSeconds }),
    )
    this.answered = status
  }
}

export interface CallSettings {
  readonly answerSeconds: number
  readonly answerBytesMax: number
  readonly userAgent: string
}

export function createCall(parts: {
  readonly destinations: Destinations
  readonly settings: CallSettings
  readonly root: string
  readonly headers: Readonly<Record<string, string>>
  readonly now: () => number
  readonly signal: AbortSignal
}): SourceCall {
  const { destinations, settings, root, headers, now, signal } = parts
  const ask = async <Result>(
    path: string,
    read: (body: SourceBody) => Promise<Result>,
    { method = 'GET', body, headers: more = {}, onSent }: CallOptions = {},
  ): Promise<Result> => {
    const timeout = AbortSignal.timeout(settings.answerSeconds * SECOND_MS)
    try {
      const target = targetOf(destinations.check(root), path)
      const answer = await callOut(target, await destinations.addresses(target), {
        method,
        headers: { ...headers, ...more, 'user-agent': settings.userAgent },
        ...defined({ body, onSent }),
        signal: AbortSignal.any([signal, timeout]),
      })
      const { status } = answer
      if (status < 200 || status >= 300) {
        answer.body.on('error', () => undefined).destroy()
        throw new RefusedPage(status, retryAfter(answer.headers['retry-after'], now()))
      }
      try {
        return await read(limited(answer.body, settings.answerBytesMax))
      } finally {
        answer.body.on('error', () => undefined).destroy()
      }
    } catch (error) {
      signal.throwIfAborted()
      if (!timeout.aborted) throw asFetchError(error)
      throw new HindraError('FETCH_FAILED', 'time-out: exchange.answerSeconds')
    }
  }
  return Object.assign(ask, {
    checkLink(link: string) {
      targetOf(new URL(root), link)
    },
  })
}

async function* limited(
  body: AsyncIterable<Uint8Array>,
  bytesMax: number,
): AsyncGenerator<Uint8Array> {
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > bytesMax) {
      throw new HindraError('TOO_LARGE', 'a page is over exchange.answerBytesMax')
    }
    yield chunk
  }
}

/** Links of an exchange are absolute, or begin at its API's root, or at its host's. */
function targetOf(root: URL, path: string): URL {
  const base = withoutTrailing(root.href, '/')
  const below = withoutTrailing(root.pathname, '/')
  const isWhole = URL.canParse(path)
  const isFromHost = below !== '' && path.startsWith(`${below}/`)
  const target = new URL(isWhole ? path : `${isFromHost ? root.origin : base}${path}`)
  if (target.origin === root.origin && target.username === '' && target.password === '') {
    return target
  }
  throw new HindraError('SOURCE_MALFORMED', 'a link of the exchange leads to somebody else')
}

/** RFC 9110, 10.2.3: seconds, or a date. */
function retryAfter(
  header: string | readonly string[] | undefined,
  nowMs: number,
): number | undefined {
  const text = [header ?? []].flat()[0]
  if (text === undefined) return undefined
  const waitMs = /^\d+$/.test(text) ? Number(text) * SECOND_MS : Date.parse(text) - nowMs
  if (!(waitMs >= 0)) return undefined
  return Math.min(waitMs, RETRY_AFTER_MS_MAX) / SECOND_MS
}

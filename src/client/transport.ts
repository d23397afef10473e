import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { json } from 'node:stream/consumers'
import { defined, MEDIA_LINES, own, splitLines } from '../core/index.ts'
import { ERRORS, HindraError, isErrorCode } from '../errors.ts'
import type { Problem } from '../http/index.ts'
import { parseEvents, type ServerSentEvent } from './event-stream.ts'
import { createSender, type Sent } from './sender.ts'

/** A caller of the API with one person's key. Every method throws what the server refuses with. */
export interface Transport {
  /** Of the house, as its server told with the last answer; UTC, as all times are written, before it did. */
  timeZone(): string
  get(path: string, query?: Query): Promise<unknown>
  /** A page of a list, and how many rows all pages have: `1304`, `10000+`; null where nobody counts. */
  list(path: string, query?: Query): Promise<ListPage>
  post(path: string, body?: object): Promise<unknown>
  /** multipart/form-data: text as it is, bytes as files. */
  postForm(path: string, parts: Readonly<Record<string, string | Uint8Array>>): Promise<unknown>
  /** Bytes as they come. Throws UNREACHABLE where the connection breaks. */
  download(path: string): AsyncIterable<Uint8Array>
  /**
   * Sends lines while it yields the answers, in their order. Throws UNREACHABLE where the connection
   * breaks; who stops reading breaks it.
   */
  feed(path: string, lines: AsyncIterable<SentLine>): AsyncIterable<unknown>
  /** Server-sent events as they come. Throws UNREACHABLE where the connection breaks. */
  events(path: string, options: EventOptions): AsyncIterable<ServerSentEvent>
  close(): Promise<void>
}

/** A line of a feed, and the media of which it tells: as bytes, for text of them costs both sides more than to read them. */
export interface SentLine {
  /** Without a newline. */
  readonly text: string
  /** Nobody writes to them until they are answered. */
  readonly media?: Uint8Array
}

/** Fields of a query; what is undefined is left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>

export interface ListPage {
  readonly rows: readonly unknown[]
  readonly total: string | null
}

export interface EventOptions {
  readonly query?: Query
  /** The event to go on behind. */
  readonly lastEventId?: string
  readonly signal?: AbortSignal
}

export interface TransportOptions {
  /** `http://host:port`; any name where `socket` is given. */
  readonly origin: string
  /** Unix socket to talk through instead. */
  readonly socket?: string
  readonly key: string | undefined
}

/** Longest line of an answer: evidence of a scan can be long, media never comes back. */
const ANSWER_LINE_BYTES_MAX = 16 * 1024 * 1024

export function createTransport({ origin, socket, key }: TransportOptions): Transport {
  const sender = createSender(origin, socket)
  let timeZone = 'UTC'
  const authorization = key === undefined ? {} : { authorization: `Bearer ${key}` }

  async function send(
    method: 'GET' | 'POST',
    path: string,
    content: Content | undefined,
    more: { headers?: Readonly<Record<string, string>>; signal?: AbortSignal } = {},
  ): Promise<IncomingMessage> {
    let response: IncomingMessage
    try {
      response = await sender.send({
        method,
        path,
        headers: {
          ...authorization,
          ...defined({ 'content-type': content?.type }),
          ...more.headers,
        },
        body: content?.body,
        ...defined({ signal: more.signal }),
      })
    } catch (cause) {
      throw cause instanceof HindraError ? cause : unreachable(cause)
    }
    timeZone = headerOf(response, 'time-zone') ?? timeZone
    if ((response.statusCode ?? 0) >= 400) throw await refusal(response)
    return response
  }

  async function call(...sent: Parameters<typeof send>): Promise<unknown> {
    return json(await send(...sent))
  }

  return {
    timeZone: () => timeZone,
    get: (path, query) => call('GET', withQuery(path, query), undefined),
    async list(path, query) {
      const response = await send('GET', withQuery(path, query), undefined)
      const rows = (await json(response)) as readonly unknown[]
      return { rows, total: headerOf(response, 'total-count') ?? null }
    },
    post: (path, body = {}) =>
      call('POST', path, { type: 'application/json', body: JSON.stringify(body) }),
    async postForm(path, parts) {
      return call('POST', path, await formOf(parts))
    },
    async *download(path) {
      const response = await send('GET', path, undefined)
      try {
        yield* response as AsyncIterable<Uint8Array>
      } catch (cause) {
        throw unreachable(cause)
      }
    },
    async *feed(path, lines) {
      const content = {
        type: MEDIA_LINES,
        body: Readable.from(bytesOf(lines), { objectMode: false }),
      }
      const response = await send('POST', `${path}?ordered=true`, content)
      try {
        for await (const { bytes } of splitLines(response, ANSWER_LINE_BYTES_MAX)) {
          if (bytes !== undefined) yield JSON.parse(Buffer.from(bytes).toString('utf8')) as unknown
        }
      } catch (cause) {
        throw unreachable(cause)
      }
    },
    async *events(path, { query, lastEventId, signal }) {
      const response = await send('GET', withQuery(path, query), undefined, {
        headers: {
          accept: 'text/event-stream',
          ...defined({ 'last-event-id': lastEventId }),
        },
        ...defined({ signal }),
      })
      try {
        yield* parseEvents(response)
      } catch (cause) {
        throw unreachable(cause)
      }
    },
    close() {
      sender.close()
      return Promise.resolve()
    },
  }
}

/** What is sent. */
interface Content {
  readonly type: string
  readonly body: Sent['body']
}

async function* bytesOf(lines: AsyncIterable<SentLine>): AsyncGenerator<string | Uint8Array> {
  for await (const { text, media } of lines) {
    yield `${media?.length ?? '-'} ${text}\n`
    // Of nothing a stream makes its end.
    if (media !== undefined && media.length > 0) yield media
  }
}

async function formOf(parts: Readonly<Record<string, string | Uint8Array>>): Promise<Content> {
  const form = new FormData()
  for (const [name, part] of Object.entries(parts)) {
    form.set(name, typeof part === 'string' ? part : new Blob([new Uint8Array(part)]))
  }
  // Written out by Node, with the boundary that its type names; whole, for a server keeps room for what tells its length.
  const written = new Response(form)
  const body = new Uint8Array(await written.arrayBuffer())
  return { type: written.headers.get('content-type') ?? '', body }
}

function withQuery(path: string, query: EventOptions['query'] = {}): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) search.set(name, String(value))
  }
  return search.size === 0 ? path : `${path}?${search.toString()}`
}

function headerOf({ headers }: IncomingMessage, name: string): string | undefined {
  const value = own(headers, name)
  return typeof value === 'string' ? value : undefined
}

async function refusal(response: IncomingMessage): Promise<HindraError> {
  const problem = (await json(response).catch(() => ({}))) as Partial<Problem>
  if (problem.code === undefined || !isErrorCode(problem.code)) {
    return new HindraError(
      'UNREACHABLE',
      `what answers with ${String(response.statusCode)} is no Hindra`,
    )
  }
  const { field, line } = problem
  const seconds = Number(response.headers['retry-after'])
  return new HindraError(problem.code, problem.detail ?? ERRORS[problem.code].meaning, {
    ...defined({ field, line }),
    ...(Number.isFinite(seconds) ? { retryAfterSeconds: seconds } : {}),
  })
}

function unreachable(cause: unknown): HindraError {
  const code = (cause as NodeJS.ErrnoException).code ?? 'the connection broke off'
  return new HindraError('UNREACHABLE', `the server cannot be talked to: ${code}`, { cause })
}

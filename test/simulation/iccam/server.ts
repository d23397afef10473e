import { createServer } from 'node:https'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { isoTime, SECOND_MS } from '../../../src/core/index.ts'
import { authority, server as certified } from './certificates.ts'
import {
  createHoldings,
  type HeldContent,
  type Holdings,
  isBody,
  type Queue,
  QUEUES,
  Refusal,
} from './holdings.ts'

/** What the fake does to the next call instead of answering it in order. */
export const TROUBLES = [
  'cut-before',
  'cut-after',
  'twice',
  'busy',
  'broken',
  'away',
  'away-after',
  'expired',
] as const
/**
 * `cut-before`, `cut-after`: the line is cut before or after the write has taken effect. `twice`: the answer comes
 * two times. `busy`: 429. `broken`: 500. `away`, `away-after`: 503, before or after the effect. `expired`: no token is good any more.
 */
export type Trouble = (typeof TROUBLES)[number]

/** A write of the hotline's program that took effect. */
export interface HeldWrite {
  readonly method: string
  readonly path: string
  readonly body: string
  /** The content or report that it wrote. */
  readonly id: number
}

const TOKEN_SECONDS = 600
const REFERENCE_LISTS = [
  'countries',
  'hotlines',
  'analysts',
  'age-categories',
  'gender-categories',
  'action-types',
  'payment-methods',
  'site-types',
  'commercialities',
  'classifications',
]

interface Answer {
  readonly status: number
  readonly body: unknown
}

/**
 * An ICCAM for tests: HTTPS on loopback that demands a client certificate and a bearer token. Other people work in
 * it through `holdings`; what the program of the hotline wrote is in `writes`.
 */
export async function startFakeIccam(
  options: {
    readonly now?: () => number
    readonly hotlines?: readonly string[]
    readonly users?: Readonly<
      Record<string, { readonly password: string; readonly country: string }>
    >
  } = {},
) {
  const {
    now = Date.now,
    hotlines = ['SE', 'NL', 'DE', 'FI'],
    users = { hindra: { password: 'correct', country: 'SE' } },
  } = options
  const holdings = createHoldings(now, hotlines)
  const tokens = new Map<string, { readonly user: string; readonly until: number }>()
  const writes: HeldWrite[] = []
  const troubles: Trouble[] = []
  const onWrites: Trouble[] = []
  const doubled: HeldWrite[] = []
  let calls = 0
  let refusing: string | undefined
  let issued = 0

  const server = createServer(
    { ...certified, ca: authority, requestCert: true, rejectUnauthorized: true },
    (request, response) => {
      void serve(request, response)
    },
  )
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    calls += 1
    const isWrite = request.method !== 'GET' && request.url !== '/Authentication'
    const trouble = troubles.shift() ?? (isWrite ? onWrites.shift() : undefined)
    const cut = () => request.socket.destroy()
    if (trouble === 'cut-before') return void cut()
    if (trouble === 'busy') {
      send(response, { status: 429, body: {} }, { 'retry-after': '2' })
      return
    }
    if (trouble === 'broken') {
      send(response, { status: 500, body: {} })
      return
    }
    if (trouble === 'away') {
      send(response, { status: 503, body: {} })
      return
    }
    if (trouble === 'expired') tokens.clear()
    const answer = answerTo(request, Buffer.concat(chunks).toString('utf8'))
    if (trouble === 'cut-after') return void cut()
    if (trouble === 'away-after') {
      send(response, { status: 503, body: {} })
      return
    }
    if (trouble === 'twice') {
      const text = JSON.stringify(answer.body ?? {})
      const head = `HTTP/1.1 ${answer.status} As before\r\ncontent-type: application/json\r\n`
      const whole = `${head}content-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`
      request.socket.end(whole + whole)
      return
    }
    send(response, answer)
  }

  function answerTo(request: IncomingMessage, body: string): Answer {
    const url = new URL(request.url ?? '/', 'https://localhost')
    const method = request.method ?? 'GET'
    const path = url.pathname.slice(1)
    const parsed = body === '' ? {} : (JSON.parse(body) as unknown)
    if (!isBody(parsed)) return { status: 400, body: { message: 'no object' } }
    if (path === 'Authentication' && method === 'POST') return authenticate(parsed)
    const user = userOf(request.headers.authorization)
    if (user === undefined) return { status: 401, body: { message: 'bearer token with expiry' } }
    const country = users[user]?.country ?? ''
    try {
      if (method === 'GET') return { status: 200, body: read(country, path, url.searchParams) }
      return { status: 200, body: write(country, { method, path, body }, parsed) }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return { status: error.status, body: { message: error.message } }
    }
  }

  function authenticate(body: Readonly<Record<string, unknown>>): Answer {
    const { username, password, refreshToken } = body
    const known = typeof username === 'string' && users[username]?.password === password
    const refreshed = typeof refreshToken === 'string' ? tokens.get(refreshToken)?.user : undefined
    const user = known ? username : refreshed
    if (user === undefined) return { status: 401, body: { message: 'unknown' } }
    issued += 1
    const until = now() + TOKEN_SECONDS * SECOND_MS
    const [token, refresh] = [`token-${issued}`, `refresh-${issued}`]
    tokens.set(token, { user, until })
    tokens.set(refresh, { user, until: until + TOKEN_SECONDS * SECOND_MS })
    return {
      status: 200,
      body: { accessToken: token, refreshToken: refresh, expires: isoTime(until) },
    }
  }

  function userOf(header: string | undefined): string | undefined {
    const found = tokens.get(header?.replace(/^Bearer /, '') ?? '')
    return found !== undefined && found.until > now() ? found.user : undefined
  }

  function read(country: string, path: string, query: URLSearchParams): unknown {
    const [, kind, name] = path.split('/')
    if (kind === 'Content' && isQueue(name)) {
      const maxResults = Number(query.get('maxResults'))
      const startDate = query.get('startDate') ?? ''
      return holdings.queue(country, name, { maxResults, startDate }).map(shown)
    }
    if (kind !== undefined && REFERENCE_LISTS.includes(kind)) return []
    throw new Refusal(400, 'no such list')
  }

  function write(
    country: string,
    call: { readonly method: string; readonly path: string; readonly body: string },
    body: Readonly<Record<string, unknown>>,
  ): unknown {
    const [root, kind = '', idText = '', ...rest] = call.path.split('/')
    const id = Number(idText)
    if (refusing !== undefined && call.path.endsWith(refusing)) {
      refusing = undefined
      throw new Refusal(400, 'as the test wants it')
    }
    const last = writes.findLast(({ path }) => path === call.path)
    const made = effect(country, `${call.method} ${[root, kind].join('/')}`, id, rest, body)
    const done = { ...call, id }
    writes.push(done)
    if (last?.body === call.body) doubled.push(done)
    return made
  }

  function effect(
    country: string,
    on: string,
    id: number,
    rest: readonly string[],
    body: Readonly<Record<string, unknown>>,
  ): unknown {
    switch ([on, ...rest].join(' ')) {
      case 'POST rest/reports':
        return holdings.report(country, body)
      case 'PUT rest/Content assessment': {
        holdings.assess(country, id, body)
        return
      }
      case 'PUT rest/Content url hosting': {
        holdings.hosting(country, id, body)
        return
      }
      case 'PUT rest/Content assigned-country': {
        holdings.assignedCountry(country, id, body)
        return
      }
      case 'PUT rest/Content hotline-reference': {
        holdings.reference(country, id, body)
        return
      }
      case 'POST rest/Content actions': {
        holdings.act(country, id, body)
        return
      }
      case 'PUT rest/Reports source-url commerciality':
      case 'PUT rest/Reports source-url site-type':
      case 'PUT rest/Reports source-url payment-methods': {
        holdings.sourceField(country, id)
        return
      }
      default:
        throw new Refusal(400, 'no such write')
    }
  }

  return {
    url: `https://localhost:${port}/`,
    holdings: holdings satisfies Holdings,
    /** What it was told by the program, in order, as far as it took it. */
    writes: (): readonly HeldWrite[] => writes,
    /** Writes that took effect although the same had taken effect last: sent twice. */
    doubled: (): readonly HeldWrite[] => doubled,
    calls: () => calls,
    /** Does these to the next calls, one each. */
    trouble(...next: readonly Trouble[]): void {
      troubles.push(...next)
    },
    /** Does these to the next writes, one each. */
    troubleWrites(...next: readonly Trouble[]): void {
      onWrites.push(...next)
    },
    /** Refuses the next write below a path that ends so. */
    refuse(ending: string): void {
      refusing = ending
    },
    /** Forgets troubles that are still to come. */
    calm(): void {
      troubles.length = 0
      onWrites.length = 0
    },
    async close(): Promise<void> {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export type FakeIccam = Awaited<ReturnType<typeof startFakeIccam>>

/** A content as a queue shows it: the fields of a report's URLs, with ids, and the last assessment. */
function shown({ id, assessments, ...content }: HeldContent): object {
  return { ...content, contentId: id, assessment: assessments.at(-1) ?? null }
}

function isQueue(name: string | undefined): name is Queue {
  return QUEUES.some((queue) => queue === name)
}

function send(
  response: ServerResponse,
  { status, body }: Answer,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(body ?? {}))
}

import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export const AWS_KEY = {
  id: 'AKIDEXAMPLE00000',
  secret: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
}
const REGION = 'eu-west-2'

/** `commit-and-drop`: takes the report and hangs up. */
type AwsBehaviour =
  | 'take'
  | 'commit-and-drop'
  | { readonly status: number; readonly type?: string; readonly headers?: Record<string, string> }

export interface AwsReport {
  readonly id: string
  readonly body: {
    readonly clientToken: string
    readonly correlationId: string
    readonly tags?: Record<string, string>
    readonly report: Record<string, unknown>
  }
}

/** AWS Abuse Signal as it is assumed to be, on loopback. Every call is refused whose signature is wrong. */
export interface AwsServer {
  readonly url: string
  /** One a token, in the order in which they came. */
  readonly reports: readonly AwsReport[]
  /** Calls by method and path, whatever came of them. */
  readonly calls: readonly string[]
  behave(behaviour: AwsBehaviour): void
  /** What a report says from now on when it is asked of. */
  say(answer: unknown): void
  close(): Promise<void>
}

export async function startAws(nowMs?: () => number): Promise<AwsServer> {
  const byToken = new Map<string, AwsReport>()
  const calls: string[] = []
  let behaviour: AwsBehaviour = 'take'
  let said: unknown = { status: 'QUEUED' }

  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { method = '', url = '' } = request
      calls.push(`${method} ${url}`)
      const answer = (status: number, what: unknown, headers = {}) =>
        response.writeHead(status, headers).end(JSON.stringify(what))
      if (!isSigned(request, body, nowMs)) {
        answer(403, { __type: 'InvalidSignatureException' })
        return
      }
      if (method === 'GET') {
        const isKnown = [...byToken.values()].some(({ id }) => url === `/v1/abuse/${id}`)
        answer(isKnown ? 200 : 404, isKnown ? said : {})
        return
      }
      if (typeof behaviour === 'object') {
        answer(behaviour.status, { __type: behaviour.type }, behaviour.headers)
        return
      }
      const parsed = JSON.parse(body) as AwsReport['body']
      const before = byToken.get(parsed.clientToken)
      const report = before ?? { id: `abuse-${byToken.size + 1}`, body: parsed }
      byToken.set(parsed.clientToken, report)
      if (behaviour === 'take') answer(202, { reportId: report.id, status: 'QUEUED' })
      else request.socket.destroy()
    })
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get reports() {
      return [...byToken.values()]
    },
    calls,
    behave(next) {
      behaviour = next
    },
    say(answer) {
      said = answer
    },
    close: () =>
      new Promise((done) => {
        server.close(() => {
          done()
        })
        server.closeAllConnections()
      }),
  }
}

/** Signature Version 4, computed here from what AWS documents of it. */
function isSigned(
  { method = '', url = '', headers }: IncomingMessage,
  body: string,
  nowMs?: () => number,
) {
  const form =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/
  const [, id, day = '', region = '', service, names = '', signature = ''] =
    form.exec(headers.authorization ?? '') ?? []
  const at = String(headers['x-amz-date'])
  const signed = names.split(';')
  const needed = ['host', 'x-amz-date'].every((name) => signed.includes(name))
  if (id !== AWS_KEY.id || region !== REGION || service !== 'abuse' || !needed) return false
  if (!at.startsWith(day) || (nowMs !== undefined && at !== amzDate(nowMs()))) return false
  const canonical = [
    method,
    url,
    '',
    ...signed.map((name) => `${name}:${String(headers[name]).trim()}`),
    '',
    names,
    sha256(body),
  ].join('\n')
  const scope = `${day}/${region}/${service}/aws4_request`
  const toSign = ['AWS4-HMAC-SHA256', at, scope, sha256(canonical)].join('\n')
  const key = [day, region, service, 'aws4_request'].reduce<Buffer>(
    (before, part) => createHmac('sha256', before).update(part).digest(),
    Buffer.from(`AWS4${AWS_KEY.secret}`),
  )
  const expected = createHmac('sha256', key).update(toSign).digest()
  return timingSafeEqual(expected, Buffer.from(signature, 'hex'))
}

function amzDate(ms: number): string {
  return new Date(ms).toISOString().replace(/[-:]|\.\d{3}/g, '')
}

function sha256(of: string): string {
  return createHash('sha256').update(of).digest('hex')
}

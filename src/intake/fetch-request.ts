import type { Socket } from 'node:net'
import { Client } from 'undici'
import type { Config } from '../config.ts'
import { SECOND_MS } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { AddressPolicy } from './addresses.ts'
import { orAborted, within } from './deadline.ts'
import { decodeBody, readBody } from './fetch-body.ts'
import { pinnedConnector } from './fetch-connect.ts'
import type { Fetched } from './types.ts'

const REDIRECTS = new Set([301, 302, 303, 307, 308])

export interface RequestOptions {
  readonly settings: Config['fetch']
  readonly policy: AddressPolicy
  /** Addresses of the URL's host, all of them judged. */
  readonly addresses: () => Promise<readonly string[]>
  readonly referrer: string | undefined
  readonly abort: AbortController
}

/** Where one request led: an answer, or on to another URL. */
type Hop = { readonly fetched: Fetched } | { readonly location: string }

/**
 * One GET over one connection, which is closed afterwards: nothing carries over from site to site.
 * Sends no cookies and asks for no compression. Throws FETCH_REFUSED, FETCH_FAILED, TOO_LARGE.
 */
export async function requestOnce(url: URL, options: RequestOptions): Promise<Hop> {
  const { settings, policy, abort } = options
  const { firstByteSeconds, bytesMax } = settings
  let socket: Socket | undefined
  let client: Client | undefined
  try {
    const answer = await within(abort, firstByteSeconds, 'to the first byte', async () => {
      const connect = pinnedConnector({
        addresses: await orAborted(options.addresses(), abort.signal),
        policy,
        timeoutMs: firstByteSeconds * SECOND_MS,
        onConnected: (connected) => {
          socket = connected
        },
      })
      client = new Client(url.origin, { connect, headersTimeout: 0, bodyTimeout: 0 })
      return client.request({
        method: 'GET',
        path: url.pathname + url.search,
        headers: headersFor(url, options.referrer, settings.userAgent),
        signal: abort.signal,
      })
    })
    const header = (name: string) => [answer.headers[name] ?? ''].flat()[0] ?? ''
    const location = header('location')
    if (REDIRECTS.has(answer.statusCode) && location !== '') {
      answer.body.on('error', () => undefined).destroy()
      return { location }
    }
    const address = socket?.remoteAddress ?? ''
    const declared = header('content-length')
    const wire = await readBody(answer.body, Number(declared), bytesMax)
    // undici takes a reset for the end of a body of no declared length; such a body is cut off.
    const broken = socket?.errored as NodeJS.ErrnoException | null | undefined
    if (broken?.code === 'ECONNRESET' && declared === '') throw broken
    const bytes = await decodeBody(wire, header('content-encoding'), bytesMax)
    const contentType = header('content-type')
    return {
      fetched: { bytes, status: answer.statusCode, contentType, finalUrl: url.href, address },
    }
  } catch (error) {
    throw asFetchError(abort.signal.aborted ? abort.signal.reason : error)
  } finally {
    await client?.destroy()
  }
}

function headersFor(
  url: URL,
  referrer: string | undefined,
  userAgent: string,
): Record<string, string> {
  // As browsers do: what was seen over TLS is not told to a site without it.
  const told =
    referrer !== undefined && (url.protocol === 'https:' || !referrer.startsWith('https:'))
  return {
    'user-agent': userAgent,
    accept: '*/*',
    'accept-encoding': 'identity',
    ...(told ? { referer: referrer } : {}),
  }
}

/** Says which step failed, by the code alone: messages of the network hold names and addresses. */
function asFetchError(error: unknown): HindraError {
  if (error instanceof HindraError) return error
  const code = (error as NodeJS.ErrnoException).code ?? 'no code'
  const tls = /CERT|TLS|SSL|SIGNATURE|VERIFY|ISSUER/.test(code)
  const http = /^HPE_|^UND_ERR_(RES|HEADERS|RESPONSE)/.test(code)
  const step = tls ? 'TLS' : http ? 'HTTP' : 'connection'
  return new HindraError('FETCH_FAILED', `${step} failed (${code})`)
}

import type { Socket } from 'node:net'
import { Client } from 'undici'
import type { Config } from '../config.ts'
import { SECOND_MS, own } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { AddressPolicy } from './addresses.ts'
import { orAborted, within } from './deadline.ts'
import { decodeBody, readBody } from './fetch-body.ts'
import { type ConnectOptions, pinnedConnector, tunnelConnector } from './fetch-connect.ts'
import { asFetchError } from './fetch-errors.ts'
import { type WireMeter, watchWire } from './fetch-watch.ts'
import type { Fetched } from './fetched.ts'

const REDIRECTS = new Set([301, 302, 303, 307, 308])
const HEADER_BYTES_MAX = 64 * 1024
/** 102 and 103 come once or twice, where they come at all. */
const INTERIM_ANSWERS_MAX = 8

export interface RequestOptions {
  readonly settings: Config['fetch']
  readonly policy: AddressPolicy
  readonly authorities: readonly string[] | undefined
  /** Addresses of the URL's host, all of them judged. */
  readonly addresses: () => Promise<readonly string[]>
  readonly port: number
  readonly proxy: URL | undefined
  readonly referrer: string | undefined
  readonly abort: AbortController
}

/** Where one request led: an answer, or on to another URL. */
type Hop = { readonly fetched: Fetched } | { readonly location: string }

/**
 * One GET over one connection, which is closed afterwards: nothing carries over from site to site.
 * Sends no cookies and asks for no compression. Throws FETCH_REFUSED, FETCH_FAILED, TLS_FAILED,
 * TOO_LARGE.
 */
export async function requestOnce(url: URL, options: RequestOptions): Promise<Hop> {
  const { settings, abort, proxy } = options
  const { firstByteSeconds, bytesMax } = settings
  let connection: { socket: Socket; address: string; watch: WireMeter } | undefined
  let client: Client | undefined
  try {
    const answer = await within(abort, firstByteSeconds, 'to the first byte', async () => {
      const connectOptions: ConnectOptions = {
        ...options,
        addresses: await orAborted(options.addresses(), abort.signal),
        timeoutMs: firstByteSeconds * SECOND_MS,
        signal: abort.signal,
        onConnected: (socket, address) => {
          connection = { socket, address, watch: watchWire(socket, settings, abort) }
        },
      }
      client = new Client(url.origin, {
        connect:
          proxy === undefined
            ? pinnedConnector(connectOptions)
            : tunnelConnector(proxy, connectOptions),
        maxHeaderSize: HEADER_BYTES_MAX,
        headersTimeout: 0,
        bodyTimeout: 0,
      })
      return client.request({
        method: 'GET',
        path: url.pathname + url.search,
        headers: headersFor(url, options.referrer, settings.userAgent),
        signal: abort.signal,
        onInfo: interimAnswers(abort),
      })
    })
    const header = (name: string) => [own(answer.headers, name) ?? []].flat()
    const [location = ''] = header('location')
    if (REDIRECTS.has(answer.statusCode) && location !== '') {
      answer.body.on('error', () => undefined).destroy()
      return { location }
    }
    connection?.watch.bodyBegins()
    const [declared = ''] = header('content-length')
    const wire = await readBody(answer.body, Number(declared), bytesMax)
    // undici takes a reset for the end of a body of no declared length; such a body is cut off.
    const broken = connection?.socket.errored as NodeJS.ErrnoException | null | undefined
    if (broken?.code === 'ECONNRESET' && declared === '') throw broken
    const bytes = await decodeBody(wire, header('content-encoding').join(), bytesMax)
    const [contentType = ''] = header('content-type')
    return {
      fetched: {
        bytes,
        status: answer.statusCode,
        contentType,
        finalUrl: url.href,
        address: connection?.address ?? '',
      },
    }
  } catch (error) {
    throw asFetchError(abort.signal.aborted ? abort.signal.reason : error)
  } finally {
    connection?.watch.stop()
    await client?.destroy()
  }
}

/** Every interim answer may have a whole header of its own, and there is no limit to them. */
function interimAnswers(abort: AbortController): () => void {
  let count = 0
  return () => {
    count += 1
    if (count <= INTERIM_ANSWERS_MAX) return
    abort.abort(new HindraError('FETCH_FAILED', 'the server sent interim answers without end'))
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

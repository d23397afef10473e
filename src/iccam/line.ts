import { createSecureContext, type SecureContext } from 'node:tls'
import type { Config } from '../config.ts'
import { type Clock, defined, MINUTE_MS, readSettingsFile, SECOND_MS } from '../core/index.ts'
import type { PolicyFiles } from '../policy/index.ts'
import { HindraError, toHindraError } from '../errors.ts'
import type { Resolver } from '../intake/index.ts'
import { callOut, createDestinations } from '../post/index.ts'
import { reader, text } from './content.ts'
import { type IccamNames, readIccamNames } from './names.ts'

const SAID_CHARS_MAX = 500

/** What ICCAM answered, or that nobody knows: of what was handed over, the other side may have taken it. */
export type IccamAnswer =
  | { readonly came: 'taken'; readonly body: unknown }
  | { readonly came: 'refused'; readonly why: string }
  | { readonly came: 'later'; readonly why: string; readonly retryAfterSeconds?: number }

export interface IccamLine {
  /** Never rejects but where `signal` is aborted. */
  ask(
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    body: object | undefined,
    signal: AbortSignal,
  ): Promise<IccamAnswer>
}

interface Token {
  readonly access: string
  readonly refresh: string | null
  readonly untilMs: number
}

/** Renewed so long before it ends, for clocks differ. */
const RENEWED_BEFORE_MS = MINUTE_MS

/**
 * One line to ICCAM: a client certificate, then a token, which is renewed when it ends or is refused. One call a
 * connection; redirects are not followed. Undefined where none is set up. Throws INVALID_CONFIG where a file of the
 * settings cannot be read.
 */
function openIccamLine(
  { iccam: settings, fetch: { userAgent } }: Pick<Config, 'iccam' | 'fetch'>,
  names: IccamNames,
  { resolver, clock }: { readonly resolver: Resolver; readonly clock: Clock },
): IccamLine | undefined {
  if (settings.url === undefined) return undefined
  const destinations = createDestinations(
    { allowNetworks: settings.allowNetworks, allowHttpLoopback: false },
    resolver,
    'iccam',
  )
  const root = settings.url.endsWith('/') ? settings.url : `${settings.url}/`
  const secureContext = contextOf(settings)
  const password = settings.password ?? fileOf('passwordFile', settings.passwordFile)?.trim()
  let token: Token | undefined

  async function call(
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    { body, access, signal }: { body: object | undefined; access?: string; signal: AbortSignal },
  ): Promise<{ status: number; body: unknown; retryAfterSeconds?: number }> {
    const timeout = AbortSignal.timeout(settings.answerSeconds * SECOND_MS)
    const target = new URL(path, destinations.check(root))
    const content = body === undefined ? undefined : JSON.stringify(body)
    const answer = await callOut(target, await destinations.addresses(target), {
      method,
      secureContext,
      headers: {
        accept: 'application/json',
        'user-agent': userAgent,
        ...(access === undefined ? {} : { authorization: `Bearer ${access}` }),
        ...(content === undefined
          ? {}
          : {
              'content-type': 'application/json',
              'content-length': String(Buffer.byteLength(content)),
            }),
      },
      ...defined({ body: content }),
      signal: AbortSignal.any([signal, timeout]),
    })
    const after = Number(answer.headers['retry-after'])
    return {
      status: answer.status,
      body: await jsonOf(answer.body, settings.answerBytesMax),
      ...(after > 0 ? { retryAfterSeconds: after } : {}),
    }
  }

  /** By the token that renews the last one, where there is one and it is still good; else by the password. */
  async function signIn(signal: AbortSignal): Promise<Token> {
    const { login } = names.assumed
    const refresh = token?.refresh ?? null
    token = undefined
    if (refresh !== null) {
      const renewed = await call('POST', names.paths.authentication, {
        body: { [login.refresh]: refresh },
        signal,
      })
      if (renewed.status === 200) return tokenIn(renewed.body)
    }
    const body = { [login.user]: settings.user, [login.password]: password }
    const answer = await call('POST', names.paths.authentication, { body, signal })
    if (answer.status === 200) return tokenIn(answer.body)
    const code = names.refused.includes(answer.status) ? 'SOURCE_REFUSED' : 'SOURCE_FAILED'
    throw new HindraError(code, `ICCAM answered the sign-in with ${answer.status}`)
  }

  /** Throws SOURCE_MALFORMED. */
  function tokenIn(body: unknown): Token {
    const { token: named } = names.assumed
    const field = reader(body)
    const access = text(field(named.access))
    const untilMs = Date.parse(text(field(named.until)) ?? '')
    if (access === null) throw new HindraError('SOURCE_MALFORMED', 'ICCAM gave no token')
    return {
      access,
      refresh: text(field(named.refresh)),
      untilMs: Number.isNaN(untilMs) ? clock.now() + 2 * RENEWED_BEFORE_MS : untilMs,
    }
  }

  async function accessNow(signal: AbortSignal): Promise<string> {
    if (token === undefined || token.untilMs - RENEWED_BEFORE_MS <= clock.now()) {
      token = await signIn(signal)
    }
    return token.access
  }

  return {
    async ask(method, path, body, signal) {
      try {
        let answer = await call(method, path, { body, access: await accessNow(signal), signal })
        // A token that ended early: the call was not looked at, so it may come again.
        if (answer.status === 401) {
          token = token && { ...token, untilMs: 0 }
          answer = await call(method, path, { body, access: await accessNow(signal), signal })
        }
        const { status, retryAfterSeconds } = answer
        if (status === 200) return { came: 'taken', body: answer.body }
        const said = text(reader(answer.body)(names.assumed.refusal))?.slice(0, SAID_CHARS_MAX)
        const why = [`ICCAM answered with ${status}`, said].filter(Boolean).join(': ')
        if (names.refused.includes(status)) return { came: 'refused', why }
        return { came: 'later', why, ...defined({ retryAfterSeconds }) }
      } catch (error) {
        signal.throwIfAborted()
        const { code, message } = toHindraError(error)
        const network = (error as NodeJS.ErrnoException).code ?? 'no code'
        const why = code === 'INTERNAL' ? `the connection failed (${network})` : message
        return { came: 'later', why }
      }
    },
  }
}

/** Throws INVALID_CONFIG. */
function contextOf(settings: Config['iccam']): SecureContext {
  const files = defined({
    cert: fileOf('certificateFile', settings.certificateFile),
    key: fileOf('keyFile', settings.keyFile),
    ca: fileOf('caFile', settings.caFile),
  })
  try {
    return createSecureContext(files)
  } catch (cause) {
    const why = 'iccam.certificateFile, iccam.keyFile or iccam.caFile is no such PEM'
    throw new HindraError('INVALID_CONFIG', why, { cause })
  }
}

/** What ICCAM calls things, and the line to it where one is set up. Throws INVALID_CONFIG. */
export function openIccamWay(
  config: Pick<Config, 'iccam' | 'fetch'>,
  files: Pick<PolicyFiles, 'read'>,
  context: Parameters<typeof openIccamLine>[2],
): { readonly names: IccamNames; readonly line: IccamLine | undefined } {
  const names = readIccamNames(files)
  return { names, line: openIccamLine(config, names, context) }
}

function fileOf(name: string, path: string | undefined): string | undefined {
  return path === undefined ? undefined : readSettingsFile(`iccam.${name}`, path).toString('utf8')
}

/** Undefined where it is no JSON. Throws TOO_LARGE, and the network's error where it breaks off. */
async function jsonOf(body: AsyncIterable<Buffer>, bytesMax: number): Promise<unknown> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > bytesMax)
      throw new HindraError('TOO_LARGE', 'an answer is over iccam.answerBytesMax')
    chunks.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown
  } catch {
    return undefined
  }
}

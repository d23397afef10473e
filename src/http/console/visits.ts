import type { FastifyReply, FastifyRequest } from 'fastify'
import { allows } from '../../access/index.ts'
import {
  HASHER,
  LANGUAGES,
  type ConsolePage,
  type PageProblem,
  type PageRefusal,
  problemIn,
  renderPage,
  type Visit,
  wordsOf,
} from '../../console/index.ts'
import { HindraError } from '../../errors.ts'
import { callsFor } from '../../operations/index.ts'
import type { OpenSession, Sessions } from '../../sessions/index.ts'
import type { Language } from '../../takedown/index.ts'
import type { AppOptions } from '../app-options.ts'
import { publicDetail } from '../problem.ts'
import { fromFramework } from '../refuse.ts'
import { contentSecurityPolicy } from './content-security.ts'
import { readCookie } from './cookies.ts'
import { fieldsOf, textOf, theirs } from './forms.ts'

/** The query that says that the form before was done. */
const DONE = 'done'
const DONE_TEXT = /^(\d{1,4})(?:-(\d{1,4}))?$/
/** The query that names the record to which it was done. */
const BACK = 'back'
const BACK_TEXT = /^\/console\/(?:tips|cases)\/[0-9a-f-]{8,36}$/

export const HTML = 'text/html; charset=utf-8'

/**
 * Who has signed in. Throws UNAUTHENTICATED.
 *
 * @param how By whom it is asked: a person who uses the session, or a page by itself
 */
export async function requireUse(
  request: FastifyRequest,
  { engine, pressure }: Pick<AppOptions, 'engine' | 'pressure'>,
  how: 'use' | 'look' = 'use',
): Promise<OpenSession & { readonly token: string }> {
  pressure.check()
  const token = readCookie(request, 'session')
  if (token === undefined) throw new HindraError('UNAUTHENTICATED', 'nobody has signed in')
  const use = await engine.stages.sessions.of(token, how)
  request.principal = use.principal
  return { ...use, token }
}

/** Throws FORBIDDEN where a form does not carry the token of the session: another site may have sent it. */
export function requireToken(
  request: FastifyRequest,
  sessions: Pick<Sessions, 'isCsrf'>,
  token: string,
): void {
  if (sessions.isCsrf(token, textOf(fieldsOf(request), '_token'))) return
  throw new HindraError('FORBIDDEN', { says: 'form-of-session' })
}

/** What a form was refused with, which goes into the log as well. */
export function refusalOf(request: FastifyRequest, cause: unknown): HindraError {
  const error = fromFramework(cause, request)
  request.refusal = error
  return error
}

/** The language that the reader chose, else the first that the browser asks for and Hindra has. */
export function languageOf(request: FastifyRequest): Language {
  const asked = (request.headers['accept-language'] ?? '')
    .split(',')
    .map((one) => one.trim().slice(0, 2))
  const wanted = [readCookie(request, 'language'), ...asked]
  return LANGUAGES.find((one) => one === wanted.find((text) => isLanguage(text))) ?? 'sv'
}

export function isLanguage(text: string | undefined): text is Language {
  return LANGUAGES.some((one) => one === text)
}

/** Everything that a page is shown with. */
export function visitOf(
  request: FastifyRequest,
  { engine, parts, clock }: AppOptions,
  { principal, token }: OpenSession & { readonly token: string },
  refused?: PageRefusal & { readonly place: string },
): Visit {
  const language = languageOf(request)
  const address = new URL(request.url, 'http://console')
  const done = DONE_TEXT.exec(address.searchParams.get(DONE) ?? '')
  const back = BACK_TEXT.exec(address.searchParams.get(BACK) ?? '')?.[0]
  address.searchParams.delete(DONE)
  address.searchParams.delete(BACK)
  return {
    by: principal,
    calls: callsFor(parts, principal),
    language,
    words: wordsOf(language),
    now: clock.now(),
    config: engine.config,
    formToken: engine.stages.sessions.csrf(token),
    place: refused?.place ?? `${address.pathname}${address.search}`,
    ...(done !== null && {
      done: {
        done: Number(done[1]),
        left: Number(done[2] ?? 0),
        ...(back !== undefined && { back }),
      },
    }),
    ...(refused !== undefined && { refused }),
    may: (needs) => {
      if (needs === 'signed-in') return true
      const all = typeof needs === 'string' ? [needs] : needs
      return all.every((permission) => allows(principal, permission))
    },
  }
}

export async function sendPage(
  reply: FastifyReply,
  page: ConsolePage,
  {
    visit,
    given,
    status = 200,
  }: { readonly visit: Visit; readonly given: object; readonly status?: number },
): Promise<FastifyReply> {
  const html = await renderPage(page, visit, given)
  if (page.hashesFiles === true) {
    reply.header(
      'content-security-policy',
      contentSecurityPolicy([], HASHER === undefined ? undefined : 'hasher'),
    )
  }
  return reply.code(status).type(HTML).send(html)
}

/** The fields of path and query, and of the body where the page takes them there. */
export function givenOf(request: FastifyRequest): Readonly<Record<string, unknown>> {
  const params = request.params as Readonly<Record<string, string>>
  if (request.method === 'POST') {
    const sent = Object.entries(theirs(fieldsOf(request)))
    const fields = sent.map(
      ([name, values]) => [name, values.length > 1 ? values : values[0]] as const,
    )
    return { ...Object.fromEntries(fields), ...params }
  }
  const query = Object.entries(request.query as Readonly<Record<string, unknown>>)
  return {
    ...Object.fromEntries(query.filter(([name]) => name !== DONE && name !== BACK)),
    ...params,
  }
}

/**
 * A place, with word that what led there was done: to how many, and how many were left out, where it was to many.
 *
 * @param back The page of the record that it was done to, and where it can be undone
 */
export function donePlace(place: string, to = { done: 1, left: 0 }, back?: string): string {
  const address = new URL(place, 'http://console')
  address.searchParams.set(DONE, to.done === 1 && to.left === 0 ? '1' : `${to.done}-${to.left}`)
  if (back !== undefined && BACK_TEXT.test(back)) address.searchParams.set(BACK, back)
  return `${address.pathname}${address.search}`
}

export function problemOf(error: HindraError): PageProblem {
  const { code, said, field, remedy } = error
  return { code, message: publicDetail(error), said, field, remedy }
}

/** The same for somebody who has not signed in, in their words. */
export function problemFor(
  request: FastifyRequest,
  { engine }: Pick<AppOptions, 'engine'>,
  error: HindraError,
): ReturnType<typeof problemIn> {
  const { timeZone } = engine.config.takedown
  return problemIn({ language: languageOf(request), timeZone }, problemOf(error))
}

import type { FastifyReply, FastifyRequest } from 'fastify'
import { wordsOf } from '../../console/index.ts'
import type { Caller, NewSession } from '../../sessions/index.ts'
import type { AppOptions } from '../app-options.ts'
import { readCookie, setCookie } from './cookies.ts'
import { HTML, languageOf } from './visits.ts'

const DAY_SECONDS = 86_400

/** What the pages have in common that are seen without having signed in. */
export function wordsFor(request: FastifyRequest) {
  const language = languageOf(request)
  return { language, words: wordsOf(language) }
}

export function callerOf(request: FastifyRequest): Caller {
  return { address: request.ip, device: readCookie(request, 'device') }
}

/** Has the browser keep what somebody has who signed in. */
export function keepSession(
  request: FastifyRequest,
  reply: FastifyReply,
  { engine }: Pick<AppOptions, 'engine'>,
  { token, device }: NewSession,
): void {
  setCookie(request, reply, 'session', token)
  setCookie(request, reply, 'device', device, engine.config.sessions.deviceDays * DAY_SECONDS)
}

/** Answers with a page that is still being written. */
export async function sendHtml(
  reply: FastifyReply,
  html: Promise<string>,
  status = 200,
): Promise<FastifyReply> {
  return reply
    .code(status)
    .type(HTML)
    .send(await html)
}

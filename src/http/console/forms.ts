import type { FastifyInstance, FastifyRequest } from 'fastify'
import { HindraError } from '../../errors.ts'
import type { FormFields } from '../../console/index.ts'

const URLENCODED = 'application/x-www-form-urlencoded'
/** Fields of a form that are the console's own begin so. */
const OURS = '_'
/** No form of the console has more. */
const FIELDS_MAX = 1_000

/** Forms alone are taken. */
export function takeUrlencoded(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(URLENCODED, { parseAs: 'string' }, (_request, body, done) => {
    const sent = new URLSearchParams(String(body))
    if (sent.size > FIELDS_MAX) {
      done(new HindraError('INVALID_INPUT', `a form has at most ${FIELDS_MAX} fields`))
      return
    }
    const names = [...new Set(sent.keys())]
    done(null, Object.fromEntries(names.map((name) => [name, sent.getAll(name)])))
  })
}

/** Throws FORBIDDEN where another site sent the form (Fetch metadata, or the origin where a browser has none). */
export function requireOwnForm({ headers, protocol, host }: FastifyRequest): void {
  const site = headers['sec-fetch-site']
  const { origin } = headers
  const isOwn =
    site === undefined
      ? origin === undefined || origin === `${protocol}://${host}`
      : site === 'same-origin' || site === 'none'
  if (!isOwn) throw new HindraError('FORBIDDEN', { says: 'form-elsewhere' })
}

export function fieldsOf({ body }: FastifyRequest): FormFields {
  return (body ?? {}) as FormFields
}

/** The fields that are those of the operation or page, and not the console's own. */
export function theirs(fields: FormFields): FormFields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !name.startsWith(OURS)))
}

/** What was sent under a name first; empty where nothing was. */
export function textOf(fields: FormFields, name: string): string {
  return new Map(Object.entries(fields)).get(name)?.[0] ?? ''
}

/** A place in the console, or its first page: never another site. */
export function ownPlace(text: string): string {
  return /^\/console(?:[/?#][^\\\s]*)?$/.test(text) ? text : '/console'
}

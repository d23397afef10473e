import type { Permission, Principal } from '../../access/index.ts'
import { own } from '../../core/index.ts'
import { HindraError } from '../../errors.ts'
import { HASHES } from '../../hashes/index.ts'

/** How HMA names kinds of content, and the one hash by which Hindra looks each up. */
export const SIGNAL_OF = { photo: HASHES.pdq.names.hma, video: HASHES.md5.names.hma } as const
/** The same hash in our words. */
export const HASH_OF = { [SIGNAL_OF.photo]: 'pdq', [SIGNAL_OF.video]: 'md5' } as const
export type ContentType = keyof typeof SIGNAL_OF
export type SignalType = (typeof SIGNAL_OF)[ContentType]
export const CONTENT_TYPES = Object.keys(SIGNAL_OF) as readonly ContentType[]
export const SIGNAL_TYPES = Object.values(SIGNAL_OF) as readonly SignalType[]

/** A request as HMA takes it: by query, JSON or one uploaded file. */
export interface HmaRequest {
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  /** Undefined where none was sent. */
  readonly json: unknown
  /** The one file of a form, under the name of its content type. */
  readonly file: { readonly contentType: ContentType; readonly media: Uint8Array } | undefined
}

/** One route of HMA's API: its own shapes and status codes, Hindra's permissions. */
export interface HmaRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** With the prefix, and `:name`. */
  readonly path: string
  readonly permission: Permission
  readonly summary: string
  /** 200 unless told; 403 where Hindra has no use for the route, and answers why. */
  readonly status?: 200 | 201 | 403
  answer(by: Principal, request: HmaRequest): unknown
}

/** What HMA refuses with 400. */
export function badRequest(message: string): HindraError {
  return new HindraError('INVALID_INPUT', message)
}

export function required(query: HmaRequest['query'], name: string): string {
  const value = own(query, name)
  if (value === undefined || value === '') throw badRequest(`${name} is required`)
  return value
}

/** Throws INVALID_INPUT for what is no object. */
export function jsonObject({ json }: HmaRequest): Readonly<Record<string, unknown>> {
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) {
    return json as Readonly<Record<string, unknown>>
  }
  throw badRequest('the body must be a JSON object')
}

export function signalType(name: string): SignalType {
  const known = SIGNAL_TYPES.find((type) => type === name)
  if (known === undefined) throw badRequest(`No such SignalType '${name.slice(0, 40)}'`)
  return known
}

export function contentType(name: string): ContentType {
  const known = CONTENT_TYPES.find((type) => type === name)
  if (known === undefined) throw badRequest(`no such content_type: '${name.slice(0, 40)}'`)
  return known
}

export function isTrue(query: HmaRequest['query'], name: string): boolean {
  const value = own(query, name)?.toLowerCase() ?? 'false'
  if (['true', '1'].includes(value)) return true
  if (['false', '0'].includes(value)) return false
  throw badRequest('invalid boolean parameter - prefer true/false')
}

import type { Fingerprint } from '../../fingerprint/index.ts'
import type { Stages } from '../../operations/index.ts'
import {
  badRequest,
  type ContentType,
  contentType,
  type HmaRequest,
  SIGNAL_OF,
  type SignalType,
} from './route.ts'

/** What a file is looked up by. */
export interface Signals {
  readonly type: SignalType
  readonly value: string
  readonly fingerprint: Fingerprint
  readonly media: Uint8Array
}

/**
 * Hashes the uploaded file, or what is at `url`. A picture whose PDQ hash says too little to be
 * compared is refused in words, where HMA answers with a hash that matches anything or with 500.
 */
export async function signalsOf(
  { config, hashLookups }: Stages,
  { query, file }: HmaRequest,
): Promise<Signals> {
  const wanted = file?.contentType ?? askedContent(query)
  if (wanted !== undefined) checkTypes(query, wanted)
  const media = file?.media ?? (await hashLookups.fetchMedia(urlOf(query)))
  // A copy, for the pool takes over what it is given.
  const fingerprint = await hashLookups.hash(Uint8Array.from(media))
  const found: ContentType = fingerprint.kind === 'film' ? 'video' : 'photo'
  if (wanted !== undefined && wanted !== found) throw badRequest(`this is a ${found}, no ${wanted}`)
  checkTypes(query, found)
  const type = SIGNAL_OF[found]
  const { qualityMin } = config.match
  const value = type === 'pdq' ? pdqOf(fingerprint, qualityMin) : fingerprint.md5
  return { type, value, fingerprint, media }
}

function pdqOf({ views }: Fingerprint, qualityMin: number): string {
  const whole = views.find(({ name }) => name === 'whole')
  const quality = whole?.quality ?? 0
  if (whole !== undefined && quality >= qualityMin) return whole.pdq
  throw badRequest(
    `the picture's PDQ quality is ${quality}, below ${qualityMin}: its hash would match pictures ` +
      'that have nothing to do with it',
  )
}

function urlOf(query: HmaRequest['query']): string {
  const { url } = query
  if (url === undefined || url === '') throw badRequest('url is required')
  return url
}

function askedContent({ content_type: asked }: HmaRequest['query']): ContentType | undefined {
  return asked === undefined || asked === '' ? undefined : contentType(asked)
}

/** `types` narrows the hashes that HMA computes; Hindra has one for each kind. */
function checkTypes({ types }: HmaRequest['query'], wanted: ContentType): void {
  if (types === undefined) return
  const named = types.split(',').map((name) => name.trim())
  const asked = named.filter((name) => name !== '')
  if (asked.length === 0) throw badRequest('empty signal type selection')
  const unknown = asked.find((name) => name !== SIGNAL_OF[wanted])
  if (unknown !== undefined) {
    throw badRequest(`signal type '${unknown.slice(0, 40)}' doesn't exist or is disabled`)
  }
}

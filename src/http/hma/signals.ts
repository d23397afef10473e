import type { Fingerprint } from '../../fingerprint/index.ts'
import type { Stages } from '../../operations/index.ts'
import { type ContentType, type SentFile, SIGNAL_OF, type SignalType } from './fields.ts'
import { badRequest } from './operation.ts'

/** A file, or where it is. */
export interface AskedMedia {
  readonly file?: SentFile | undefined
  readonly url?: string
  readonly content_type?: ContentType | ''
  readonly types?: readonly string[]
}

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
  { config, hashLookups }: Pick<Stages, 'config' | 'hashLookups'>,
  { file, url = '', content_type: asked = '', types }: AskedMedia,
): Promise<Signals> {
  const wanted = file?.contentType ?? (asked === '' ? undefined : asked)
  if (wanted !== undefined) checkTypes(types, wanted)
  const media = file?.media ?? (await hashLookups.fetchMedia(url))
  // A copy, for the pool takes over what it is given.
  const fingerprint = await hashLookups.hash(Uint8Array.from(media))
  const found: ContentType = fingerprint.kind === 'film' ? 'video' : 'photo'
  if (wanted !== undefined && wanted !== found) throw badRequest(`this is a ${found}, no ${wanted}`)
  checkTypes(types, found)
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

/** `types` narrows the hashes that HMA computes; Hindra has one for each kind. */
function checkTypes(asked: AskedMedia['types'] = [], wanted: ContentType): void {
  const unknown = asked.find((name) => name !== SIGNAL_OF[wanted])
  if (unknown === undefined) return
  throw badRequest(`signal type '${unknown.slice(0, 40)}' doesn't exist or is disabled`)
}

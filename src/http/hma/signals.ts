import type { Config } from '../../config.ts'
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
 * Hashes the uploaded file, or what is at `url`. A picture whose PDQ hash says too little to be compared has an empty
 * one, as in HMA. What is sent as a video is one to the byte, whatever it is: see `comparable`.
 */
export async function signalsOf(
  { config, hashLookups }: Pick<Stages, 'config' | 'hashLookups'>,
  { file, url = '', content_type: asked = '', types }: AskedMedia,
): Promise<Signals> {
  const wanted = file?.contentType ?? (asked === '' ? undefined : asked)
  if (wanted !== undefined) checkTypes(types, wanted)
  const media = file?.media ?? (await hashLookups.fetchMedia(url))
  const fingerprint = await hashLookups.hash(media)
  const found: ContentType = fingerprint.kind === 'film' || wanted === 'video' ? 'video' : 'photo'
  if (wanted !== undefined && wanted !== found) throw badRequest('this is a video, no photo')
  checkTypes(types, found)
  const type = SIGNAL_OF[found]
  const value = type === 'pdq' ? pdqOf(fingerprint, config.match) : fingerprint.md5
  return { type, value, fingerprint, media }
}

/** What can be looked up or proposed. Throws INVALID_INPUT. */
export function comparable(
  signals: Signals,
  { qualityMin }: Pick<Config['match'], 'qualityMin'>,
): Signals {
  if (signals.value !== '') return signals
  const quality = wholeOf(signals.fingerprint)?.quality ?? 0
  throw badRequest(
    `the picture's PDQ quality is ${quality}, below ${qualityMin}: its hash would match pictures ` +
      'that have nothing to do with it',
  )
}

function pdqOf(
  fingerprint: Fingerprint,
  { qualityMin }: Pick<Config['match'], 'qualityMin'>,
): string {
  const whole = wholeOf(fingerprint)
  return whole !== undefined && whole.quality >= qualityMin ? whole.pdq : ''
}

function wholeOf({ views }: Fingerprint) {
  return views.find(({ name }) => name === 'whole')
}

/** `types` narrows the hashes that HMA computes; Hindra has one for each kind. */
function checkTypes(asked: AskedMedia['types'] = [], wanted: ContentType): void {
  const unknown = asked.find((name) => name !== SIGNAL_OF[wanted])
  if (unknown === undefined) return
  throw badRequest(`signal type '${unknown.slice(0, 40)}' doesn't exist or is disabled`)
}

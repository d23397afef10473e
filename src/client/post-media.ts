import { defined, type Random } from '../core/index.ts'
import { ERRORS, HindraError } from '../errors.ts'
import type { SightingAnswer } from '../sightings/index.ts'
import type { Sighting } from '../intake/index.ts'
import { createPatience, isOfKey, type PatienceOptions } from './patience.ts'
import type { LineAnswer } from './submission.ts'
import type { Transport } from './transport.ts'

const SIGHTINGS = '/v1/sightings/media'

/** One sighting with its media as bytes. Throws what the server refuses with. */
export async function postMedia(
  transport: Pick<Transport, 'postForm'>,
  sighting: Omit<Sighting, 'media'>,
  media: Uint8Array,
  path = SIGHTINGS,
): Promise<SightingAnswer> {
  const parts = { sighting: JSON.stringify(sighting), media }
  return (await transport.postForm(path, parts)) as SightingAnswer
}

/**
 * The same, sent again until it passes, as the lines of a feed are. Refused media are answered as such lines are. Throws
 * what does not pass (UNAUTHENTICATED, FORBIDDEN ...) or has not passed in `giveUpAfterMs`, or before the signal.
 */
export async function submitMedia(
  transport: Pick<Transport, 'postForm'>,
  sighting: Omit<Sighting, 'media'>,
  media: Uint8Array,
  options: PatienceOptions & { readonly path?: string },
  random: Random,
): Promise<LineAnswer> {
  const patience = createPatience(options, random)
  for (;;) {
    try {
      return await postMedia(transport, sighting, media, options.path)
    } catch (error) {
      if (options.signal?.aborted === true) throw error
      if (error instanceof HindraError && isOfMedia(error) && !patience.outlasts(error)) {
        const { code, field, message: detail } = error
        return { error: { code, detail, ...defined({ field }) } }
      }
      await patience.afterFailure(error)
    }
  }
}

function isOfMedia({ code }: HindraError): boolean {
  const { status } = ERRORS[code]
  return status >= 400 && status < 500 && !isOfKey(code)
}

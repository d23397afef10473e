import type { SightingAnswer } from '../sightings/index.ts'
import type { Sighting } from '../intake/index.ts'
import type { Transport } from './transport.ts'

/** One sighting with its media as bytes. Throws what the server refuses with. */
export async function postMedia(
  transport: Pick<Transport, 'postForm'>,
  sighting: Omit<Sighting, 'media'>,
  media: Uint8Array,
): Promise<SightingAnswer> {
  const parts = { sighting: JSON.stringify(sighting), media }
  return (await transport.postForm('/v1/sightings/media', parts)) as SightingAnswer
}

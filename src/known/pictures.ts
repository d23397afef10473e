import type { KnownHashSet } from '../register/index.ts'

/** What is kept of one picture of an item, to lay it over others. */
export interface KnownPicture {
  readonly features: Uint8Array
  /** Of a film: the time of the frame that it is of. */
  readonly seconds?: number
}

/** The pictures of which features are kept: of a still one, of a film one of each shot. */
export function picturesOf({ features, shots }: KnownHashSet): readonly KnownPicture[] {
  const still = features === undefined ? [] : [{ features: Buffer.from(features, 'base64') }]
  const ofShots = (shots ?? []).map(({ seconds, features: kept }) => {
    return { seconds, features: Buffer.from(kept, 'base64') }
  })
  return [...still, ...ofShots]
}

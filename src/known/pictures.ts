import { defined } from '../core/index.ts'
import { featureBytes } from '../fingerprint/index.ts'
import type { KnownHashSet } from '../register/index.ts'

/** What is kept of one picture of an item, to lay it over others. */
export interface KnownPicture {
  readonly features: Uint8Array
  /** Of a film: the time of the frame that it is of. */
  readonly seconds?: number
}

/** The pictures of which features are kept: of a still one, of a film one of each shot. */
export function picturesOf({ features, colours, shots }: KnownHashSet): readonly KnownPicture[] {
  const still =
    features === undefined
      ? []
      : [{ features: featureBytes({ features, ...defined({ colours }) }) }]
  const ofShots = (shots ?? []).map((shot) => {
    return { seconds: shot.seconds, features: featureBytes(shot) }
  })
  return [...still, ...ofShots]
}

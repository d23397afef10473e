import type { Principal } from '../access/index.ts'
import type { Readings } from '../audit/index.ts'
import type { Fingerprint } from '../fingerprint/index.ts'
import type { Sighting } from '../intake/index.ts'
import type { Look, Match, UnjudgedWhy, Verdict } from '../match/index.ts'

/** What an analyst's scan learns. */
export interface ScanAnswer {
  readonly verdict: Verdict
  /** Where it is `unjudged`. */
  readonly why?: UnjudgedWhy
  /** Null where only hashes were given: Hindra saw no media. */
  readonly kind: 'image' | 'film' | null
  /** Best PDQ quality, 0 to 100; null as above. */
  readonly quality: number | null
  readonly matches: readonly Match[]
}

/** Says what something is, opens no case and leaves no record but who asked. */
export type Scan = (by: Principal, sighting: Sighting) => Promise<ScanAnswer>

export function createScan(readings: Pick<Readings, 'often'>, look: Pick<Look, 'scanned'>): Scan {
  return async (by, sighting) => {
    readings.often(by, 'scan')
    const { looked } = await look.scanned(sighting)
    const [{ fingerprint, judgement }] = looked
    return {
      ...judgement,
      kind: fingerprint?.kind ?? null,
      quality: fingerprint === undefined ? null : bestQuality(fingerprint),
    }
  }
}

function bestQuality({ views }: Pick<Fingerprint, 'views'>): number {
  return Math.max(0, ...views.map(({ quality }) => quality))
}

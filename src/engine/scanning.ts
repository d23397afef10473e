import type { Audit } from '../audit/index.ts'
import type { Fingerprint } from '../fingerprint/index.ts'
import type { Look } from '../match/index.ts'
import { guarded } from './guard.ts'
import type { Engine } from './types.ts'

/** The call that asks what something is and opens nothing. */
export function scanningCalls(audit: Audit, look: Pick<Look, 'scanned'>): Pick<Engine, 'scan'> {
  return {
    scan: guarded('scan', async (by, sighting) => {
      audit.count(by.id, 'scan', by.key?.id ?? by.id)
      const { looked } = await look.scanned(sighting)
      const [{ fingerprint, judgement }] = looked
      return {
        ...judgement,
        kind: fingerprint?.kind ?? null,
        quality: fingerprint === undefined ? null : bestQuality(fingerprint),
      }
    }),
  }
}

function bestQuality({ views }: Pick<Fingerprint, 'views'>): number {
  return Math.max(0, ...views.map(({ quality }) => quality))
}

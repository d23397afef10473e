import type { Fingerprint } from '../../src/fingerprint/index.ts'
import type { Look } from '../../src/match/index.ts'

/** The look of a house that keeps no features and knows nothing else that is like it. */
export function byHashesOf(
  fingerprint: (bytes: Uint8Array) => Promise<Fingerprint>,
): Pick<Look, 'at'> {
  return {
    at: async (bytes) => ({
      fingerprint: await fingerprint(bytes),
      judgement: { verdict: 'none', matches: [] },
      means: { features: false, model: null },
    }),
  }
}

import { createEntryAssessments } from '../assessing/index.ts'
import type { Audit } from '../audit/index.ts'
import type { Config } from '../config.ts'
import type { Resolver } from '../intake/index.ts'
import type { KnownSet } from '../known/index.ts'
import type { Register } from '../register/index.ts'
import type { Context } from '../store/index.ts'
import type { Takedown } from '../takedown/index.ts'
import { type Curation, type CurationParts, createCuration } from './curation.ts'
import { createExchanging, type Exchanging } from './exchanging.ts'
import { createFloodWatch } from './floods.ts'
import { createRefreshingItems, type RefreshingItems } from './refreshing.ts'

/** All that changes known material: people, lists, what is seen again, and a watch on what floods. */
export interface Curating {
  readonly curation: Curation
  readonly exchanging: Exchanging
  readonly refreshing: RefreshingItems
  readonly watchFloods: () => Promise<void>
}

export function createCurating(
  context: Context,
  audit: Audit,
  parts: Omit<CurationParts, 'store' | 'clock' | 'entryAssessments' | 'policy' | 'keepsFeatures'> &
    Parameters<typeof createEntryAssessments>[0] & {
      readonly register: Register
      readonly known: KnownSet
      readonly takedown: Takedown
      readonly resolver: Resolver
      readonly config: Config
      readonly model: string | undefined
      readonly warn: (message: string) => void
    },
): Curating {
  const { store } = context
  const { config } = parts
  const keepsFeatures = config.features.store === true
  const curation = createCuration(context, {
    ...parts,
    entryAssessments: createEntryAssessments(parts),
    policy: config.match,
    keepsFeatures,
  })
  return {
    curation,
    exchanging: createExchanging(context, audit, { ...parts, curation }),
    refreshing: createRefreshingItems({ ...parts, store, keepsFeatures }),
    watchFloods: createFloodWatch({ ...parts, store, settings: config.register }),
  }
}

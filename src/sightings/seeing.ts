import type { Access } from '../access/index.ts'
import type { Audit } from '../audit/index.ts'
import type { Config } from '../config.ts'
import type { Fetcher } from '../intake/index.ts'
import type { KnownSet } from '../known/index.ts'
import {
  type Claims,
  createClaims,
  createKeptAnswers,
  createUnmatchedStore,
  type KeptAnswers,
  type Look,
  type UnmatchedStore,
} from '../match/index.ts'
import type { Pool } from '../pool/index.ts'
import type { Register } from '../register/index.ts'
import type { Stats } from '../stats/index.ts'
import type { Context } from '../store/index.ts'
import type { FileMatch } from './filing.ts'
import { createHashLookups, type HashLookups } from './hash-lookups.ts'
import { createJudging, type Judging } from './judging.ts'
import { createNearProbes, type NearProbes } from './near-probes.ts'
import { createRetroactive, type Retroactive } from './retroactive.ts'
import { createScan, type Scan } from './scans.ts'
import {
  createSightings,
  type JudgedObserver,
  type RefreshSeen,
  type SightingParts,
  type Sightings,
} from './sightings.ts'
import type { SourcesPolicy } from './sources-policy.ts'

/** What becomes of what is seen: at once, when Hindra has looked, and when it is known only later. */
export interface Seeing {
  readonly claims: Claims
  readonly answers: KeptAnswers
  readonly unmatched: UnmatchedStore
  readonly sightings: Sightings
  readonly judging: Judging
  readonly retroactive: Retroactive
  readonly nearProbes: NearProbes
  readonly scan: Scan
  readonly hashLookups: HashLookups
}

export function createSeeing(
  context: Context,
  parts: {
    readonly audit: Pick<Audit, 'append'>
    readonly fetcher: Fetcher
    readonly pool: Pick<Pool, 'fingerprint'>
    readonly look: Look
    readonly file: FileMatch
    readonly register: Register
    readonly known: KnownSet
    readonly stats: Stats
    readonly readings: SightingParts['readings']
    readonly observers: JudgedObserver & { nearProbe(): void }
    readonly access: Pick<Access, 'noteProbing'>
    readonly warn: (message: string) => void
    readonly refreshSeen: RefreshSeen
    readonly settings: Config['sightings'] & SourcesPolicy
  },
): Seeing {
  const { look, settings, observers, access, warn } = parts
  const claims = createClaims(context)
  const answers = createKeptAnswers(context, settings)
  const unmatched = createUnmatchedStore(context)
  const retroactive = createRetroactive(context, { ...parts, unmatched })
  const nearProbes = createNearProbes(context, {
    counted: () => {
      observers.nearProbe()
    },
    note: (by) => {
      access.noteProbing(by, 'near-hashes').catch((error: unknown) => {
        warn(`probing could not be audited: ${error instanceof Error ? error.message : 'unknown'}`)
      })
    },
  })
  const sightings = createSightings({
    ...parts,
    store: context.store,
    claims,
    answers,
    retroactive,
    nearProbes,
    tally: parts.stats.tally,
    pendingMax: settings.pendingMax,
    reportOnly: settings.reportOnly,
    claimed: () => {
      judging.wake()
    },
  })
  const judging = createJudging(context, { claims, look, settle: sightings.settle, settings })
  return {
    claims,
    answers,
    unmatched,
    sightings,
    judging,
    retroactive,
    nearProbes,
    scan: createScan(parts.readings, look),
    hashLookups: createHashLookups({ ...context, ...parts, nearProbes }),
  }
}

import { aggregatedCandidates } from './aggregated-candidates.ts'
import type { CandidateSource } from './candidate-source.ts'
import { votedCandidates } from './voted-candidates.ts'

/** Those that can be chosen: see the setting `features.candidates`. */
export const candidateSources = {
  votes: votedCandidates,
  aggregated: aggregatedCandidates,
} as const satisfies Record<string, () => CandidateSource>

export type CandidateKind = keyof typeof candidateSources

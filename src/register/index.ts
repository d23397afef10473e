export { type Candidate, eachOnce, type Side } from './candidate-source.ts'
export { CLASSIFICATIONS, type Classification, isCrime } from './classification.ts'
export { type Corpus, openCorpus } from './corpus.ts'
export { type Description } from './description.ts'
export type { Entered, EntryPlace } from './entering.ts'
export {
  type Feedback,
  type GivenFeedback,
  type NewFeedback,
} from './feedback.ts'
export {
  hashSetOf,
  type KnownHashSet,
  type ListedHash,
  listedHashesOf,
  primaryKey,
} from './hash-set.ts'
export { EVIDENCE_KINDS, type EvidenceCounts, type EvidenceKind } from './evidence.ts'
export { evidenceMigration } from './evidence-migration.ts'
export { FINDING_CODES, type Finding, type FindingCode, isGrave } from './findings.ts'
export { createGates, type Gates } from './gates.ts'
export { type KnownSet, openKnownSet } from './known-set.ts'
export type { Resemblance } from './known-vectors.ts'
export * from './list-types.ts'
export { ALLOW_LIST, createLists, type Lists, OWN_LIST } from './lists.ts'
export { type Neighbour, type Neighbours, openNeighbourhood } from './neighbours.ts'
export { hasNewlyKnown } from './news.ts'
export type { EntryInput } from './proposal.ts'
export type { Flood, FloodSettings } from './quarantine.ts'
export type { Cautions, ItemFilter, ListedEntry, ListedPlace, Register } from './register-types.ts'
export { createRegister } from './register.ts'
export type { Addition, Refreshed } from './refreshing.ts'
export { isActive } from './standing.ts'
export {
  type RetractionPolicy,
  type StepTarget,
  stepsFrom,
  type VerifyTarget,
  waitsForSecond,
} from './steps.ts'
export * from './types.ts'
export { readVocabulary, type Vocabulary } from './vocabulary.ts'
export { votedCandidates } from './voted-candidates.ts'

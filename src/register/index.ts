export type { Banks, ContentRemarks } from './banks.ts'
export { type CeilingCode, CEILINGS } from './ceilings.ts'
export { CLASSIFICATIONS, type Classification, isCrime } from './classification.ts'
export { type Description } from './description.ts'
export { FOR_GOOD } from './disabling.ts'
export type { Entered, EntryPlace } from './entering.ts'
export {
  exchangedHashesOf,
  hashSetOf,
  withUntoldQuality,
  type KnownHashSet,
  type ListedHash,
  listedHashesOf,
  primaryKey,
  qualityOf,
  slackOf,
} from './hash-set.ts'
export { EVIDENCE_KINDS, type EvidenceCounts, type EvidenceKind, hasFeatures } from './evidence.ts'
export { evidenceMigration } from './evidence-migration.ts'
export { FINDING_CODES, type Finding, type FindingCode, isGrave } from './findings.ts'
export type { VerifyingByAssessments, WaitingEntry } from './equal-assessments.ts'
export * from './list-types.ts'
export { createLists, type Lists } from './lists.ts'
export {
  type Eyes,
  obstacleToRetract,
  obstacleToVerify,
  type RetractionPolicy,
} from './obstacles.ts'
export type { EntryInput } from './proposal.ts'
export type { Flood, FloodSettings } from './quarantine.ts'
export type { Cautions, ItemFilter, ListedEntry, ListedPlace, Register } from './register-types.ts'
export { createRegister } from './register.ts'
export type { EvidenceAddition, Refreshed } from './refreshing.ts'
export { isActive } from './standing.ts'
export {
  type StepTarget,
  stepsFrom,
  type VerifyTarget,
} from './steps.ts'
export * from './item.ts'
export type { ComparedCopy, CopyComparison, GivenCopy } from './own-copy.ts'
export { readVocabulary, type Vocabulary } from './vocabulary.ts'

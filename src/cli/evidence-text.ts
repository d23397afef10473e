import type { EvidenceCounts, EvidenceKind } from '../register/index.ts'
import { EVIDENCE_KINDS } from '../register/terms.ts'

const WORDS: Readonly<Record<EvidenceKind, string>> = {
  features: 'with features',
  picture: 'pictures without features (crops are not found)',
  film: 'films (frames only)',
  bits: 'of bits only (a near copy is confirmed, no crop is found)',
  bytes: 'of bytes only (no copy is found)',
  weak: 'of weak hashes (a review at most)',
}

/** What living entries can be found by: `3 with features, 12 of bits only (...)`. */
export function evidenceText(counts: EvidenceCounts): string {
  const said = EVIDENCE_KINDS.filter((kind) => counts[kind] > 0)
  return said.map((kind) => `${counts[kind]} ${WORDS[kind]}`).join(', ') || 'no living entry'
}

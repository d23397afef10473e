import type { CaseEvidence, HashedFile } from './content.ts'
import { WITHHELD } from './terms.ts'

/**
 * The evidence as somebody looks at it before it leaves: of each hash its kind and quality, and no value. Whoever could
 * read values here would need nobody's key to take the register out.
 */
export function withheld(evidence: CaseEvidence): CaseEvidence {
  const { hashes, item } = evidence
  return {
    ...evidence,
    hashes: {
      files: hashes.files.map(without),
      fetched: hashes.fetched === null ? null : WITHHELD,
    },
    item: item && {
      ...item,
      entries: item.entries.map((entry) => ({
        ...entry,
        own: entry.own && { ...entry.own, files: entry.own.files.map(without) },
      })),
    },
  }
}

function without(file: HashedFile): HashedFile {
  return { ...file, values: file.values.map((one) => ({ ...one, value: WITHHELD })) }
}

export { base64Bytes } from './base64.ts'
export { areTelling, isByHashes } from './by-hashes.ts'
export { parseSightingLine } from './sighting.ts'
export { parseTip, tipSchema } from './tip.ts'
export { parseTipCsv } from './tip-csv.ts'
export { parseIccamReports } from './tip-iccam.ts'
export { reportOf, rowsOf } from './tip-list.ts'
export { hashesSchema, sightingSchema } from './sighting-schema.ts'
export type { Sighting } from './sighting-fields.ts'
export { DISMISSALS, TIP_SOURCES, TIP_STATUSES } from './tip-fields.ts'
export {
  legible,
  TIP_CATEGORIES,
  TIP_CATEGORY_WORDS,
  TIP_SEEN_IN,
  TIP_SEEN_IN_WORDS,
} from './tip-words.ts'
export { toldUrlText } from './validation.ts'

export { endsOf } from './errands/errand-types.ts'
export { EXPORT_FORMATS, EXPORT_KINDS } from './exports/export-types.ts'
export { HOLD_ACTS, type HoldChange } from './holds/hold-types.ts'
export {
  allKinds as letterKinds,
  LETTER_ROLES,
  LETTER_STEPS,
  type LetterKind,
  MATTERS,
} from './letters/kinds.ts'
export { referenceOf } from './letters/facts.ts'
export { LANGUAGES, NOTICE_STATES } from './notice.ts'
export {
  OBJECTION_STATES,
  OBJECTION_WAYS,
  OBJECTION_WORDS_MAX,
} from './objections/objection-types.ts'
export { OBJECTORS } from './objections/objector.ts'

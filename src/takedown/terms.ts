export { EXPORT_FORMATS, EXPORT_KINDS } from './exports/export-types.ts'
export { HOLD_ACTS, type HoldChange } from './holds/hold-types.ts'
export { LETTER_ROLES, LETTER_STEPS, MATTERS } from './letters/kinds.ts'
export { LANGUAGES, NOTICE_STATES } from './types.ts'

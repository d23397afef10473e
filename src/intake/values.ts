/** The words that fields of a tip take, for the command line, which loads no schemas. */
export { DISMISSALS, TIP_SOURCES, TIP_STATUSES } from './tip-fields.ts'
export { TIP_CATEGORIES, TIP_CATEGORY_WORDS, TIP_SEEN_IN, TIP_SEEN_IN_WORDS } from './tip-words.ts'

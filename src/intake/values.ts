/** The command line takes these words of tips and reads crawls by these functions, and loads no schemas and no resolvers for it. */
export { decodeBody } from './fetch-body.ts'
export { isHtmlPage } from './page-text.ts'
export { DISMISSALS, TIP_SOURCES, TIP_STATUSES } from './tip-fields.ts'
export { TIP_CATEGORIES, TIP_CATEGORY_WORDS, TIP_SEEN_IN, TIP_SEEN_IN_WORDS } from './tip-words.ts'

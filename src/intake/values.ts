/** The words that fields of a tip take and what reads a crawl, for the command line, which loads neither schemas nor resolvers. */
export { decodeBody } from './fetch-body.ts'
export { isHtmlPage } from './page-text.ts'
export { DISMISSALS, TIP_SOURCES, TIP_STATUSES } from './tip-fields.ts'
export { TIP_CATEGORIES, TIP_CATEGORY_WORDS, TIP_SEEN_IN, TIP_SEEN_IN_WORDS } from './tip-words.ts'

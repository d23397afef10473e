/** What tells media by their first bytes, for the command line, which loads no decoder. */
export { identifyMedia } from './identify.ts'

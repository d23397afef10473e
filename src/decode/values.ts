/** The command line tells media by their first bytes, and loads no decoder for it. */
export { identifyMedia } from './identify.ts'

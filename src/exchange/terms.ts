export { CLASSED_FORMATS, FORMAT_NAMES, type FormatName } from './formats/index.ts'
export { PROTOCOLS } from './sources/source.ts'
export type { Delta } from './delta.ts'

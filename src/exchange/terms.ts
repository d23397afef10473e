export { PROTOCOLS } from './sources/types.ts'
export type { Delta } from './types.ts'

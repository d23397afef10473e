export * from './find-types.ts'
export type { Find } from './find.ts'
export { openFind } from './open.ts'

export * from './collection.ts'
export type { Context } from './context.ts'
export * from './port.ts'

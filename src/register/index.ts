export { type KnownSet, openKnownSet } from './known-set.ts'
export { createRegister, type ItemFilter, type Register } from './register.ts'
export * from './types.ts'

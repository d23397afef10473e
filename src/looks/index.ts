export { createLooks, type Looks } from './looks.ts'
export { type LooksPolicy, readLooksPolicy } from './looks-policy.ts'
export * from './terms.ts'

export * from './hashes.ts'
export { hashesNamedBy } from './names.ts'
export { hashOfText, writtenAs } from './written.ts'

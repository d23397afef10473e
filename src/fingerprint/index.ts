export { digests } from './digests.ts'
export { fingerprintMedia } from './media.ts'
export { pdqDihedral, pdqHash } from './pdq.ts'
export * from './types.ts'

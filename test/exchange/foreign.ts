import { createHash } from 'node:crypto'
import type { Delta } from '../../src/exchange/index.ts'

/** Digests of texts about otters: nobody's list holds them. */
const digest = (algorithm: string, of: string) =>
  createHash(algorithm).update(`otter ${of}`).digest('hex')
export const md5 = (of: string) => digest('md5', of)
export const sha1 = (of: string) => digest('sha1', of)
export const sha256 = (of: string) => digest('sha256', of)
/** As long as PhotoDNA is, in base64. */
export const photoDna = (of: string) =>
  Buffer.concat(['a', 'b', 'c'].map((part) => Buffer.from(digest('sha384', of + part), 'hex')))
    .toString('base64')
    .slice(0, 192)

export const BOM = '\uFEFF'

/** What is wrong with each line that is refused. */
export function faults(deltas: readonly Delta[]) {
  return deltas.flatMap((delta) =>
    delta.change === 'refused' ? [[delta.line, delta.field] as const] : [],
  )
}

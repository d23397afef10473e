import { HASH256_BYTES, type Hash256 } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { HashQuery, Label } from './port.ts'

export const LABEL_MAX = 2 ** 32 - 2
export const RADIUS_MAX = 64

// The checks look at what came, not at what the types promise: a native index must never see NaN.

export function checkLabel(label: Label): void {
  if (!Number.isInteger(label) || label < 0 || label > LABEL_MAX) {
    throw new HindraError('INDEX_INVALID', `a label is an integer from 0 to ${LABEL_MAX}`)
  }
}

export function checkHash(hash: Hash256): void {
  if (!(hash instanceof Uint8Array) || hash.length !== HASH256_BYTES) {
    throw new HindraError('INDEX_INVALID', `a hash is ${HASH256_BYTES} bytes`)
  }
}

export function checkQuery(query: HashQuery): void {
  checkHash(query.hash)
  if (!Number.isInteger(query.radius) || query.radius < 0 || query.radius > RADIUS_MAX) {
    throw new HindraError('INDEX_INVALID', `a radius is an integer from 0 to ${RADIUS_MAX}`)
  }
}

export function checkLimit(limit: number | undefined): void {
  if (limit !== undefined && (!Number.isInteger(limit) || limit < 1)) {
    throw new HindraError('INDEX_INVALID', 'a limit is a positive integer')
  }
}

export function indexClosed(): HindraError {
  return new HindraError('INDEX_INVALID', 'the index is closed')
}

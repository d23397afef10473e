import { HASH256_BYTES, type Hash256 } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { HashQuery, Label, PackedEntries } from './port.ts'

export const LABEL_MAX = 2 ** 32 - 2
export const RADIUS_MAX = 64
/** The largest radius within which the native index need not compare every hash: see `kBandedRadiusMax` in native/hamming. */
export const BANDED_RADIUS_MAX = 47

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
  checkRadius(query.radius)
}

function checkRadius(radius: number): void {
  if (!Number.isInteger(radius) || radius < 0 || radius > RADIUS_MAX) {
    throw new HindraError('INDEX_INVALID', `a radius is an integer from 0 to ${RADIUS_MAX}`)
  }
}

export function checkQueries(hashes: Uint8Array, radii: number | Uint8Array): void {
  const count = checkHashes(hashes)
  if (typeof radii === 'number') {
    checkRadius(radii)
    return
  }
  if (!(radii instanceof Uint8Array) || radii.length !== count) {
    throw new HindraError('INDEX_INVALID', 'there must be a radius for each hash')
  }
  radii.forEach(checkRadius)
}

/** How many hashes these are. */
function checkHashes(hashes: Uint8Array): number {
  if (!(hashes instanceof Uint8Array) || hashes.length % HASH256_BYTES !== 0) {
    throw new HindraError('INDEX_INVALID', `hashes are ${HASH256_BYTES} bytes each`)
  }
  return hashes.length / HASH256_BYTES
}

export function checkLabels(labels: Uint32Array): void {
  if (!(labels instanceof Uint32Array) || labels.includes(LABEL_MAX + 1)) {
    throw new HindraError('INDEX_INVALID', `labels are integers from 0 to ${LABEL_MAX}`)
  }
}

export function checkEntries({ labels, hashes }: PackedEntries): void {
  checkLabels(labels)
  if (checkHashes(hashes) !== labels.length) {
    throw new HindraError('INDEX_INVALID', 'there must be a hash for each label')
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

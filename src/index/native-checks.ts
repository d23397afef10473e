import { HASH256_BYTES } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { checkQueries } from './checks.ts'

/** Memory that another thread may change meanwhile, or that was given away, is refused. */
export function checkPacked(
  array: Uint8Array | Uint32Array,
  type: Uint8ArrayConstructor | Uint32ArrayConstructor,
  name: string,
): void {
  if (!(array instanceof type) || !ownsMemory(array)) {
    throw new HindraError('INDEX_INVALID', `${name} are a ${type.name} over memory of its own`)
  }
}

/** False where another thread may write to it, or where it was transferred to one. */
export function ownsMemory({ buffer }: Uint8Array | Uint32Array): boolean {
  if (!(buffer instanceof ArrayBuffer)) return false
  if (buffer.byteLength > 0) return true
  try {
    // Empty or detached: Node 20 has no other way to tell.
    new Uint8Array(buffer)
    return true
  } catch {
    return false
  }
}

export function checkLists(lists: number): void {
  if (!Number.isInteger(lists) || lists < 0 || lists > 0xffffffff) {
    throw new HindraError('INDEX_INVALID', 'lists are a mask of 32 bits')
  }
}

/** One radius a hash. */
export function packRadii(hashes: Uint8Array, radii: number | Uint8Array): Uint8Array {
  checkPacked(hashes, Uint8Array, 'hashes')
  if (typeof radii !== 'number') checkPacked(radii, Uint8Array, 'radii')
  checkQueries(hashes, radii)
  if (typeof radii !== 'number') return radii
  return new Uint8Array(hashes.length / HASH256_BYTES).fill(radii)
}

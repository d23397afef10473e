import { nativeCore } from '../../native/binding.ts'
import type { Hash256 } from '../core/index.ts'
import { createNativeHasher } from './native-hasher.ts'
import { portableHasher } from './portable-hasher.ts'
import type { Dihedral, Hasher } from './fingerprint.ts'

let chosen: Hasher | undefined

/** The native hasher where there is a native core, else the portable one; the hashes are the same. */
export function hasher(): Hasher {
  chosen ??= nativeHasher() ?? portableHasher
  return chosen
}

/** Undefined where there is no native core. */
export function nativeHasher(): Hasher | undefined {
  const core = nativeCore()
  return core === undefined ? undefined : createNativeHasher(core)
}

/** See `Hasher.deriveDihedral`. */
export function deriveDihedral(hash: Hash256): Readonly<Record<Dihedral, Hash256>> {
  return hasher().deriveDihedral(hash)
}

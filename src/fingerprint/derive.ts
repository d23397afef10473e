import { HASH256_BYTES, type Hash256 } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { DCT_SIDE } from './dct.ts'
import { DIHEDRALS, symmetries } from './symmetries.ts'
import type { Dihedral } from './fingerprint.ts'

/** Which bit of the hash each bit of a turn or mirror is taken from, and whether it is toggled. */
const moves = DIHEDRALS.map((name) => {
  const { transposed, isNegated } = symmetries[name]
  const cells = Array.from({ length: DCT_SIDE * DCT_SIDE }, (_, cell) => cell)
  const place = (cell: number) => [Math.floor(cell / DCT_SIDE), cell % DCT_SIDE] as const
  const sources = cells.map((cell) => {
    const [i, j] = place(cell)
    return transposed ? j * DCT_SIDE + i : cell
  })
  const toggled = cells.map((cell) => (isNegated(...place(cell)) ? 1 : 0))
  return { name, sources: Uint8Array.from(sources), toggled: Uint8Array.from(toggled) }
})

/** See `Hasher.deriveDihedral`. */
export function deriveFromBits(hash: Hash256): Readonly<Record<Dihedral, Hash256>> {
  checkHash(hash)
  const hashes = {} as Record<Dihedral, Hash256>
  for (const { name, sources, toggled } of moves) {
    const moved = new Uint8Array(HASH256_BYTES)
    for (let cell = 0; cell < sources.length; cell += 1) {
      const bit = bitAt(hash, sources[cell] ?? 0) ^ (toggled[cell] ?? 0)
      const byte = byteOf(cell)
      moved[byte] = (moved[byte] ?? 0) | (bit << (cell & 7))
    }
    hashes[name] = moved
  }
  return hashes
}

/** Throws HASH_INVALID where it is not 256 bits. */
export function checkHash(hash: Hash256): void {
  if (hash.length !== HASH256_BYTES) throw new HindraError('HASH_INVALID', 'a hash is 32 bytes')
}

function byteOf(cell: number): number {
  return HASH256_BYTES - 1 - (cell >> 3)
}

function bitAt(hash: Hash256, cell: number): number {
  return ((hash[byteOf(cell)] ?? 0) >> (cell & 7)) & 1
}

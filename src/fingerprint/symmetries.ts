import { DCT_SIDE } from './dct.ts'
import type { Dihedral } from './fingerprint.ts'

/**
 * How a turn or mirror shows in the coefficient of frequencies (i, j), counted from 0: a mirror
 * turns the sign of the odd waves, a quarter turn swaps the axes as well.
 */
interface Symmetry {
  readonly transposed: boolean
  readonly isNegated: (i: number, j: number) => boolean
}

const never = () => false
const evenRow = (i: number) => i % 2 === 0
const evenColumn = (_: number, j: number) => j % 2 === 0
const oddSum = (i: number, j: number) => (i + j) % 2 === 1

export const symmetries: Readonly<Record<Dihedral, Symmetry>> = {
  whole: { transposed: false, isNegated: never },
  rot90: { transposed: true, isNegated: evenRow },
  rot180: { transposed: false, isNegated: oddSum },
  rot270: { transposed: true, isNegated: evenColumn },
  flipx: { transposed: false, isNegated: evenRow },
  flipy: { transposed: false, isNegated: evenColumn },
  flipp: { transposed: true, isNegated: never },
  flipm: { transposed: true, isNegated: oddSum },
}

export const DIHEDRALS = Object.keys(symmetries) as readonly Dihedral[]

/** The coefficients that the turned or mirrored picture would have. */
export function withSymmetry(coefficients: Float64Array, name: Dihedral): Float64Array {
  const { transposed, isNegated } = symmetries[name]
  return coefficients.map((_, cell) => {
    const i = Math.floor(cell / DCT_SIDE)
    const j = cell % DCT_SIDE
    const source = transposed ? j * DCT_SIDE + i : cell
    const value = coefficients[source] ?? 0
    return isNegated(i, j) ? -value : value
  })
}

/** Run by kernels.test.ts in a process of its own, where HINDRA_KERNEL chooses the kernels. */
import { hasher } from '../../src/fingerprint/index.ts'
import { kernels } from '../../native/binding.ts'
import { hashDrawings } from './hash-drawings.ts'

const seed = Number(process.argv[2])
console.log(JSON.stringify({ kernel: kernels().hashing, lines: hashDrawings(hasher(), seed) }))

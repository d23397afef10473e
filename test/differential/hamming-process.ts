// One kernel set, chosen by HINDRA_KERNEL: it is chosen once a process.
import { kernels } from '../../native/binding.ts'
import { firstDifference, SET_NAMES } from './hamming-cases.ts'

const seed = Number(process.argv[2])
const differences: string[] = []
for (const set of SET_NAMES) {
  const difference = await firstDifference(set, seed)
  if (difference !== undefined) differences.push(`${set}, seed ${seed}, ${difference}`)
}
console.log(JSON.stringify({ kernel: kernels().searching, differences }))

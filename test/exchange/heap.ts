import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** What is held on the heap now, without what nobody refers to any more. */
export function heapBytes(): number {
  collectGarbage()
  return process.memoryUsage().heapUsed
}

// A process of its own, so that its peak of memory is that of one start: DIRECTORY SEED POSITION MODE.
import { openKnownSet } from '../../src/known/index.ts'
import { knownSetOptions, openRegister, pictureOf } from './register.ts'

export interface Opening {
  readonly seconds: number
  readonly items: number
  /** Growth of the peak resident set over the process before the start. */
  readonly peakBytes: number
}

const [directory = '', seed = '', position = '', mode = ''] = process.argv.slice(2)
const before = process.resourceUsage().maxRSS
const start = performance.now()
const versions = mode === 'unproved' ? 'none' : 'known'
const { context, register } = await openRegister(directory, Number(seed), versions)
const isSaved = mode !== 'register'
const known = await openKnownSet(context, register, knownSetOptions(directory, isSaved))
const hits = await known.search(pictureOf(Number(position), Number(seed)), 31)
if (hits.length === 0) throw new Error('the known set does not find its items')
const opening: Opening = {
  seconds: (performance.now() - start) / 1e3,
  items: known.items,
  peakBytes: (process.resourceUsage().maxRSS - before) * 1024,
}
await known.close()
await context.store.close()
console.log(JSON.stringify(opening))

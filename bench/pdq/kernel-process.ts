/** Started by contenders.ts with HINDRA_KERNEL set: answers questions about one size of pictures. */
import { nativeHasher } from '../../src/fingerprint/index.ts'
import { drawPictures, type SizeName } from './pictures.ts'
import { said, type Task, timed } from './tasks.ts'

export interface Question {
  readonly task: Task
  readonly what: 'time' | 'say'
}
export type Answer = number | readonly string[]

const [size, seed] = process.argv.slice(2)
const hasher = nativeHasher()
if (hasher === undefined) throw new Error('there is no native core')
const rasters = drawPictures(size as SizeName, Number(seed))
process.on('message', ({ task, what }: Question) => {
  const answer: Answer =
    what === 'time'
      ? timed(hasher, task, rasters)
      : rasters.map((raster) => said(hasher, task, raster))
  process.send?.(answer)
})
process.send?.('ready')

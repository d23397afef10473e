import { writeFile } from 'node:fs/promises'
import { HindraError } from '../errors.ts'
import type { DrawnMatch } from '../match/terms.ts'
import type { Shell } from './shell.ts'

/** Writes how the best match that is drawn lies in what was seen. A file that is there stays as it is. */
export async function writeMap(
  shell: Shell,
  file: string,
  [best]: readonly DrawnMatch[],
): Promise<void> {
  if (best === undefined) {
    shell.output().note('nothing to explain: no match was found by comparing pictures')
    return
  }
  await writeFile(file, best.svg, { flag: 'wx' }).catch((cause: unknown) => {
    throw new HindraError('INVALID_INPUT', `${file} cannot be written, or is there already`, {
      field: 'explain',
      cause,
    })
  })
  shell.output().note(`the best match by cells: ${file}`)
}

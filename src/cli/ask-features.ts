import { createInterface } from 'node:readline/promises'
import type { LoadedConfig } from '../config.ts'
import { HindraError } from '../errors.ts'
import type { Terminal } from './shell.ts'

const REASONS = `Shall items keep local features?
  For:     crops, rotations, screenshots, collages and pictures in pictures are found; without them
           only hashes and views are compared, which find few of those. They also tell a copy from the
           same place without the person, which a hash alone does not see.
  Against: from such features a coarse picture in its colours can be computed back, in which one recognises
           what is shown. They are sealed like every hash, take up to 20 KB an item, and are gone with the item.`

/**
 * Whether items keep local features: by --features, by the settings, or asked. There is no default,
 * for either answer has a price. Throws INVALID_INPUT where nobody can be asked.
 */
export async function askFeatures(
  flag: string | undefined,
  { config }: LoadedConfig,
  terminal: Terminal,
): Promise<boolean> {
  const flagged = flag === undefined ? config.features.store : answerOf(flag)
  if (flagged !== undefined) return flagged
  if (flag !== undefined) throw new HindraError('INVALID_INPUT', '--features is yes or no')
  if (terminal.stderr.isTTY !== true) {
    // An error is one line.
    terminal.stderr.write(`${REASONS}\n`)
    throw new HindraError('INVALID_INPUT', '--features yes or --features no is needed')
  }
  const asking = createInterface({ input: terminal.stdin, output: terminal.stderr })
  try {
    for (;;) {
      const answer = answerOf(await asking.question(`${REASONS}\nyes or no: `))
      if (answer !== undefined) return answer
    }
  } finally {
    asking.close()
  }
}

function answerOf(text: string): boolean | undefined {
  const answer = text.trim().toLowerCase()
  if (answer === 'yes' || answer === 'y') return true
  return answer === 'no' || answer === 'n' ? false : undefined
}

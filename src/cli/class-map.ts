import type { Command } from 'commander'
import { HindraError } from '../errors.ts'
import type { ClassMap, ClassNames } from '../exchange/index.ts'
import type { Classification } from '../register/index.ts'
import { CLASSIFICATIONS } from '../register/terms.ts'

export interface ClassOptions {
  readonly class?: string
  readonly classes?: string
}

export function withClasses(command: Command): Command {
  return command
    .option('--class <class>', `for lines without a class: ${CLASSIFICATIONS.join(', ')}`)
    .option('--classes <map>', 'the classes of the list in ours: A=Baseline,B=National')
}

/** The classes of a list in ours. Throws INVALID_INPUT. */
export function classMap({ class: all, classes = '' }: ClassOptions): ClassMap {
  const pairs = pairsIn(classes).map(([from, to]) => [from, checkedClass(to, 'classes')] as const)
  return {
    ...(all === undefined ? {} : { all: checkedClass(all, 'class') }),
    bySource: Object.fromEntries(pairs),
  }
}

/** Our classes in those of a list. Throws INVALID_INPUT. */
export function classNames(classes = ''): ClassNames {
  const pairs = pairsIn(classes).map(([from, to]) => {
    if (to !== '') return [checkedClass(from, 'classes'), to] as const
    throw new HindraError('INVALID_INPUT', `--classes: ${from} has no name`)
  })
  return Object.fromEntries(pairs)
}

function pairsIn(text: string): readonly (readonly [string, string])[] {
  return text
    .split(',')
    .filter((pair) => pair.trim() !== '')
    .map((pair) => {
      const [from = '', to = ''] = pair.split('=').map((part) => part.trim())
      return [from, to]
    })
}

function checkedClass(text: string, option: string): Classification {
  const found = CLASSIFICATIONS.find((name) => name === text)
  if (found !== undefined) return found
  throw new HindraError('INVALID_INPUT', `--${option}: one of ${CLASSIFICATIONS.join(', ')}`)
}

import type { Command } from 'commander'
import { ERRORS } from '../../errors.ts'
import type { Shell } from '../shell.ts'

const MEANINGS: Readonly<Record<number, string>> = {
  0: 'done',
  1: 'failed, or the failures of a batch differ',
  2: 'wrong usage, input or settings',
  3: 'refused: key, role, four eyes, address',
  4: 'not found',
  5: 'conflict with the present state',
  6: 'something is unavailable: try again',
  7: 'the media could not be hashed',
}

interface ExitCode {
  readonly exit: number
  readonly meaning: string
  readonly errors: readonly string[]
}

function exitCodes(): readonly ExitCode[] {
  return Object.entries(MEANINGS).map(([exit, meaning]) => ({
    exit: Number(exit),
    meaning,
    errors: Object.entries(ERRORS).flatMap(([code, entry]) =>
      entry.exit === Number(exit) ? [code] : [],
    ),
  }))
}

function explain(codes: readonly ExitCode[]): string {
  return codes
    .map(({ exit, meaning, errors }) =>
      [`${exit}  ${meaning}`, ...errors.map((code) => `     ${code}`)].join('\n'),
    )
    .join('\n')
}

/** `hindra help exit-codes`, and the same as a command for --json. */
export function define(command: Command, shell: Shell): void {
  command
    .addHelpText('after', () => `\n${explain(exitCodes())}`)
    .action(() => {
      shell.output().answer(exitCodes(), explain)
    })
}

import { CommanderError } from 'commander'
import { ERRORS, toHindraError } from '../errors.ts'
import { createOutput } from './output.ts'
import { createProgram } from './program.ts'
import type { Terminal } from './shell.ts'

const USAGE_EXIT = 2

/** Runs one command; gives its exit code (`hindra help exit-codes`). */
export async function runCommand(argv: readonly string[], terminal: Terminal): Promise<number> {
  const { program, shell } = createProgram(terminal, argv[0])
  try {
    await program.parseAsync([...argv], { from: 'user' })
    return shell.exitCode
  } catch (cause) {
    // The parser has shown help or said what is wrong already.
    if (cause instanceof CommanderError) return cause.exitCode === 0 ? 0 : USAGE_EXIT
    const error = toHindraError(cause)
    createOutput(terminal.stdout, terminal.stderr, false).failure(error)
    return ERRORS[error.code].exit
  }
}

import type { Terminal } from './shell.ts'
import { version } from './version.ts'

/** What a shell shows of a process that SIGPIPE ended. */
const PIPE_EXIT = 141

/** Runs one command; gives its exit code (`hindra help exit-codes`). */
export async function run(
  argv: readonly string[] = process.argv.slice(2),
  terminal: Terminal = process,
): Promise<number> {
  terminal.stdout.once('error', endWithReader)
  const [first, ...others] = argv
  // Who asks for this alone waits for none of the five hundred modules that a command is made of.
  if (others.length === 0 && (first === '--version' || first === '-V')) {
    terminal.stdout.write(`${version()}\n`)
    return 0
  }
  const { runCommand } = await import('./run-command.ts')
  return runCommand(argv, terminal)
}

/** `hindra audit | head`: whoever reads has seen enough, so nobody needs the rest. */
function endWithReader(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
  process.exit(PIPE_EXIT)
}

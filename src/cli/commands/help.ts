import type { Command } from 'commander'

/** Asks the line that is left for its --help, so that what it names is loaded as for any other use of it. */
export function define(command: Command): void {
  command.argument('[command...]').action(async (words: readonly string[]) => {
    await command.parent?.parseAsync([...words, '--help'], { from: 'user' })
  })
}

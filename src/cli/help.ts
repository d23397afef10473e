import type { Command } from 'commander'

/** Adds examples, which --help shows. */
export function withExamples(command: Command, examples: readonly string[]): Command {
  return command.addHelpText(
    'after',
    `\nExamples:\n${examples.map((line) => `  $ ${line}\n`).join('')}`,
  )
}

/** Collects the values of an option that may be given more than once. */
export function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value]
}

/** Options of every list. */
export interface PagingOptions {
  readonly limit?: string | undefined
  readonly after?: string | undefined
  readonly all?: boolean | undefined
}

export function paged(command: Command): Command {
  return command
    .option('--limit <rows>', 'at most so many rows (1 to 1000)', '100')
    .option('--after <id>', 'go on behind this row')
    .option('--all', 'every page')
}

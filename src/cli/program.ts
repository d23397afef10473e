import { Command } from 'commander'
import { CATALOGUE, type CommandModule } from './catalogue.ts'
import { createShell, type GlobalFlags, type Shell, type Terminal } from './shell.ts'
import { version } from './version.ts'

/** The whole command line, and the shell that its commands share. */
export interface Program {
  readonly program: Command
  readonly shell: Shell
  /** Loads what one of the commands is made of; whoever parses has it done for the one that was chosen. */
  readonly load: (command: Command) => Promise<void>
}

/** @param word The first of the line: where it names a command, the others are left out, for nobody asks for them */
export function createProgram(terminal: Terminal, word?: string): Program {
  const program = new Command('hindra')
    .description('Recognises known illegal material when it returns, and gets it taken down.')
    .version(version())
    .option('--data <dir>', 'data directory (HINDRA_DATA)')
    .option('--config <file>', 'settings file (HINDRA_CONFIG)')
    .option('--url <url>', 'server to talk to (HINDRA_URL); else the local one')
    .option('--json', 'one JSON document, or a line of JSON for each input')
    .addHelpText(
      'after',
      '\nYour key comes from HINDRA_KEY or the file HINDRA_KEY_FILE.\n' +
        'Exit codes: hindra help exit-codes',
    )
  const shell = createShell(terminal, () => program.opts<GlobalFlags>())
  const names = Object.values(CATALOGUE).flatMap((entries) =>
    Object.entries(entries).flatMap(([name, { alias }]) => [name, alias]),
  )
  // `help` tells of the others.
  const isAlone = word !== undefined && word !== 'help' && names.includes(word)
  const loading = new Map<Command, () => Promise<CommandModule>>()
  for (const [group, entries] of Object.entries(CATALOGUE)) {
    for (const [name, { says, alias, load }] of Object.entries(entries)) {
      if (isAlone && word !== name && word !== alias) continue
      const command = program.command(name).description(says).helpGroup(group)
      if (alias !== undefined) command.alias(alias)
      loading.set(command, load)
    }
  }
  prepare(program, terminal)

  async function load(command: Command): Promise<void> {
    const module = await loading.get(command)?.()
    // Once, also where `hindra help` has the line parsed a second time.
    if (!loading.delete(command)) return
    module?.define(command, shell)
    prepare(command, terminal)
  }

  program.hook('preSubcommand', (_program, chosen) => load(chosen))
  return { program, shell, load }
}

/** Leaves the end of the process and its streams to Hindra, not to the parser. */
function prepare(command: Command, terminal: Terminal): void {
  command
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
      outputError: (text, write) => {
        const { problem, of } = strayWord(command, text) ?? {
          problem: inOneLine(text),
          of: command,
        }
        write(`INVALID_INPUT: ${problem}\n  ${pathOf(of)} --help shows what it takes.\n`)
      },
    })
  for (const inner of command.commands) prepare(inner, terminal)
}

/** A suggestion stands on a line of its own. */
function inOneLine(text: string): string {
  return text
    .replace(/^error: /, '')
    .trim()
    .replace(/\n/g, ' ')
}

/** A word that names no command goes to the one that stands for the topic alone, which takes none. */
function strayWord(
  command: Command,
  text: string,
): { readonly problem: string; readonly of: Command } | undefined {
  const {
    parent,
    registeredArguments: takes,
    args: [word],
  } = command
  if (!text.includes('too many arguments') || takes.length > 0) return undefined
  if (parent === null || word === undefined) return undefined
  if (parent.args[0] === command.name()) return undefined
  return { problem: `unknown command '${word}'`, of: parent }
}

/** `hindra cases show` */
function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`
}

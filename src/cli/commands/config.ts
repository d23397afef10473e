import type { Command } from 'commander'
import type { SettingView } from '../../config.ts'
import { verb } from '../help.ts'
import { type TableCell, table } from '../output.ts'
import type { Shell } from '../shell.ts'

export function configCommand(shell: Shell): Command {
  return verb('config', 'what is in force and from where, secrets masked', [
    'hindra config',
    'hindra config --url http://hindra.example:7080   # of a server that runs elsewhere',
  ]).action(async () => {
    const settings =
      shell.url() === undefined
        ? shell.settings().settings
        : await shell.withClient((client) => client.system.config())
    shell.output().answer(settings, asTable)
  })
}

function asTable(settings: readonly SettingView[]): string {
  return table(
    ['setting', 'value', 'from', 'environment variable', 'meaning'],
    settings.map(({ path, value, from, env, meaning }) => [
      ...[path, asCell(value), from, env, meaning],
    ]),
  )
}

function asCell(value: unknown): TableCell {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : (value as TableCell)
}

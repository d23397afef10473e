import type { Command } from 'commander'
import type { SettingView } from '../../config.ts'
import { withExamples } from '../help.ts'
import { type TableCell, table } from '../output.ts'
import type { Shell } from '../shell.ts'

export function define(command: Command, shell: Shell): void {
  withExamples(command, [
    'hindra config',
    'hindra config --url http://hindra.example:7080   # of a server that runs elsewhere',
  ]).action(async () => {
    const settings =
      shell.url() === undefined
        ? (await shell.settings()).settings
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

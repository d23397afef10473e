import type { Command } from 'commander'
import type { LaidDownFile, LaidDownLine } from '../../policy/index.ts'
import type { Policy } from '../../route/index.ts'
import { withExamples } from '../help.ts'
import { table } from '../output.ts'
import type { Shell } from '../shell.ts'

export function define(policy: Command, shell: Shell): void {
  withExamples(policy, [
    'hindra policy list',
    'hindra policy show second-assessments.yaml',
    'hindra policy rules',
  ])
  policy
    .command('list')
    .description('the files that are read, and their versions')
    .action(() =>
      shell.withClient(async (client) => {
        shell.output().answer(await client.policy.list(), filesText)
      }),
    )
  policy
    .command('show <file>')
    .description('what a file says, line by line')
    .action((file: string) =>
      shell.withClient(async (client) => {
        const { lines } = await client.policy.show({ file })
        shell.output().answer(lines, linesText)
      }),
    )
  policy
    .command('rules')
    .description('who is told of a case, rule by rule; `hindra route explain` tries them')
    .action(() =>
      shell.withClient(async (client) => {
        shell.output().answer(await client.policy.rules(), rulesText)
      }),
    )
}

function filesText(files: readonly LaidDownFile[]): string {
  return table(
    ['file', 'whose', 'version', 'as of'],
    files.map(({ name, isOwn, isRead, version, asOf }) => [
      ...[name, isRead ? (isOwn ? "the house's" : 'shipped') : 'NOT READ: no file has this name'],
      ...[version, asOf],
    ]),
  )
}

function linesText(lines: readonly LaidDownLine[]): string {
  return table(
    ['at', 'says'],
    lines.map(({ at, says }) => [at, says]),
  )
}

function rulesText({ rules }: Policy): string {
  return table(
    ['rule', 'priority', 'tells', 'why'],
    rules.map(({ rule, priority, tell, why }) => [
      ...[rule, priority, tell.map(({ to }) => to).join(', '), why],
    ]),
  )
}

import type { Command } from 'commander'
import type { Vocabulary } from '../../register/index.ts'
import { withExamples } from '../help.ts'
import { table } from '../output.ts'
import type { Shell } from '../shell.ts'

export function define(command: Command, shell: Shell): void {
  withExamples(command, ['hindra vocabulary', 'hindra vocabulary --json']).action(() =>
    shell.withClient(async (client) => {
      shell.output().answer(await client.items.vocabulary(), asText)
    }),
  )
}

function asText({ version, ...kinds }: Vocabulary): string {
  const rows = Object.entries(kinds).flatMap(([kind, terms]) =>
    Object.entries(terms).map(([term, meaning]) => [kind, term, meaning]),
  )
  return `version ${version}\n\n${table(['kind', 'term', 'meaning'], rows)}`
}

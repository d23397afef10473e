import type { Command } from 'commander'
import type { SchemaName } from '../../operations/index.ts'
import { withExamples } from '../help.ts'
import type { Shell } from '../shell.ts'

export function define(command: Command, shell: Shell): void {
  withExamples(command, [
    'hindra openapi > hindra.openapi.json',
    'hindra openapi --schema Sighting       # JSON Schema of a line of a feed',
  ])
    .option('--schema <name>', 'Sighting, SightingLineAnswer, SightingAnswer, Tip, Problem ...')
    .action(({ schema }: { schema?: SchemaName }) =>
      shell.withClient(async (client) => {
        const document =
          schema === undefined
            ? await client.system.openapi()
            : await client.system.schema({ name: schema })
        shell.output().answer(document, (shown) => JSON.stringify(shown, undefined, 2))
      }),
    )
}

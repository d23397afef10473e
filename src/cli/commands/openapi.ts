import type { Command } from 'commander'
import type { SchemaName } from '../../operations/index.ts'
import { verb } from '../help.ts'
import type { Shell } from '../shell.ts'

export function openApiCommand(shell: Shell): Command {
  return verb('openapi', 'prints the description of the HTTP API (OpenAPI 3.1)', [
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

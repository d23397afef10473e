import type { Command } from 'commander'
import type { UnmatchedView } from '../../sightings/index.ts'
import { withExamples } from '../help.ts'
import { fields } from '../output.ts'
import type { Shell } from '../shell.ts'

export function define(command: Command, shell: Shell): void {
  withExamples(command, [
    'hindra unmatched',
    'HINDRA_SIGHTINGS_UNMATCHED_MAX=100000 hindra serve   # keeps that many, 14 days',
  ]).action(() =>
    shell.withClient(async (client) => {
      shell.output().answer(await client.retention.unmatched(), asText)
    }),
  )
}

function asText({ max, days, count, oldestAt, newestAt, isComparing }: UnmatchedView): string {
  return fields({
    kept: count,
    'at most': max === 0 ? 'none (sightings.unmatchedMax)' : `${max}, ${days} days`,
    oldest: oldestAt,
    newest: newestAt,
    compared: isComparing ? 'not yet with all that was verified' : 'with all that was verified',
  })
}

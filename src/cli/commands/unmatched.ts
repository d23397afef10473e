import type { Command } from 'commander'
import type { UnmatchedView } from '../../sightings/index.ts'
import { verb } from '../help.ts'
import { fields } from '../output.ts'
import type { Shell } from '../shell.ts'

export function unmatchedCommand(shell: Shell): Command {
  return verb('unmatched', 'what is kept of sightings that matched nothing', [
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

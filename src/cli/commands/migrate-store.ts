import type { Command } from 'commander'
import { type StorePlace, storeDirectory } from '../../config.ts'
import { systemClock, systemRandom } from '../../core/index.ts'
import { HindraError } from '../../errors.ts'
import type { MoveReport } from '../../keeping/index.ts'
import { withExamples } from '../help.ts'
import { needDataKey } from '../installation.ts'
import { fields } from '../output.ts'
import type { Shell } from '../shell.ts'

const DIRECTORY = 'directory'

export function define(command: Command, shell: Shell): void {
  withExamples(command, [
    'hindra migrate-store postgres://hindra@db.example/hindra',
    'HINDRA_STORE=postgres://hindra@db.example/hindra hindra migrate-store directory',
  ])
    .argument('<to>', 'postgres://host/database?schema=name, or "directory": the data directory')
    .action(async (to: string) => {
      const { config } = await shell.settings()
      const { moveStore } = await import('../../keeping/index.ts')
      const report = await moveStore({
        config,
        to: placeOf(to, storeDirectory(config)),
        dataKey: await needDataKey(config),
        clock: systemClock,
        random: systemRandom,
        progress(line) {
          shell.output().note(line)
        },
      })
      shell.output().answer(report, (moved) => asText(moved, to))
    })
}

function placeOf(to: string, directory: string): StorePlace {
  if (to === DIRECTORY) return { directory }
  if (/^postgres(ql)?:/.test(to)) {
    const url = URL.parse(to)
    if (url !== null && (url.password !== '' || url.searchParams.has('password'))) {
      // Every user of the machine can read it in the list of processes.
      const detail = 'to: takes no password: PGPASSWORD and ~/.pgpass do'
      throw new HindraError('INVALID_INPUT', detail)
    }
    return { url: to }
  }
  throw new HindraError('INVALID_INPUT', `to: is neither postgres://... nor "${DIRECTORY}"`)
}

function asText({ from, to, pairs, sha256, retired }: MoveReport, place: string): string {
  const next =
    place === DIRECTORY
      ? 'Now take store.url out of the settings (HINDRA_STORE), then hindra doctor.'
      : 'Now set store.url (HINDRA_STORE) to the new place, then hindra doctor.'
  return `${fields({ from, to, records: pairs, sha256, 'the former store': retired })}\n${next}`
}

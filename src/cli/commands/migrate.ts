import type { Command } from 'commander'
import { systemClock, systemRandom } from '../../core/index.ts'
import type { MigrationReport } from '../../keeping/index.ts'
import { withExamples } from '../help.ts'
import { needDataKey } from '../installation.ts'
import type { Shell } from '../shell.ts'

interface MigrateOptions {
  readonly dryRun?: boolean
  readonly backup?: string
}

export function define(command: Command, shell: Shell): void {
  withExamples(command, [
    'hindra migrate --dry-run',
    'hindra migrate',
    'hindra migrate --backup /backups/before.backup',
  ])
    .option('--dry-run', 'say what would be done, and change nothing')
    .option(
      '--backup <file>',
      'where the store as it is now is backed up to; by default a new file in the data directory',
    )
    .action(async ({ dryRun = false, backup }: MigrateOptions) => {
      const { config } = await shell.settings()
      const { migrateStore } = await import('../../keeping/index.ts')
      let saidThousands = -1
      const report = await migrateStore({
        config,
        dataKey: await needDataKey(config),
        clock: systemClock,
        random: systemRandom,
        dryRun,
        backup,
        progress(what, records) {
          // A line for each thousand, so that a log of the night stays short.
          const thousands = Math.floor(records / 1_000)
          if (records === 0) shell.output().note(what)
          else if (thousands !== saidThousands) shell.output().note(`${what}: ${records} so far`)
          saidThousands = thousands
        },
      })
      shell.output().answer(report, asText)
    })
}

function asText({ from, to, dryRun, needed, steps, backup }: MigrationReport): string {
  if (!needed) return `the data directory has format ${to}: nothing is to be done`
  const done = steps.map(({ name, records }) => `${name}: ${records} records`)
  if (dryRun) {
    return [
      `from format ${from} to ${to}:`,
      ...done,
      'nothing was changed; hindra migrate does it',
    ].join('\n')
  }
  const back = `how it was lies in ${backup ?? ''}: hindra restore brings it back for the older version`
  return [`format ${to} now, it was ${from}`, ...done, back].join('\n')
}

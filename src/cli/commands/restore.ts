import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Command } from 'commander'
import type { BackupKey, RestoreReport } from '../../backup/index.ts'
import { type Config, type StorePlace, dataKeySource, storePlace } from '../../config.ts'
import { DATA_KEY_BYTES, readDataKey, systemClock, systemRandom } from '../../core/index.ts'
import { HindraError } from '../../errors.ts'
import type { AfterWitness } from '../../keeping/index.ts'
import { readKey } from '../credentials.ts'
import { readEscrowFile } from '../escrow-file.ts'
import { withExamples } from '../help.ts'
import { fields } from '../output.ts'
import { removeStore } from '../../store/index.ts'
import type { Shell } from '../shell.ts'

interface RestoreOptions {
  readonly keyFile?: string
  readonly escrowKey?: string
  readonly check?: boolean
  readonly afterWitness?: boolean
  readonly secondKeyFile?: string
}

export function define(command: Command, shell: Shell): void {
  withExamples(command, [
    'hindra restore hindra.backup --check',
    'hindra restore hindra.backup --data /srv/hindra-2',
    'hindra restore hindra.backup --data /srv/hindra-2 --key-file /safe/data.key',
    'hindra restore hindra.backup --data /srv/hindra-2 --escrow-key /safe/escrow.private.jwk',
    'hindra restore hindra.backup --data /srv/hindra-2 --after-witness --second-key-file B.key',
  ])
    .argument('<backup>')
    .option('--key-file <file>', 'the data key of its time; else that of the Hindra that is here')
    .option(
      '--escrow-key <file>',
      'open it by a private escrow key, without the data key of its time',
    )
    .option(
      '--after-witness',
      'accept that a witness (audit.witnesses) has seen more than the backup holds: two persons answer for it, you (HINDRA_KEY) and a second one',
    )
    .option('--second-key-file <file>', 'the key of the second person, an admin or an auditor')
    .option('--check', 'read all of it and write nothing')
    .action(async (file: string, options: RestoreOptions) => {
      if (!existsSync(file)) throw new HindraError('INVALID_INPUT', `there is nothing at ${file}`)
      const { config } = await shell.settings()
      const key = await backupKey(shell, options)
      const { checkBackup, restoreBackup } = await import('../../backup/index.ts')
      if (options.check === true) {
        shell.output().answer(await checkBackup(file, key, systemRandom), asText)
        return
      }
      const secrets = secretsOf(shell, options)
      const place = { store: storePlace(config), ...keyOfPlace(config, key) }
      const { madeAt } = place
      try {
        const restored = await restoreBackup(file, key, place, systemRandom)
        const warn = (message: string) => shell.terminal.stderr.write(`${message}\n`)
        const lost = secrets && (await accepted(config, place, restored, secrets, warn))
        shell.output().answer({ ...restored, ...(lost && { lost }) }, asText)
      } catch (error) {
        // Else the next one, with the right key, would take it for that of the place.
        if (madeAt !== undefined) rmSync(madeAt, { force: true })
        throw error
      }
      if (madeAt !== undefined) {
        shell.output().note(`The data key of it is ${madeAt}: keep a copy apart from the data.`)
      }
      shell
        .output()
        .note(
          'Mail and rechecks since the backup are forgotten: start with takedown.stop: true, look, go on.',
        )
    })
}

/** What opens the backup: what is named, else the data key of here, else that of the Hindra beside it. */
async function backupKey(shell: Shell, { escrowKey, keyFile }: RestoreOptions): Promise<BackupKey> {
  if (escrowKey !== undefined && keyFile !== undefined) {
    throw new HindraError('INVALID_INPUT', 'give --key-file or --escrow-key, one of both')
  }
  if (escrowKey !== undefined) return { escrow: readEscrowFile(escrowKey) }
  if (keyFile !== undefined) return { dataKey: readDataKey({ file: keyFile }) }
  const here = dataKeySource((await shell.settings()).config)
  const beside = dataKeySource((await shell.settingsBeside()).config)
  const isHere = here.file === undefined || existsSync(here.file)
  return { dataKey: readDataKey(isHere ? here : beside) }
}

/**
 * The data key of the restored store: what its settings name. Where that is a file that is not there, it
 * is made: the key that opened the backup, or, opened by an escrow key, a new one.
 */
function keyOfPlace(
  config: Config,
  key: BackupKey,
): { readonly dataKey: Uint8Array; readonly madeAt?: string } {
  const source = dataKeySource(config)
  const { file } = source
  if (file === undefined || existsSync(file)) return { dataKey: readDataKey(source) }
  const dataKey = 'dataKey' in key ? key.dataKey : systemRandom.bytes(DATA_KEY_BYTES)
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  writeFileSync(file, `${Buffer.from(dataKey).toString('base64')}\n`, { mode: 0o600, flag: 'wx' })
  return { dataKey, madeAt: file }
}

/** The keys of the two persons; undefined where no witness is to be overridden. */
function secretsOf(
  shell: Shell,
  { afterWitness, secondKeyFile }: RestoreOptions,
): readonly [string, string] | undefined {
  if (afterWitness !== true) return undefined
  const first = readKey(shell.terminal.env)
  if (first === undefined || secondKeyFile === undefined) {
    throw new HindraError(
      'INVALID_INPUT',
      '--after-witness needs two persons: HINDRA_KEY_FILE and --second-key-file',
    )
  }
  return [first, readFileSync(secondKeyFile, 'utf8').trim()]
}

/** What two persons answer for; the store that they do not answer for goes again. */
async function accepted(
  config: Config,
  { store, dataKey }: { readonly store: StorePlace; readonly dataKey: Uint8Array },
  { id }: RestoreReport,
  secrets: readonly [string, string],
  warn: (message: string) => void,
): Promise<AfterWitness | undefined> {
  const { acceptAfterWitness, witnessWays } = await import('../../keeping/index.ts')
  try {
    return await acceptAfterWitness({
      config,
      dataKey,
      backup: id,
      secrets,
      ways: witnessWays(config),
      clock: systemClock,
      random: systemRandom,
      warn,
    })
  } catch (error) {
    await removeStore(store)
    throw error
  }
}

function asText(restored: RestoreReport & { readonly lost?: AfterWitness }): string {
  const { id, at, pairs, lost } = restored
  const known = fields({ backup: id, 'taken at': at, records: pairs })
  if (lost === undefined) return known
  const { witnessed, entries, from, to } = lost
  const acts = `${witnessed - entries} entries of the audit, and all that they tell of`
  return `${known}\n${fields({ lost: acts, between: `${from ?? 'the beginning'} and ${to}` })}`
}

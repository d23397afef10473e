import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { ContactKey } from '../confidence/index.ts'
import { systemClock } from '../core/index.ts'
import { HindraError, toHindraError } from '../errors.ts'
import { fields, table } from './output.ts'
import type { Shell } from './shell.ts'
import { readTextFile } from './text-file.ts'

/** The keys that letters are encrypted with: those of the server, and one before it is put into the settings. */
export function addKeyCommands(route: Command, shell: Shell): void {
  route
    .command('keys')
    .description('whose letters are encrypted with which key, and who is told by a portal only')
    .action(() =>
      shell.withClient(async (client) => {
        shell.output().answer(await client.contacts.keys(), keyTable)
      }),
    )

  route
    .command('check-key <address> <file>')
    .description('whether letters to the address can be encrypted with this file; changes nothing')
    .action(async (address: string, file: string) => {
      const checked = await check(
        address,
        file,
        (await shell.settings()).config.takedown.keyWarnDays,
      )
      shell.output().answer(checked, checkText)
    })
}

/** What a file is, and the setting that makes letters to the address be encrypted with it. */
interface CheckedKey {
  readonly key: ContactKey
  readonly setting: string
}

/** Throws INVALID_INPUT where nothing could be encrypted with it: unreadable, weak, not for encryption, expired. */
async function check(address: string, file: string, keyWarnDays: number): Promise<CheckedKey> {
  const [{ z }, { openConfidence }] = await Promise.all([
    import('zod'),
    import('../confidence/index.ts'),
  ])
  if (!z.email().safeParse(address).success) throw refused('address', 'is no mail address')
  const path = resolve(file)
  const text = readTextFile(path, undefined)
  const way = text.includes('BEGIN CERTIFICATE') ? { certificate: path } : { openpgp: path }
  const confidence = { [address]: way }
  const opened = await openConfidence({ confidence, keyWarnDays }).catch((cause: unknown) => {
    throw refused('file', toHindraError(cause).message.replace(SETTING, ''))
  })
  const [key] = opened.list(systemClock.now())
  if (key === undefined) throw new Error('a key that was read is listed')
  if (key.state === 'ended') throw refused('file', key.faults.join('; '))
  return { key, setting: `takedown.confidence: ${JSON.stringify(confidence)}` }
}

/** What a message about a setting begins with, which this file is not in yet. */
const SETTING = /^takedown\.confidence: /

function refused(field: 'address' | 'file', why: string): HindraError {
  return new HindraError('INVALID_INPUT', `${field}: ${why}`, { field })
}

function checkText({ key, setting }: CheckedKey): string {
  const { address, kind, expiresAt, fingerprints, faults } = key
  return [
    fields({
      address,
      kind,
      ends: expiresAt ?? 'never',
      fingerprint: fingerprints.join(' '),
      'to look at': faults.length === 0 ? 'nothing' : faults.join('; '),
    }),
    'Ask its owner by telephone whether that is the fingerprint. Letters are encrypted with it once the',
    `settings say so and the server was started anew: ${setting}`,
  ].join('\n')
}

function keyTable(keys: readonly ContactKey[]): string {
  if (keys.length === 0) return 'nobody has a key, and nobody is told by a portal only'
  return table(
    ['address', 'kind', 'ends', 'state', 'fingerprint', 'to look at'],
    keys.map(({ address, kind, expiresAt, state, fingerprints, faults }) => [
      ...[address, kind, expiresAt ?? (kind === 'portal-only' ? null : 'never')],
      ...[state, fingerprints.join(' '), faults.join('; ')],
    ]),
  )
}

import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { createClient } from '../../client/index.ts'
import { dataKeySource, type LoadedConfig, storePlace } from '../../config.ts'
import { DATA_KEY_BYTES, defined, readDataKey, systemRandom } from '../../core/index.ts'
import { HindraError } from '../../errors.ts'
import { placeName } from '../../store/index.ts'
import { askFeatures } from '../ask-features.ts'
import { connect } from '../connect.ts'
import { withExamples } from '../help.ts'
import { commandConfig, isInitialised } from '../installation.ts'
import { fields } from '../output.ts'
import { settingsTemplate } from '../settings-template.ts'
import type { Shell } from '../shell.ts'

interface Initialised {
  readonly data: string
  readonly settings: string
  /** Where the data key is; never the key. */
  readonly dataKey: string
  /** Whether items keep local features. */
  readonly features: boolean
  readonly admin?: { readonly personId: string; readonly key: string }
}

export function define(command: Command, shell: Shell): void {
  withExamples(command, [
    'hindra init --admin "Ada Admin"',
    'hindra init --admin "Ada Admin" --features yes --data /srv/hindra',
  ])
    .option('--admin <name>', 'make the first person, an admin, and show its key once')
    .option('--pseudonym <text>', 'pseudonym of that admin', 'admin')
    .option('--features <yes|no>', 'items keep local features; asked where it is not given')
    .action(async (options: { admin?: string; pseudonym: string; features?: string }) => {
      const loaded = await shell.settings()
      if (await isInitialised(loaded.config)) {
        const place = placeName(storePlace(loaded.config))
        throw new HindraError('ALREADY_INITIALISED', `there is a Hindra in ${place}`)
      }
      const keepsFeatures = await askFeatures(options.features, loaded, shell.terminal)
      const made = await makeStore(loaded, keepsFeatures)
      const admin =
        options.admin === undefined
          ? undefined
          : await makeAdmin(loaded, options.admin, options.pseudonym)
      shell.output().answer<Initialised>({ ...made, ...defined({ admin }) }, asText)
    })
}

async function makeStore(loaded: LoadedConfig, features: boolean): Promise<Initialised> {
  const { config } = loaded
  mkdirSync(config.data, { recursive: true })
  chmodSync(config.data, 0o700)

  const { file } = dataKeySource(config)
  if (file !== undefined && !existsSync(file)) {
    const key = Buffer.from(systemRandom.bytes(DATA_KEY_BYTES)).toString('base64')
    writeFileSync(file, `${key}\n`, { mode: 0o600, flag: 'wx' })
  }
  const settings = loaded.file ?? join(config.data, 'hindra.yaml')
  if (!existsSync(settings)) {
    writeFileSync(settings, settingsTemplate({ 'features.store': features }), { mode: 0o600 })
  }

  const { createEngine } = await import('../../engine.ts')
  const engine = await createEngine({
    config: commandConfig(config),
    dataKey: readDataKey(dataKeySource(config)),
  })
  await engine.shutdown()
  return { data: config.data, settings, dataKey: file ?? 'as configured', features }
}

async function makeAdmin(
  loaded: LoadedConfig,
  name: string,
  pseudonym: string,
): Promise<{ personId: string; key: string }> {
  const settings = () => Promise.resolve(loaded)
  const place = { url: undefined, env: {}, data: loaded.config.data, settings }
  // Without a key and on the spot: the operator may do this and little else.
  const transport = await connect(place, undefined, () => undefined)
  const client = createClient(transport)
  try {
    const { id } = await client.people.add({ name, pseudonym, kind: 'person', roles: ['admin'] })
    const { secret } = await client.keys.create({ personId: id, label: 'from hindra init' })
    return { personId: id, key: secret }
  } finally {
    await transport.close()
  }
}

function asText({ admin, ...made }: Initialised): string {
  const lines = [
    fields({ ...made, ...defined({ admin: admin?.personId, key: admin?.key }) }),
    '',
    `Keep a copy of the data key apart from the data: without it no record can be read.`,
  ]
  if (admin !== undefined) {
    lines.push('The key is shown this once: export HINDRA_KEY=...')
    lines.push(`To sign in by a browser: hindra people invite ${admin.personId}`)
  }
  lines.push('Next: hindra doctor, then hindra serve')
  return lines.join('\n')
}

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse as parseYaml } from 'yaml'
import { dataDirectory, isObject, own } from '../core/index.ts'
import { HindraError } from '../errors.ts'

export interface ConfigSources {
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Dotted path to value. */
  readonly flags?: Readonly<Record<string, unknown>>
  /** Settings file; by default HINDRA_CONFIG, else hindra.yaml in the data directory. */
  readonly file?: string | undefined
}

export type SettingPlace = 'file' | 'environment' | 'flag'

/** What was set where; nothing of it is checked. */
export interface GivenSettings {
  readonly data: string
  /** The file that was read, if any. */
  readonly file: string | undefined
  /** Paths of what flags and the file set. */
  readonly named: readonly string[]
  /** What is in force of a setting; undefined where nobody has set it. */
  of(path: string): { readonly value: unknown; readonly from: SettingPlace } | undefined
}

/** Flags override environment overrides file. Throws INVALID_CONFIG where the file cannot be read. */
export function givenSettings({
  env = process.env,
  flags = {},
  file,
}: ConfigSources): GivenSettings {
  const { data: flag } = flags
  const data = dataDirectory(env, typeof flag === 'string' ? flag : undefined)
  const named = file ?? env['HINDRA_CONFIG']
  const path = named ?? join(data, 'hindra.yaml')
  const isThere = existsSync(path)
  if (named !== undefined && !isThere) {
    throw new HindraError('INVALID_CONFIG', `the settings file ${path} does not exist`)
  }
  const fromFile = isThere ? flatten(readYaml(path)) : new Map<string, unknown>()
  return {
    data,
    file: isThere ? path : undefined,
    named: [...fromFile.keys(), ...Object.keys(flags)],
    of(setting) {
      const flagged = own(flags, setting)
      if (flagged !== undefined) return { value: flagged, from: 'flag' }
      const text = own(env, variableOf(setting))
      if (text !== undefined && text !== '') return { value: fromText(text), from: 'environment' }
      if (!fromFile.has(setting)) return undefined
      return { value: fromFile.get(setting), from: 'file' }
    },
  }
}

/** `HINDRA_` and the path; the store, which many name, has the short one. */
export function variableOf(path: string): string {
  if (path === 'store.url') return 'HINDRA_STORE'
  return `HINDRA_${path.replace(/([a-z])([A-Z])/g, '$1_$2').replaceAll('.', '_')}`.toUpperCase()
}

function readYaml(file: string): unknown {
  try {
    return parseYaml(readFileSync(file, 'utf8')) ?? {}
  } catch (cause) {
    throw new HindraError('INVALID_CONFIG', `${file} is not readable YAML`, { cause })
  }
}

function fromText(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

export function flatten(tree: unknown): Map<string, unknown> {
  const flat = new Map<string, unknown>()
  if (!isObject(tree)) return flat
  for (const [name, value] of Object.entries(tree)) {
    // A section of which nothing is set.
    if (value === null) continue
    if (!isObject(value)) flat.set(name, value)
    else for (const [key, child] of Object.entries(value)) flat.set(`${name}.${key}`, child)
  }
  return flat
}

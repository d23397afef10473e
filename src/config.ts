import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse as parseYaml } from 'yaml'
import { z } from 'zod'
import { SECRET } from './config/fields.ts'
import { GONE } from './config/gone.ts'
import { type Config, schema } from './config/schema.ts'
import { dataDirectory, own, wholePath } from './core/index.ts'
import { HindraError } from './errors.ts'

export type { Config } from './config/schema.ts'
export { dataKeySource, storeDirectory } from './config/places.ts'
export { UNNAMED } from './config/takedown.ts'
export { providerRow } from './config/trace.ts'

/** One setting as `hindra config` shows it. */
export interface SettingView {
  readonly path: string
  readonly env: string
  /** The value in force; `***` for a secret that is set. */
  readonly value: unknown
  readonly from: 'default' | 'file' | 'environment' | 'flag'
  readonly meaning: string
}

export interface LoadedConfig {
  readonly config: Config
  readonly settings: readonly SettingView[]
  /** The file that was read, if any. */
  readonly file: string | undefined
}

export interface ConfigSources {
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Dotted path to value. */
  readonly flags?: Readonly<Record<string, unknown>>
  /** Settings file; by default HINDRA_CONFIG, else hindra.yaml in the data directory. */
  readonly file?: string | undefined
}

/**
 * Flags override environment overrides file overrides defaults. Throws INVALID_CONFIG with every
 * problem at once.
 */
export function loadConfig(sources: ConfigSources = {}): LoadedConfig {
  const env = sources.env ?? process.env
  const flags = sources.flags ?? {}
  const flag = flags['data']
  const data = dataDirectory(env, typeof flag === 'string' ? flag : undefined)
  const named = sources.file ?? env['HINDRA_CONFIG']
  const file = named ?? join(data, 'hindra.yaml')
  const fromFile = existsSync(file) ? flatten(readYaml(file)) : new Map<string, unknown>()
  if (named !== undefined && !existsSync(file)) {
    throw new HindraError('INVALID_CONFIG', `the settings file ${file} does not exist`)
  }

  const values = new Map<string, unknown>(fromFile)
  const origin = new Map<string, SettingView['from']>([...fromFile.keys()].map((k) => [k, 'file']))
  for (const path of [...leaves().map((leaf) => leaf.path), ...GONE.keys()]) {
    const text = own(env, variableOf(path))
    if (text !== undefined && text !== '') set(path, fromText(text), 'environment')
  }
  for (const [path, value] of Object.entries(flags)) {
    if (value !== undefined) set(path, value, 'flag')
  }
  if (origin.get('data') !== undefined) values.set('data', data)

  const problems = takeGone(values)
  const parsed = schema.safeParse(nest(values))
  for (const issue of parsed.error?.issues ?? []) {
    problems.push(`${issue.path.join('.') || 'settings'}: ${issue.message}`)
  }
  if (!parsed.success || problems.length > 0) {
    throw new HindraError('INVALID_CONFIG', problems.join('; '))
  }
  const config = { ...parsed.data, data: wholePath(parsed.data.data) }
  const inForce = flatten(config)
  const settings = leaves().map((leaf) => {
    const value = inForce.get(leaf.path)
    const from = origin.get(leaf.path) ?? 'default'
    const shown = leaf.secret && from !== 'default' ? '***' : (value ?? null)
    return { path: leaf.path, env: leaf.env, value: shown, from, meaning: leaf.meaning }
  })
  return { config, settings, file: existsSync(file) ? file : undefined }

  function set(path: string, value: unknown, from: SettingView['from']): void {
    values.set(path, value)
    origin.set(path, from)
  }
}

/** Defaults with changes: for tests, the demo and embedding. Throws INVALID_CONFIG. */
export function configWith(flags: Readonly<Record<string, unknown>>): Config {
  return loadConfig({ env: {}, flags }).config
}

interface Leaf {
  readonly path: string
  readonly env: string
  readonly meaning: string
  readonly secret: boolean
}

/** The schema does not change while a process runs. */
let known: readonly Leaf[] | undefined

function leaves(): readonly Leaf[] {
  known ??= leavesOf(schema)
  return known
}

function leavesOf({ shape }: typeof schema): readonly Leaf[] {
  const found: Leaf[] = []
  for (const [name, field] of Object.entries(shape)) {
    const inner = unwrap(field)
    if (!(inner instanceof z.ZodObject)) {
      found.push(leaf(name, field))
      continue
    }
    for (const [key, child] of Object.entries(inner.shape)) {
      found.push(leaf(`${name}.${key}`, child as z.ZodType))
    }
  }
  return found
}

function leaf(path: string, field: z.ZodType): Leaf {
  const isSecret = unwrap(field).meta()?.title === SECRET
  return { path, env: variableOf(path), meaning: field.description ?? '', secret: isSecret }
}

function variableOf(path: string): string {
  return `HINDRA_${path.replace(/([a-z])([A-Z])/g, '$1_$2').replaceAll('.', '_')}`.toUpperCase()
}

/** Takes out the settings that there are no more; what is wrong with those that ask for what is gone. */
function takeGone(values: Map<string, unknown>): string[] {
  return [...GONE].flatMap(([path, { still, instead }]) => {
    const value = values.get(path) ?? still
    values.delete(path)
    return value === still ? [] : [`${path}: ${instead}`]
  })
}

function unwrap(field: z.ZodType): z.ZodType {
  const wrapped =
    field instanceof z.ZodDefault ||
    field instanceof z.ZodPrefault ||
    field instanceof z.ZodOptional
  return wrapped ? unwrap(field.unwrap() as z.ZodType) : field
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

function flatten(tree: unknown): Map<string, unknown> {
  const flat = new Map<string, unknown>()
  if (!isRecord(tree)) return flat
  for (const [name, value] of Object.entries(tree)) {
    // A section of which nothing is set.
    if (value === null) continue
    if (!isRecord(value)) flat.set(name, value)
    else for (const [key, child] of Object.entries(value)) flat.set(`${name}.${key}`, child)
  }
  return flat
}

/** Entries make properties of their own of any name, where an assignment would set a prototype. */
function nest(flat: ReadonlyMap<string, unknown>): Record<string, unknown> {
  const tree = new Map<string, unknown>()
  for (const [path, value] of flat) {
    const [name = '', key] = path.split(/\.(.*)/s)
    const before = tree.get(name)
    const branch = isRecord(before) ? before : {}
    const kept = Object.entries(branch).filter(([other]) => other !== key)
    tree.set(name, key === undefined ? value : Object.fromEntries([...kept, [key, value]]))
  }
  return Object.fromEntries(tree)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

import { z } from 'zod'
import { SECRET } from './config/fields.ts'
import { GONE } from './config/gone.ts'
import { type Config, schema } from './config/schema.ts'
import {
  type ConfigSources,
  flatten,
  givenSettings,
  type SettingPlace,
  variableOf,
} from './config/sources.ts'
import { isObject, wholePath } from './core/index.ts'
import { HindraError } from './errors.ts'

export { alikeSettings } from './config/alike.ts'
export type { Config } from './config/schema.ts'
export type { ConfigSources } from './config/sources.ts'
export { dataKeySource, storeDirectory, type StorePlace, storePlace } from './config/places.ts'
export { UNNAMED } from './config/takedown.ts'
export { providerRow } from './config/trace.ts'

/** One setting as `hindra config` shows it. */
export interface SettingView {
  readonly path: string
  readonly env: string
  /** The value in force; `***` for a secret that is set. */
  readonly value: unknown
  readonly from: 'default' | SettingPlace
  readonly meaning: string
}

export interface LoadedConfig {
  readonly config: Config
  readonly settings: readonly SettingView[]
  /** The file that was read, if any. */
  readonly file: string | undefined
}

/**
 * Flags override environment overrides file overrides defaults. Throws INVALID_CONFIG with every
 * problem at once.
 */
export function loadConfig(sources: ConfigSources = {}): LoadedConfig {
  const given = givenSettings(sources)
  const values = new Map<string, unknown>()
  const origin = new Map<string, SettingView['from']>()
  const paths = [...leaves().map(({ path }) => path), ...GONE.keys()]
  for (const path of [...given.named, ...paths]) {
    const set = given.of(path)
    if (set === undefined) continue
    values.set(path, set.value)
    origin.set(path, set.from)
  }
  if (origin.get('data') !== undefined) values.set('data', given.data)

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
  return { config, settings, file: given.file }
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

/** Entries make properties of their own of any name, where an assignment would set a prototype. */
function nest(flat: ReadonlyMap<string, unknown>): Record<string, unknown> {
  const tree = new Map<string, unknown>()
  for (const [path, value] of flat) {
    const [name = '', key] = path.split(/\.(.*)/s)
    const before = tree.get(name)
    const branch = isObject(before) ? before : {}
    const kept = Object.entries(branch).filter(([other]) => other !== key)
    tree.set(name, key === undefined ? value : Object.fromEntries([...kept, [key, value]]))
  }
  return Object.fromEntries(tree)
}

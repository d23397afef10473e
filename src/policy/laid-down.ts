import { existsSync } from 'node:fs'
import { isObject, packageFile } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { digestOf, isShipped, type PolicyFiles, versionOf } from './policy-files.ts'

/** A file of the policy as it is in force. */
export interface LaidDownFile {
  /** Below the directory of `policy.directory`, and below `policy/` of what is shipped: `routes.yaml`. */
  readonly name: string
  /** Whether the house has put a copy of its own in its place. */
  readonly isOwn: boolean
  /** False for a file of the house that no part of Hindra reads: a name that was mistyped, say. */
  readonly isRead: boolean
  /** What the file calls itself, where it does, with a digest of its content; null for one that is not read, or is no YAML. */
  readonly version: string | null
  /** When it was last compared with the world, in its own words. */
  readonly asOf: string | null
}

/** One thing that a file says. */
export interface LaidDownLine {
  /** Where it stands, from the outside in: `rules.home.why`. */
  readonly at: string
  /** Several values behind one another; null where the file leaves it open. */
  readonly says: string | null
}

/** What the house laid down in files, as this process has read it: what is written there since waits for a start. */
export interface LaidDown {
  list(): readonly LaidDownFile[]
  /** What a file says, line by line; undefined where there is none of that name. Throws INVALID_CONFIG. */
  lines(name: string): readonly LaidDownLine[] | undefined
}

/** Folders whose every file is read, whatever it is called. */
const FOLDERS = ['assessment', 'jurisdictions']
/** Under what a part of a list is found, where it has a name. */
const NAMES = ['rule', 'name']

export function createLaidDown(files: PolicyFiles): LaidDown {
  const names = [
    ...files.list(''),
    ...FOLDERS.flatMap((folder) => files.list(folder).map((file) => `${folder}/${file}`)),
  ]
  // A file of the house stands in the place of one that is shipped, and is read by no other name.
  const isRead = (name: string) => name.includes('/') || existsSync(packageFile(`policy/${name}`))

  function fileOf(name: string): LaidDownFile {
    const nothing = { name, isOwn: true, isRead: isRead(name), version: null, asOf: null }
    if (!isRead(name)) return nothing
    try {
      const file = files.read(name)
      const { version, asOf = null } = file.content as Readonly<Record<string, unknown>>
      return {
        name,
        isOwn: !isShipped(file),
        isRead: true,
        version: version === undefined ? digestOf(file) : versionOf(file, textOf(version)),
        asOf: asOf === null ? null : textOf(asOf),
      }
    } catch (error) {
      // What nobody has needed yet may be no YAML: the list says what of it there is.
      if (error instanceof HindraError && error.code === 'INVALID_CONFIG') return nothing
      throw error
    }
  }

  return {
    list: () => names.map(fileOf),
    lines: (name) =>
      names.includes(name) && isRead(name) ? linesOf('', files.read(name).content) : undefined,
  }
}

function linesOf(at: string, value: unknown): readonly LaidDownLine[] {
  if (Array.isArray(value)) {
    const parts = value as readonly unknown[]
    if (!parts.some(isObject)) return [{ at, says: parts.map(textOf).join(', ') }]
    return parts.flatMap((part, index) =>
      linesOf(below(at, nameIn(part) ?? String(index + 1)), part),
    )
  }
  if (isObject(value)) {
    return Object.entries(value).flatMap(([name, part]) => linesOf(below(at, name), part))
  }
  return [{ at, says: value === null ? null : textOf(value) }]
}

function below(at: string, name: string): string {
  return at === '' ? name : `${at}.${name}`
}

function nameIn(part: unknown): string | undefined {
  if (!isObject(part)) return undefined
  const fields = new Map(Object.entries(part))
  const [named] = NAMES.map((name) => fields.get(name)).filter((one) => typeof one === 'string')
  return named
}

/** A list within a list, or a date that YAML made of a text, included. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  return JSON.stringify(value)
}

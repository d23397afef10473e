import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse as parseYaml } from 'yaml'
import type { z } from 'zod'
import { HindraError } from '../errors.ts'
import { packageFile } from '../core/index.ts'

/** Enough to tell two contents of a file apart. */
const DIGEST_CHARS = 8

/** A data file as it is in force. */
export interface PolicyFile {
  readonly path: string
  readonly content: unknown
}

/** The data files that say who is told: those shipped, unless the operator has one of that name. */
export interface PolicyFiles {
  /** Reads a file by its name below `policy/`: `routes.yaml`. Throws INVALID_CONFIG where it is no YAML. */
  read(name: string): PolicyFile
  /** Names below a folder, of both places. */
  list(folder: string): readonly string[]
}

export function policyFiles(directory: string): PolicyFiles {
  const shipped = packageFile('policy')
  /** Whoever reads a file later sees what was in force first: a change on the disk waits for a start. */
  const kept = new Map<string, PolicyFile>()

  function read(name: string): PolicyFile {
    const own = join(directory, name)
    const path = existsSync(own) ? own : join(shipped, name)
    try {
      return { path, content: path === own ? contentOf(path) : shippedContent(path) }
    } catch (cause) {
      const why = cause instanceof Error ? firstLine(cause.message) : 'no reason given'
      throw new HindraError('INVALID_CONFIG', `${path} is not readable YAML: ${why}`, { cause })
    }
  }

  return {
    read(name) {
      const known = kept.get(name) ?? read(name)
      kept.set(name, known)
      return known
    },
    list(folder) {
      const names = [directory, shipped].flatMap((place) => {
        const path = join(place, folder)
        return existsSync(path) ? readdirSync(path) : []
      })
      return [...new Set(names)].filter((name) => name.endsWith('.yaml')).sort()
    },
  }
}

/** Whether it came with Hindra: else the house has put it there. */
export function isShipped({ path }: Pick<PolicyFile, 'path'>): boolean {
  return path.startsWith(packageFile('policy'))
}

/** What ships with Hindra does not change while a process runs, and YAML takes its time: each is read once. */
const shippedContents = new Map<string, unknown>()

function shippedContent(path: string): unknown {
  if (!shippedContents.has(path)) shippedContents.set(path, frozen(contentOf(path)))
  return shippedContents.get(path)
}

/** IANA's registries are JSON, and large: what reads only that reads them many times as fast. */
function contentOf(path: string): unknown {
  const text = readFileSync(path, 'utf8')
  return path.endsWith('.json') ? (JSON.parse(text) as unknown) : (parseYaml(text) as unknown)
}

/** All who read the file share it. */
function frozen(content: unknown): unknown {
  if (typeof content === 'object' && content !== null) {
    for (const value of Object.values(content)) frozen(value)
    Object.freeze(content)
  }
  return content
}

/**
 * The content of one file as its schema has it. Throws INVALID_CONFIG with every problem of the file at once.
 *
 * @param problemsOf What no schema can say of a content that has its shape: each problem, behind where it stands
 */
export function readPolicyFile<Schema extends z.ZodType>(
  files: Pick<PolicyFiles, 'read'>,
  name: string,
  schema: Schema,
  problemsOf: (content: z.output<Schema>) => readonly string[] = () => [],
): z.output<Schema> {
  const { path, content } = files.read(name)
  const parsed = schema.safeParse(content)
  const problems = parsed.success
    ? problemsOf(parsed.data)
    : parsed.error.issues.map(
        (issue) => `${issue.path.map(String).join('.') || 'the file'}: ${issue.message}`,
      )
  if (parsed.success && problems.length === 0) return parsed.data
  throw refusedFiles([{ path, problems }])
}

/** What files are refused as: every problem of each, and the setting that says where they lie. */
export function refusedFiles(
  refused: readonly { readonly path: string; readonly problems: readonly string[] }[],
): HindraError {
  const said = refused.map(({ path, problems }) => `${path}: ${problems.join('; ')}`)
  return new HindraError('INVALID_CONFIG', said.join('; '), { field: 'policy.directory' })
}

/** The version that a file gives itself, with a digest of its content, so that no two contents are of one version. */
export function versionOf(file: Pick<PolicyFile, 'content'>, version: string): string {
  return `${version}+${digestOf(file)}`
}

/** What tells two contents of a file apart, also where it gives itself no version. */
export function digestOf({ content }: Pick<PolicyFile, 'content'>): string {
  const digest = createHash('sha256').update(JSON.stringify(content)).digest('hex')
  return digest.slice(0, DIGEST_CHARS)
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? ''
}

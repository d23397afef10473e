import { z } from 'zod'
import { type Permission, type Principal, requirePermission } from '../access/terms.ts'
import type { Config } from '../config.ts'
import { own } from '../core/index.ts'
import { HindraError, type RefusalSentence } from '../errors.ts'
import type { Sighting } from '../intake/terms.ts'
import type { BodyKind } from './body-limits.ts'
import type { Parts } from './parts.ts'
import { type Rate, usualRate } from './rates.ts'

/** Who may call an operation: the holders of a permission, or of each of several, or whoever has signed in. */
export type Requirement = Permission | readonly Permission[] | 'signed-in'

/** Method and pattern of a route, with `:id`: `POST /v1/notices/:id/retry`. */
export type RoutePlace = `${'GET' | 'POST'} /${string}`

/**
 * How an answer that shows what is sealed gets into the audit, by which name, before whoever asked has it: `one`
 * record, which the path names; a `page` of a list, behind which row and how many; `all` of a list, how many;
 * and what programs ask for `often`, counted by the minute.
 */
export type DeclaredReading = readonly [kind: 'one' | 'page' | 'all' | 'often', action: string]

/** What is told of everything that can be asked. */
export interface Declared {
  readonly needs: Requirement
  /** One line: what it is for. */
  readonly says: string
  /** How often it may be asked; by its method unless told (`usualRate`). */
  readonly rate?: Rate
}

interface Placed extends Declared {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly rate: Rate
}

/** How a refused input is told of: by the name of its field first, or in the words of its schema alone. */
export type IssueWords = 'field first' | 'alone'

/** The fields of an input by name, or a schema that checks them together. */
export type Fields = z.ZodRawShape | z.ZodType
export type SchemaOf<Input extends Fields> = Input extends z.ZodType
  ? Input
  : Input extends z.ZodRawShape
    ? z.ZodObject<Input, z.core.$strict>
    : never

/** What is asked with fields, whatever brings them: guarded, checked, run and audited in one place (`ask`). */
export interface Asked<Schema extends z.ZodType = z.ZodType, Answer = unknown> extends Declared {
  readonly path: string
  readonly rate: Rate
  readonly input: Schema
  /** `field first` unless told. */
  readonly words?: IssueWords
  /** HTTP status of success. */
  readonly status: 200 | 201
  /** How much somebody may send: the weakest roles little, whatever the operation takes of others. */
  readonly body: (by: Principal) => BodyKind
  /** Absent where the answer shows nothing sealed, or the stage audits what it does by itself. */
  readonly reads?: DeclaredReading
  run(parts: Parts, by: Principal, input: z.output<Schema>): Promise<Answer>
  /** How many rows all pages of a list have, up to a number, where its stage knows without reading them. */
  total?(parts: Parts, input: z.output<Schema>, max: number): Promise<number>
}

/** An operation that takes fields, of path and query (GET) or of path and body (POST), and answers JSON. */
export interface Operation<Schema extends z.ZodType = z.ZodType, Answer = unknown>
  extends Placed,
    Asked<Schema, Answer> {
  readonly kind: 'call'
  /** Follows for clients that accept text/event-stream. Rejects as `run` does, before it begins. */
  events?(
    parts: Parts,
    by: Principal,
    input: z.output<Schema>,
    lastEventId: string | undefined,
  ): Promise<EventStream>
}

/** One open stream of events. */
export interface EventStream {
  /** Events in portions that fit into memory; waits for more until aborted. */
  pages(signal: AbortSignal): AsyncIterable<readonly ServerEvent[]>
  /** Called once, when the stream is over. */
  closed(): void
}

export interface ServerEvent {
  readonly id: string
  readonly event: string
  readonly data: unknown
}

/** An operation that takes sightings as lines, with media or without, and answers each while the request still runs. */
export interface FeedOperation<Answer extends object = object> extends Placed {
  readonly kind: 'feed'
  /** Which limit slows somebody's lines. */
  pace(parts: Parts, by: Principal): 'sightings' | 'scans' | 'screenings'
  /** Whether a search alone does the line, so that thousands may be worked on at once. */
  readonly isLight?: (sighting: Sighting) => boolean
  /** @param worked Told when only the moment of the answer is waited for, so that another line may be worked on */
  run(parts: Parts, by: Principal, sighting: Sighting, worked?: () => void): Promise<Answer>
}

/** How large one part of a form may be, and the setting that says so. */
export interface PartLimit {
  readonly bytesMax: number
  readonly setting: string
}

/** An operation that takes the parts of a form (multipart/form-data), media among them. */
export interface UploadOperation extends Placed {
  readonly kind: 'upload'
  /** What it takes, by name. */
  readonly form: (config: Config) => Readonly<Record<string, PartLimit>>
  /** Throws INVALID_INPUT where a part is missing. */
  run(
    parts: Parts,
    by: Principal,
    form: Readonly<Partial<Record<string, Uint8Array>>>,
  ): Promise<object>
}

/** An operation that answers bytes in any number; the answer breaks off where they do. */
export interface DownloadOperation extends Placed {
  readonly kind: 'download'
  readonly contentType: string
  run(parts: Parts, by: Principal): Promise<AsyncIterable<Uint8Array>>
}

/** An operation that answers in a text format of its own, for whoever watches the process. */
export interface TextOperation extends Placed {
  readonly kind: 'text'
  readonly contentType: string
  run(parts: Parts): Promise<string>
}

export type AnyOperation =
  | Operation
  | FeedOperation
  | UploadOperation
  | DownloadOperation
  | TextOperation

/** Declares an operation whose input is checked by a schema before `run` sees it. */
export function operation<const Input extends Fields, Answer>(
  place: RoutePlace,
  declared: Declared & {
    readonly input: Input
    readonly status?: 201
    /** `small` unless told. */
    readonly body?: BodyKind | ((by: Principal) => BodyKind)
    readonly reads?: DeclaredReading
    run(parts: Parts, by: Principal, input: z.output<SchemaOf<Input>>): Promise<Answer>
    total?: NonNullable<Operation<SchemaOf<Input>>['total']>
    events?: NonNullable<Operation<SchemaOf<Input>>['events']>
  },
): Operation<SchemaOf<Input>, Answer> {
  const { input, status = 200, body = 'small', ...rest } = declared
  const schema = input instanceof z.ZodType ? input : z.strictObject(input)
  // TypeScript cannot see that the schema of either kind is what SchemaOf says of it.
  return {
    ...placed(place),
    ...rest,
    kind: 'call',
    input: schema as SchemaOf<Input>,
    status,
    body: typeof body === 'function' ? body : () => body,
  }
}

export function feed<Answer extends object>(
  place: RoutePlace,
  declared: Unplaced<FeedOperation<Answer>>,
): FeedOperation<Answer> {
  return { ...placed(place), rate: 'feed', ...declared, kind: 'feed' }
}

export function upload(place: RoutePlace, declared: Unplaced<UploadOperation>): UploadOperation {
  return { ...placed(place), rate: 'upload', ...declared, kind: 'upload' }
}

export function download(
  place: RoutePlace,
  declared: Unplaced<DownloadOperation>,
): DownloadOperation {
  return { ...placed(place), ...declared, kind: 'download' }
}

export function text(place: RoutePlace, declared: Unplaced<TextOperation>): TextOperation {
  return { ...placed(place), rate: 'watch', ...declared, kind: 'text' }
}

type Unplaced<Kind extends AnyOperation> = Omit<Kind, 'kind' | keyof Placed> & Declared

function placed(place: RoutePlace): Pick<Placed, 'method' | 'path' | 'rate'> {
  const [method, path] = place.split(' ') as ['GET' | 'POST', string]
  return { method, path, rate: usualRate(method) }
}

/** Throws FORBIDDEN. */
export function requireGate(by: Principal, needs: Requirement): void {
  if (needs === 'signed-in') return
  for (const permission of typeof needs === 'string' ? [needs] : needs) {
    requirePermission(by, permission)
  }
}

/** Parses by a schema. Throws INVALID_INPUT that names the first wrong field. */
export function checked<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  words: IssueWords = 'field first',
): z.output<Schema> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const field = issue?.path.join('.') ?? ''
  const said = issue?.message ?? 'is not accepted'
  throw new HindraError(
    'INVALID_INPUT',
    words === 'alone' ? said : `${field === '' ? 'the input' : field}: ${said}`,
    {
      ...(field !== '' && { field }),
      ...(issue !== undefined && { said: refusalOf(issue, value) }),
    },
  )
}

/** What is wrong with a field of an input by what zod found, in no language. */
function refusalOf(issue: z.core.$ZodIssue, input: unknown): RefusalSentence {
  switch (issue.code) {
    case 'invalid_type':
      return valueAt(input, issue.path) === undefined
        ? { says: 'field-missing' }
        : { says: 'field-kind', wanted: issue.expected }
    case 'invalid_value':
      return { says: 'field-choice', choices: issue.values.map(String).join(', ') }
    case 'unrecognized_keys':
      return { says: 'field-unknown', names: issue.keys.join(', ') }
    case 'too_big': {
      const most = Number(issue.maximum)
      if (issue.origin === 'string') return { says: 'field-long', most }
      return { says: issue.origin === 'array' ? 'field-many' : 'field-large', most }
    }
    case 'too_small': {
      const least = Number(issue.minimum)
      if (issue.origin === 'string') return { says: 'field-short', least }
      return { says: issue.origin === 'array' ? 'field-few' : 'field-small', least }
    }
    default:
      return { says: 'field-form' }
  }
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, name) => own((value ?? {}) as Readonly<Record<string, unknown>>, String(name)),
    input,
  )
}

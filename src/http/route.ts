import { z } from 'zod'
import type { Permission, Principal } from '../access/index.ts'
import { HindraError } from '../errors.ts'
import type { Sighting } from '../intake/index.ts'
import type { Gatekeeping } from './authenticate.ts'
import type { PartLimit } from './form.ts'
import type { FeedPace } from './limits.ts'

/** One route as data: who may call it, and how it turns an input into an answer. */
export interface Route {
  readonly method: 'GET' | 'POST'
  /** Pattern, with `:id`. */
  readonly path: string
  readonly permission: Exclude<Gatekeeping, 'public'>
  /** HTTP status of success. */
  readonly status: 200 | 201
  /** True where the body may be as large as `server.bodyBytesMax`. */
  readonly largeBody: boolean
  /** What checks the input, and describes it. */
  readonly input: z.ZodType
  /** `input` is unchecked: the fields of path, query (GET) and body (POST). Throws INVALID_INPUT. */
  answer(by: Principal, input: Readonly<Record<string, unknown>>): Promise<unknown>
  /** For clients that accept text/event-stream. Rejects as `answer` does, before it begins. */
  readonly events?: (
    by: Principal,
    input: Readonly<Record<string, unknown>>,
    lastEventId: string | undefined,
  ) => Promise<EventRoute>
}

export interface ServerEvent {
  readonly id: string
  readonly event: string
  readonly data: unknown
}

/** One open stream of events. */
export interface EventRoute {
  readonly permission: Exclude<Gatekeeping, 'public'>
  /** In portions that fit into memory; waits for more until aborted. */
  pages(signal: AbortSignal): AsyncIterable<readonly ServerEvent[]>
  /** Called once, when the stream is over. */
  closed(): void
}

/** A route that everybody may call, for the supervisor of the process. */
export interface PublicRoute {
  readonly path: string
  answer(): Promise<{ readonly status: 200 | 503; readonly body: object | string }>
}

/** A GET that answers in a format of its own, for whoever watches the process. */
export interface TextRoute {
  readonly path: string
  readonly permission: Permission
  readonly contentType: string
  answer(): Promise<string>
}

/** A GET whose answer is bytes in any number; it breaks off where they do. */
export interface DownloadRoute {
  readonly path: string
  readonly permission: Permission
  readonly contentType: string
  answer(by: Principal): Promise<AsyncIterable<Uint8Array>>
}

/** A route that takes NDJSON and answers each line while the request still runs. */
export interface FeedRoute {
  readonly path: string
  readonly permission: Exclude<Gatekeeping, 'public'>
  readonly pace: FeedPace
  /** Whether a search alone does the line, so that thousands may be worked on at once. */
  readonly isLight?: (sighting: Sighting) => boolean
  answerLine(by: Principal, sighting: Sighting): Promise<object>
}

/** A route that takes the parts of a form (multipart/form-data), media among them. */
export interface UploadRoute {
  readonly path: string
  readonly permission: Exclude<Gatekeeping, 'public'>
  /** What it takes, by name. */
  readonly parts: Readonly<Record<string, PartLimit>>
  /** Throws INVALID_INPUT where a part is missing. */
  answer(by: Principal, parts: Readonly<Partial<Record<string, Uint8Array>>>): Promise<object>
}

interface RouteOptions<Input extends z.ZodType> {
  readonly status?: 201
  readonly largeBody?: true
  readonly events?: (
    by: Principal,
    input: z.output<Input>,
    lastEventId: string | undefined,
  ) => Promise<EventRoute>
}

/** A route whose input is checked by a schema before `answer` sees it. */
export function route<Input extends z.ZodType>(
  [method, path]: readonly [Route['method'], string],
  permission: Route['permission'],
  input: Input,
  answer: (by: Principal, input: z.output<Input>) => Promise<unknown>,
  options: RouteOptions<Input> = {},
): Route {
  const { events } = options
  return {
    method,
    path,
    permission,
    input,
    status: options.status ?? 200,
    largeBody: options.largeBody ?? false,
    // Async, so that what the schema throws is a rejection too.
    answer: async (by, unchecked) => answer(by, checked(input, unchecked)),
    ...(events === undefined
      ? {}
      : {
          events: async (by, unchecked, lastEventId) =>
            events(by, checked(input, unchecked), lastEventId),
        }),
  }
}

/** Parses by a schema. Throws INVALID_INPUT that names the first wrong field. */
export function checked<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): z.output<Schema> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const field = issue?.path.join('.') ?? ''
  throw new HindraError(
    'INVALID_INPUT',
    `${field === '' ? 'the input' : field}: ${issue?.message ?? 'is not accepted'}`,
    field === '' ? {} : { field },
  )
}

export const id = z.string().regex(/^[\w-]{1,64}$/, 'is not an id')

export const reason = z.string().trim().min(1).max(4_000)

/** ISO 3166-1 alpha-2. */
export const isoCountry = z
  .string()
  .regex(/^[A-Z]{2}$/, 'a country is two capital letters (ISO 3166-1)')
/** Of the origin behind a proxy. */
export const addresses = z.array(z.union([z.ipv4(), z.ipv6()], 'is no IP address')).max(16)

/** Null where it is not known. */
export const country = isoCountry.nullable()

const profileWord = z.string().min(1).max(256).nullable().exactOptional()

export const circumstances = z.strictObject({
  ownRequest: z.boolean().exactOptional(),
  account: z.boolean().exactOptional(),
  childCountry: country.exactOptional(),
  offenderCountry: country.exactOptional(),
  referral: z.boolean().exactOptional(),
  inDangerNow: z.boolean().exactOptional().describe('A child is in danger at this moment'),
  childMunicipality: z
    .string()
    .min(1)
    .max(64)
    .nullable()
    .exactOptional()
    .describe("Code or name of the municipality where the child lives: '0180', 'Stockholm'"),
  profileId: profileWord.describe('Of an account: the lasting id that its platform knows it by'),
  profileName: profileWord.describe('Of an account: the name that it shows'),
})

/** A page of a list: the id to go on behind, and how many rows at most. */
export const page = {
  after: id.exactOptional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
}

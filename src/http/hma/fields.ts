import { z } from 'zod'
import { HASHES, hashOfText } from '../../hashes/index.ts'

/** How HMA names kinds of content, and the one hash by which Hindra looks each up. */
export const SIGNAL_OF = { photo: HASHES.pdq.names.hma, video: HASHES.md5.names.hma } as const
/** The same hash in our words. */
export const HASH_OF = { [SIGNAL_OF.photo]: 'pdq', [SIGNAL_OF.video]: 'md5' } as const
export type ContentType = keyof typeof SIGNAL_OF
export type SignalType = (typeof SIGNAL_OF)[ContentType]
export const CONTENT_TYPES = Object.keys(SIGNAL_OF) as readonly ContentType[]
export const SIGNAL_TYPES = Object.values(SIGNAL_OF) as readonly SignalType[]

/** The one file of a form, under the name of its content type. */
export interface SentFile {
  readonly contentType: ContentType
  readonly media: Uint8Array
}

export const file = z.custom<SentFile>(
  (sent) => sent !== undefined,
  'Missing multipart/form-data file upload',
)

export function required(name: string) {
  return z.string(`${name} is required`).min(1, `${name} is required`)
}

export const signalType = z.enum(SIGNAL_TYPES, {
  error: ({ input }) =>
    isBlank(input) ? 'signal_type is required' : `No such SignalType '${quoted(input)}'`,
})

/** Nothing, or a blank, leaves it to the file. */
export const contentType = z.enum([...CONTENT_TYPES, ''], {
  error: ({ input }) => `no such content_type: '${quoted(input)}'`,
})

/** Hashes that HMA would compute, of which Hindra has one for each kind of content. */
export const types = z
  .string()
  .describe('Kinds of hashes, with commas between')
  .transform((text, context) => {
    const names = text.split(',').map((name) => name.trim())
    const asked = names.filter((name) => name !== '')
    if (asked.length === 0) context.addIssue('empty signal type selection')
    return asked
  })

export const banks = z
  .string()
  .describe('Names, with commas between')
  .transform((names) => new Set(names.split(',')))

export const flag = z
  .stringbool({
    truthy: ['true', '1'],
    falsy: ['false', '0'],
    error: 'invalid boolean parameter - prefer true/false',
  })
  .default(false)
  .describe('`true` or `false`')

/** A hash as it is sent, in the writing of its kind. */
export function signal(type: SignalType) {
  return z.string(misspelt(type)).transform((text, context) => {
    const value = hashOfText(HASH_OF[type], text)
    if (value !== undefined) return value
    context.addIssue(misspelt(type))
    return z.NEVER
  })
}

/** What two fields of a query say together. */
export function hashAsked(
  { signal_type: type, signal: text = '' }: { signal_type?: SignalType; signal?: string },
  context: z.RefinementCtx,
): { readonly type: (typeof HASH_OF)[SignalType]; readonly value: string } {
  if (type === undefined) {
    context.addIssue('signal_type is required')
    return z.NEVER
  }
  const value = hashOfText(HASH_OF[type], text)
  if (value !== undefined) return { type: HASH_OF[type], value }
  context.addIssue(text === '' ? 'signal is required' : misspelt(type))
  return z.NEVER
}

function misspelt(type: SignalType): string {
  return `invalid signal: ${type} is written in hex digits`
}

/** A JSON object with something for each kind of hash that is named in it, and what else it may say. */
export function bySignalType<Value extends z.ZodType, Beside extends z.core.$ZodLooseShape>(
  valueOf: (type: SignalType) => Value,
  beside: Beside,
) {
  return z.strictObject(
    {
      [SIGNAL_OF.photo]: valueOf(SIGNAL_OF.photo).exactOptional(),
      [SIGNAL_OF.video]: valueOf(SIGNAL_OF.video).exactOptional(),
      ...beside,
    },
    {
      error: (issue) =>
        issue.code === 'unrecognized_keys'
          ? `No such SignalType '${quoted(issue.keys[0])}'`
          : NO_OBJECT,
    },
  )
}

export const NO_OBJECT = 'the body must be a JSON object'

function isBlank(input: unknown): boolean {
  return input === undefined || input === ''
}

function quoted(input: unknown): string {
  return String(input).slice(0, 40)
}

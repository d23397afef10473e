import { z } from 'zod'
import { canonicalUrl, defined, isoTime, isPlainName, refanged } from '../core/index.ts'
import { type ErrorCode, HindraError } from '../errors.ts'

const REFERENCE_CHARS_MAX = 256
const NOTE_CHARS_MAX = 4000

/** The schema as a check: refuses with a code of the error table instead of zod's own. */
export function refuse(
  context: z.RefinementCtx,
  code: ErrorCode,
  message: string,
  ...path: string[]
): never {
  context.addIssue({ code: 'custom', message, params: { code }, path })
  return z.NEVER
}

/** An absolute http or https URL, kept as it was written. */
export const urlText = z.string().superRefine((text, context) => {
  try {
    canonicalUrl(text)
  } catch (error) {
    if (!(error instanceof HindraError)) throw error
    refuse(context, error.code, error.message)
  }
})

/** The same as people tell it, who hand URLs on so that nobody opens them by accident. */
export const toldUrlText = z.string().transform(refanged).pipe(urlText)

export const referenceText = z.string().trim().min(1).max(REFERENCE_CHARS_MAX)
export const noteText = z.string().trim().min(1).max(NOTE_CHARS_MAX)

const KEPT_TIME_CHARS = 'YYYY-MM-DDTHH:MM:SS.mmmZ'.length

/** ISO 8601 with a zone, brought to UTC. */
export const timeText = z.iso.datetime({ offset: true }).transform((text) => {
  // What is kept of times already, as most programs write them.
  const isKept = text.length === KEPT_TIME_CHARS && text.endsWith('Z')
  return isKept ? text : isoTime(Date.parse(text))
})

/**
 * The value as the schema has it. Throws INVALID_INPUT, or the code of the check that failed, with
 * the path of the field; the message never repeats the value.
 */
export function validate<Value>(schema: z.ZodType<Value>, value: unknown, line?: number): Value {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  if (issue === undefined) throw new HindraError('INTERNAL', 'a check failed without a reason')
  const { field, message } = describe(issue)
  throw new HindraError(
    codeOf(issue),
    field === undefined ? message : `${field}: ${message}`,
    defined({
      field,
      line,
    }),
  )
}

function describe(issue: z.core.$ZodIssue): { field: string | undefined; message: string } {
  const path = issue.path.map(String)
  if (issue.code !== 'unrecognized_keys') {
    return { field: path.join('.') || undefined, message: issue.message }
  }
  // The name was chosen by the sender: only what looks like a name is repeated.
  const name = issue.keys.find(isPlainName)
  const field = [...path, ...(name === undefined ? [] : [name])].join('.') || undefined
  return { field, message: 'there is no such field' }
}

function codeOf(issue: z.core.$ZodIssue): ErrorCode {
  const code: unknown = issue.code === 'custom' ? issue.params?.['code'] : undefined
  return (code as ErrorCode | undefined) ?? 'INVALID_INPUT'
}

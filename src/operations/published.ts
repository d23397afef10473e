import { z } from 'zod'
import { ERRORS, type ErrorCode } from '../errors.ts'
import { sightingSchema, tipSchema } from '../intake/terms.ts'

const code = z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]])

/** RFC 9457 problem details, as every refusal of the API carries them. */
const problem = z.object({
  type: z.string().describe('urn:hindra:problem:CODE'),
  title: z.string().describe('What the code means'),
  status: z.int(),
  code,
  detail: z.string().describe('What is wrong this time'),
  field: z.string().exactOptional(),
  line: z.int().exactOptional().describe('1-based, in a list'),
  remedy: z.string(),
})

const sightingAnswer = z.object({
  verdict: z.enum(['exact', 'confirmed', 'review', 'none', 'unjudged', 'pending', 'received']),
  why: z.enum(['too-small']).exactOptional().describe('Where it is unjudged'),
  caseId: z.string().exactOptional().describe('Where a case covers it'),
})

const lineError = z.object({
  code,
  field: z.string().exactOptional(),
  detail: z.string(),
  retryAfterSeconds: z.number().exactOptional().describe('Send the line again then'),
})

const lineNumber = z.int().min(1).describe('Of the line that is answered')

const lineRefusal = z.object({ line: lineNumber, error: lineError })
const lineAnswer = z.union([sightingAnswer.extend({ line: lineNumber }), lineRefusal])

export type Problem = Readonly<z.infer<typeof problem>>

/** What the API publishes by name. Answers may gain fields; what is sent must have no others. */
const PUBLISHED = {
  Sighting: () => inputSchema(sightingSchema),
  SightingAnswer: () => output(sightingAnswer),
  SightingLineAnswer: () => output(lineAnswer),
  Tip: () => inputSchema(tipSchema),
  LineNumber: () => output(lineNumber),
  LineRefusal: () => output(lineRefusal),
  Problem: () => output(problem),
} as const

export type SchemaName = keyof typeof PUBLISHED
export const schemaNames = Object.keys(PUBLISHED) as readonly SchemaName[]

export type JsonSchema = Readonly<Record<string, unknown>>

/** JSON Schema, draft 2020-12. */
export function jsonSchema(name: SchemaName): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: name,
    ...PUBLISHED[name](),
  }
}

/** The same without its head, as a part of a document. */
export function componentSchemas(): Readonly<Record<SchemaName, JsonSchema>> {
  const schemas = Object.entries(PUBLISHED).map(([name, schema]) => [name, schema()] as const)
  // The names are those of PUBLISHED, which an object made of entries forgets.
  return Object.fromEntries(schemas) as Record<SchemaName, JsonSchema>
}

/** The schema of what a client sends. */
export function inputSchema(schema: z.ZodType): JsonSchema {
  return withoutHead(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }))
}

function output(schema: z.ZodType): JsonSchema {
  return withoutHead(z.toJSONSchema(schema, { io: 'input' }))
}

function withoutHead(schema: object): JsonSchema {
  return Object.fromEntries(Object.entries(schema).filter(([name]) => name !== '$schema'))
}

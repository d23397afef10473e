import type { JsonSchema, SchemaName } from '../../operations/index.ts'

export const TEXT = { type: 'string' } as const
export const BYTES = { type: 'string', contentMediaType: 'application/octet-stream' } as const

export function ref(name: SchemaName): JsonSchema {
  return { $ref: `#/components/schemas/${name}` }
}

export function json(schema: JsonSchema): object {
  return { 'application/json': { schema } }
}

import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'

type Schema = Readonly<Record<string, unknown>>

interface Operation {
  readonly operationId: string
  readonly tags?: readonly string[]
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }>
  >
}

export interface Described {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

/** An answer as it came. */
export interface Answered {
  readonly method: string
  /** The path with its query. */
  readonly path: string
  readonly status: number
  readonly contentType: string
  /** Parsed where it is JSON. */
  readonly body: unknown
}

/**
 * Holds real answers against the document: status, content type and body. Fields that the document
 * does not know are faults here, though clients are told to pass them over: else it would never learn of them.
 */
export interface Conformance {
  /** What is wrong with it; empty where nothing is. */
  faults(answered: Answered): readonly string[]
  /** Operations that had a success, by id. */
  readonly succeeded: ReadonlySet<string>
}

export function createConformance(document: Described): Conformance {
  const ajv = new Ajv2020({ strict: false, allErrors: false })
  formats.default(ajv)
  ajv.addSchema({ $id: 'api', components: tightened(document.components) })
  const compiled = new Map<string, ValidateFunction>()
  const succeeded = new Set<string>()

  function validatorOf(schema: Schema): ValidateFunction {
    const text = JSON.stringify(tightened(schema)).replaceAll('"#/components', '"api#/components')
    const known = compiled.get(text)
    if (known !== undefined) return known
    const made = ajv.compile(JSON.parse(text) as Schema)
    compiled.set(text, made)
    return made
  }

  function faultsOf(schema: Schema, body: unknown): readonly string[] {
    const validate = validatorOf(schema)
    if (validate(body)) return []
    return (validate.errors ?? []).map(({ instancePath, message, params }) => {
      return `${instancePath} ${message ?? ''} ${JSON.stringify(params)}`
    })
  }

  return {
    succeeded,
    faults({ method, path, status, contentType, body }) {
      const operation = operationOf(document, method, path)
      if (operation === undefined) return [`${method} ${path} is not described`]
      const described =
        operation.responses[status] ?? (status < 400 ? undefined : operation.responses['default'])
      if (described === undefined) return [`status ${status} is not described`]
      if (status < 400) succeeded.add(operation.operationId)
      const { content } = described
      if (content === undefined) return body === '' ? [] : ['there should be no content']
      const [type = ''] = contentType.split(';')
      const schema = content[type]?.schema
      if (schema === undefined) return [`content type ${type} is not described`]
      if (type !== 'application/x-ndjson') return faultsOf(schema, body)
      return String(body)
        .trim()
        .split('\n')
        .flatMap((line) => faultsOf(schema, JSON.parse(line)))
    },
  }
}

/** The same with every object closed. */
function tightened(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(tightened)
  if (typeof schema !== 'object' || schema === null) return schema
  const entries = Object.entries(schema).map(([name, value]) => [name, tightened(value)] as const)
  const { properties, additionalProperties } = schema as Schema
  const isClosed = typeof properties === 'object' && additionalProperties === undefined
  return { ...Object.fromEntries(entries), ...(isClosed ? { additionalProperties: false } : {}) }
}

/** The one with the fewest parameters, where several fit. */
function operationOf(document: Described, method: string, path: string): Operation | undefined {
  const [plain = ''] = path.split('?')
  const fitting = Object.entries(document.paths)
    .filter(([template]) => {
      const pattern = template.replaceAll(/[.]/g, '\\.').replaceAll(/\{\w+\}/g, '[^/]+')
      return new RegExp(`^${pattern}$`).test(plain)
    })
    .sort(([a], [b]) => a.split('{').length - b.split('{').length)
  return fitting.flatMap(([, methods]) => methods[method.toLowerCase()] ?? [])[0]
}

import type { Config } from '../../config.ts'
import { MEDIA_LINES } from '../../core/index.ts'
import {
  type Requirement,
  componentSchemas,
  type DownloadOperation,
  type FeedOperation,
  inputSchema,
  type JsonSchema,
  namedOperations,
  type Operation,
  type TextOperation,
  type UploadOperation,
} from '../../operations/index.ts'
import type { HmaOperation } from '../hma/operation.ts'
import type { OpenRoute } from '../open-routes.ts'
import { answerTypes } from './answer-types.ts'
import { PUBLISHED_ANSWERS, REQUESTS } from './bodies.ts'
import { BYTES, json, ref, TEXT } from './schemas.ts'

export type OpenApiDocument = Readonly<Record<string, unknown>>

const API_VERSION = '1'
/** Of every answer to somebody. */
const HEADERS = { 'Time-Zone': { $ref: '#/components/headers/TimeZone' } }

interface Described {
  readonly method: 'get' | 'post' | 'put' | 'delete'
  /** Pattern, with `:id`. */
  readonly path: string
  readonly body: Readonly<Record<string, unknown>>
}

/** What is served beside the operations, and the settings that some of them depend on. */
export interface Served {
  readonly config: Config
  readonly hma: readonly HmaOperation[]
  readonly open: readonly OpenRoute[]
}

/** The whole API as OpenAPI 3.1, out of the operations themselves and the schemas that check their input. */
export function openApiDocument({ config, hma, open }: Served): OpenApiDocument {
  const operations = [
    ...open.map(openOperation),
    ...namedOperations().map(([, operation]) => {
      switch (operation.kind) {
        case 'call':
          return callOperation(operation)
        case 'feed':
          return feedOperation(operation)
        case 'upload':
          return uploadOperation(operation, config)
        case 'download':
          return downloadOperation(operation)
        case 'text':
          return textOperation(operation)
      }
    }),
    ...hma.map((operation) => hmaOperation(operation, config)),
  ]
  const paths: Record<string, Record<string, unknown>> = {}
  for (const { method, path, body } of operations) {
    const templated = path.replaceAll(/:(\w+)/g, '{$1}')
    paths[templated] = { ...paths[templated], [method]: body }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Hindra',
      version: API_VERSION,
      description:
        'Recognises known illegal material when it returns, and gets it taken down. Every refusal is ' +
        'a problem document (RFC 9457) with a stable code.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ key: [] }],
    tags: tagsOf(operations),
    paths,
    components: {
      schemas: { ...answerTypes().schemas, ...componentSchemas() },
      headers: {
        TimeZone: {
          description:
            'The time zone of the house (`takedown.timeZone`), by its name in the IANA database',
          schema: TEXT,
        },
      },
      securitySchemes: {
        key: {
          type: 'http',
          scheme: 'bearer',
          description: 'The key of a person or a machine, `hk_...`',
        },
      },
    },
  }
}

/** Generators of clients make a module of each, and want them declared. */
function tagsOf(operations: readonly Described[]): readonly { readonly name: string }[] {
  const names = operations.flatMap(({ body }) => (body['tags'] ?? []) as readonly string[])
  return [...new Set(names)].sort().map((name) => ({ name }))
}

function callOperation(operation: Operation): Described {
  const { method, path, status } = operation
  const name = `${method} ${path}`
  const answer = answerTypes().answers[name]
  const { inPath, elsewhere } = split(inputSchema(operation.input), path)
  const events200 = operation.events === undefined ? {} : { 'text/event-stream': { schema: TEXT } }
  const content = { ...jsonIfAny(answer), ...events200 }
  const sent =
    method === 'GET'
      ? { parameters: [...inPath, ...queryParameters(elsewhere)] }
      : {
          parameters: inPath,
          requestBody: { required: true, content: REQUESTS[name] ?? json(elsewhere) },
        }
  return {
    method: method === 'GET' ? 'get' : 'post',
    path,
    body: { ...head(operation), ...sent, responses: responses(status, content) },
  }
}

function feedOperation(operation: FeedOperation): Described {
  const { path } = operation
  const name = `POST ${path}`
  const answer = PUBLISHED_ANSWERS[name] ?? answerTypes().answers[name] ?? {}
  const isLine = answer['$ref'] === ref('SightingLineAnswer')['$ref']
  const ordered = { name: 'ordered', in: 'query', schema: { enum: ['true', 'false'] } }
  return {
    method: 'post',
    path,
    body: {
      ...head(operation),
      parameters: [{ ...ordered, description: 'Answers in the order of the lines' }],
      requestBody: {
        required: true,
        description:
          'One JSON object a line; as media lines, each begins with the number of bytes of media that follow it, or -, and a space',
        content: {
          'application/x-ndjson': { schema: ref('Sighting') },
          [MEDIA_LINES]: { schema: { type: 'string', format: 'binary' } },
        },
      },
      responses: responses(200, {
        'application/x-ndjson': { schema: isLine ? answer : numbered(answer) },
      }),
    },
  }
}

/** What a line is answered with where that is told of a single sighting: the same, numbered. */
function numbered(answer: JsonSchema): JsonSchema {
  const {
    properties = {},
    required = [],
    ...rest
  } = resolved(answer) as {
    properties?: object
    required?: readonly string[]
  }
  const line = { ...rest, properties: { line: ref('LineNumber'), ...properties } }
  return { oneOf: [{ ...line, required: ['line', ...required] }, ref('LineRefusal')] }
}

/** What the name of a type stands for, where it has one. */
function resolved(schema: JsonSchema): JsonSchema {
  const name = String(schema['$ref']).split('/').at(-1) ?? ''
  return answerTypes().schemas[name] ?? schema
}

function uploadOperation(operation: UploadOperation, config: Config): Described {
  const { path } = operation
  const name = `POST ${path}`
  const answer = PUBLISHED_ANSWERS[name] ?? answerTypes().answers[name]
  const names = Object.keys(operation.form(config))
  const properties = Object.fromEntries(names.map((name) => [name, BYTES]))
  const form = { schema: { type: 'object', properties, required: names } }
  return {
    method: 'post',
    path,
    body: {
      ...head(operation),
      requestBody: { required: true, content: REQUESTS[name] ?? { 'multipart/form-data': form } },
      responses: responses(200, jsonIfAny(answer)),
    },
  }
}

function textOperation(operation: TextOperation): Described {
  const { path, contentType } = operation
  const [type = 'text/plain'] = contentType.split(';')
  const content = { [type]: { schema: TEXT } }
  return {
    method: 'get',
    path,
    body: { ...head(operation), responses: responses(200, content) },
  }
}

function downloadOperation(operation: DownloadOperation): Described {
  const { path, contentType } = operation
  const content = { [contentType]: { schema: BYTES } }
  return {
    method: 'get',
    path,
    body: { ...head(operation), responses: responses(200, content) },
  }
}

/** The operation as HMA documents it: what it takes by its schema, refusals in HMA's shape. */
function hmaOperation(operation: HmaOperation, config: Config): Described {
  const { method, path, status, form, isRefused } = operation
  const answer = answerTypes().answers[`${method} ${path}`]
  const told = { message: TEXT, code: TEXT }
  const refusal = { type: 'object', required: Object.keys(told), properties: told }
  const { inPath, elsewhere } = split(inputSchema(operation.input), path)
  const { properties = {}, required = [] } = elsewhere as ObjectSchema
  const { json: sent, file, ...query } = properties
  const files = form === undefined ? [] : Object.keys(form(config))
  const content = {
    ...jsonIfAny(sent),
    ...(file === undefined ? {} : { 'multipart/form-data': { schema: oneOf(files) } }),
  }
  const isNeeded = ['json', 'file'].some((name) => required.includes(name))
  return {
    method: method.toLowerCase() as Described['method'],
    path,
    body: {
      ...head(operation),
      parameters: [...inPath, ...queryParameters({ properties: query, required })],
      ...(Object.keys(content).length === 0
        ? {}
        : { requestBody: { required: isNeeded, content } }),
      responses: {
        ...(isRefused
          ? {}
          : { [status]: { description: 'Done', headers: HEADERS, content: jsonIfAny(answer) } }),
        default: { description: 'Refused', content: json(refusal) },
      },
    },
  }
}

/** A form that has one of these parts. */
function oneOf(names: readonly string[]): JsonSchema {
  const ways = names.map((name) => {
    return { type: 'object', properties: { [name]: BYTES }, required: [name] }
  })
  return { oneOf: ways }
}

function openOperation({ path, says }: OpenRoute): Described {
  const answer = answerTypes().answers[`GET ${path}`]
  const content =
    answer?.['type'] === 'string' ? { 'text/plain': { schema: TEXT } } : jsonIfAny(answer)
  return {
    method: 'get',
    path,
    body: {
      operationId: operationId('GET', path),
      summary: says,
      security: [],
      responses: {
        200: { description: 'It is so', content },
        503: { description: 'It is not', content },
      },
    },
  }
}

/** What is told of every operation but the open ones. */
interface Headed extends Pick<Operation, 'path' | 'needs' | 'says'> {
  readonly method: HmaOperation['method']
}

function neededBy(needs: Requirement): string {
  if (needs === 'signed-in') return 'Any key.'
  if (typeof needs === 'string') return `Needs the permission \`${needs}\`.`
  return `Needs the permissions ${needs.map((name) => `\`${name}\``).join(' and ')}.`
}

function head({ method, path, needs, says }: Headed) {
  const description = neededBy(needs)
  const [, first = 'system', second = 'system'] = path.split('/')
  const tag = first === 'hma' ? first : second
  return { operationId: operationId(method, path), summary: says, description, tags: [tag] }
}

function responses(status: number, content: object): object {
  const problem = { 'application/problem+json': { schema: ref('Problem') } }
  return {
    [status]: {
      description: 'Done',
      headers: HEADERS,
      ...(Object.keys(content).length === 0 ? {} : { content }),
    },
    default: { description: 'Refused: see `code` and `remedy`', content: problem },
  }
}

function jsonIfAny(answer: JsonSchema | undefined): object {
  return answer === undefined ? {} : json(answer)
}

/** `POST /v1/items/:id/verify` is `postItemsIdVerify`. */
function operationId(method: string, path: string): string {
  const words = path.split(/\W+/).filter((word) => word !== '' && word !== 'v1')
  const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)
  return method.toLowerCase() + words.map(capital).join('')
}

interface ObjectSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
}

/** The fields that the path tells, and the schema of the others. */
function split(schema: JsonSchema, path: string) {
  const { properties = {}, required = [], ...rest } = schema as ObjectSchema
  const names = namesIn(path)
  const others = Object.entries(properties).filter(([name]) => !names.includes(name))
  const inPath = pathParameters(path, properties)
  const needed = required.filter((name) => !names.includes(name))
  const elsewhere: JsonSchema = {
    ...rest,
    properties: Object.fromEntries(others),
    ...(needed.length === 0 ? {} : { required: needed }),
  }
  return { inPath, elsewhere }
}

function namesIn(path: string): readonly string[] {
  return Array.from(path.matchAll(/:(\w+)/g), ([, name = '']) => name)
}

function pathParameters(
  path: string,
  properties: Readonly<Record<string, JsonSchema>>,
): readonly object[] {
  return namesIn(path).map((name) => {
    return { name, in: 'path', required: true, schema: properties[name] ?? TEXT }
  })
}

function queryParameters(schema: JsonSchema): readonly object[] {
  const { properties = {}, required = [] } = schema as ObjectSchema
  return Object.entries(properties).map(([name, field]) => {
    return { name, in: 'query', required: required.includes(name), schema: field }
  })
}

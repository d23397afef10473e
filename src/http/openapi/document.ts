import type { HmaRoute } from '../hma/route.ts'
import type {
  DownloadRoute,
  FeedRoute,
  PublicRoute,
  Route,
  TextRoute,
  UploadRoute,
} from '../route.ts'
import type { Routes } from '../routes/index.ts'
import { answerTypes } from './answer-types.ts'
import { described } from './operations.ts'
import { BYTES, componentSchemas, input, type JsonSchema, json, ref, TEXT } from './schemas.ts'

export type OpenApiDocument = Readonly<Record<string, unknown>>

const API_VERSION = '1'

interface Operation {
  readonly method: 'get' | 'post' | 'put' | 'delete'
  /** Pattern, with `:id`. */
  readonly path: string
  readonly body: Readonly<Record<string, unknown>>
}

/** The whole API as OpenAPI 3.1, out of the routes themselves and the schemas that check their input. */
export function openApiDocument(routes: Routes): OpenApiDocument {
  const operations = [
    ...routes.open.map(openOperation),
    ...routes.text.map(textOperation),
    ...routes.downloads.map(downloadOperation),
    ...routes.feeds.map(feedOperation),
    ...routes.uploads.map(uploadOperation),
    ...routes.guarded.map(guardedOperation),
    ...routes.hma.map(hmaOperation),
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
    paths,
    components: {
      schemas: { ...answerTypes().schemas, ...componentSchemas() },
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

function guardedOperation(route: Route): Operation {
  const { method, path, permission, status, events } = route
  const { answer, requests } = described(method, path)
  const { inPath, elsewhere } = split(input(route.input), path)
  const events200 = events === undefined ? {} : { 'text/event-stream': { schema: TEXT } }
  const content = { ...jsonIfAny(answer), ...events200 }
  const sent =
    method === 'GET'
      ? { parameters: [...inPath, ...queryParameters(elsewhere)] }
      : {
          parameters: inPath,
          requestBody: { required: true, content: requests ?? json(elsewhere) },
        }
  return {
    method: method === 'GET' ? 'get' : 'post',
    path,
    body: { ...head(method, path, permission), ...sent, responses: responses(status, content) },
  }
}

function feedOperation({ path, permission }: FeedRoute): Operation {
  const { answer = {} } = described('POST', path)
  const isLine = answer['$ref'] === ref('SightingLineAnswer')['$ref']
  const ordered = { name: 'ordered', in: 'query', schema: { enum: ['true', 'false'] } }
  return {
    method: 'post',
    path,
    body: {
      ...head('POST', path, permission),
      parameters: [{ ...ordered, description: 'Answers in the order of the lines' }],
      requestBody: {
        required: true,
        description: 'One JSON object a line',
        content: { 'application/x-ndjson': { schema: ref('Sighting') } },
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

/** Of a type with a name, what the name stands for. */
function resolved(schema: JsonSchema): JsonSchema {
  const name = String(schema['$ref']).split('/').at(-1) ?? ''
  return answerTypes().schemas[name] ?? schema
}

function uploadOperation({ path, permission, parts }: UploadRoute): Operation {
  const { answer, requests } = described('POST', path)
  const names = Object.keys(parts)
  const properties = Object.fromEntries(names.map((name) => [name, BYTES]))
  const form = { schema: { type: 'object', properties, required: names } }
  return {
    method: 'post',
    path,
    body: {
      ...head('POST', path, permission),
      requestBody: { required: true, content: requests ?? { 'multipart/form-data': form } },
      responses: responses(200, jsonIfAny(answer)),
    },
  }
}

function textOperation({ path, permission, contentType }: TextRoute): Operation {
  const [type = 'text/plain'] = contentType.split(';')
  const content = { [type]: { schema: TEXT } }
  return {
    method: 'get',
    path,
    body: { ...head('GET', path, permission), responses: responses(200, content) },
  }
}

function downloadOperation({ path, permission, contentType }: DownloadRoute): Operation {
  const content = { [contentType]: { schema: BYTES } }
  return {
    method: 'get',
    path,
    body: { ...head('GET', path, permission), responses: responses(200, content) },
  }
}

/** As HMA documents it. */
function hmaOperation({ method, path, permission, summary, status = 200 }: HmaRoute): Operation {
  const { answer } = described(method, path)
  const told = { message: TEXT, code: TEXT }
  const refusal = { type: 'object', required: Object.keys(told), properties: told }
  const done = { description: 'Done', content: jsonIfAny(answer) }
  return {
    method: method.toLowerCase() as Operation['method'],
    path,
    body: {
      ...head(method, path, permission),
      ...{ summary, tags: ['hma'] },
      parameters: pathParameters(path, {}),
      responses: {
        ...(status === 403 ? {} : { [status]: done }),
        default: { description: 'Refused', content: json(refusal) },
      },
    },
  }
}

function openOperation({ path }: PublicRoute): Operation {
  const { answer, summary } = described('GET', path)
  const content =
    answer?.['type'] === 'string' ? { 'text/plain': { schema: TEXT } } : jsonIfAny(answer)
  return {
    method: 'get',
    path,
    body: {
      ...{ operationId: operationId('GET', path), summary, security: [] },
      responses: {
        200: { description: 'It is so', content },
        503: { description: 'It is not', content },
      },
    },
  }
}

function head(method: string, path: string, permission: Route['permission']) {
  const needs = permission === 'signed-in' ? 'Any key.' : `Needs the permission \`${permission}\`.`
  const [, , tag = 'system'] = path.split('/')
  const { summary } = described(method, path)
  return { operationId: operationId(method, path), summary, description: needs, tags: [tag] }
}

function responses(status: number, content: object): object {
  const problem = { 'application/problem+json': { schema: ref('Problem') } }
  return {
    [status]: { description: 'Done', ...(Object.keys(content).length === 0 ? {} : { content }) },
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

/** The fields that the path tells, and the schema of the others. */
function split(schema: JsonSchema, path: string) {
  const {
    properties = {},
    required = [],
    ...rest
  } = schema as {
    properties?: Readonly<Record<string, JsonSchema>>
    required?: readonly string[]
  }
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
  const { properties = {}, required = [] } = schema as {
    properties?: Readonly<Record<string, JsonSchema>>
    required?: readonly string[]
  }
  return Object.entries(properties).map(([name, field]) => {
    return { name, in: 'query', required: required.includes(name), schema: field }
  })
}

import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import { openApiDocument } from '../../src/http/openapi/document.ts'
import { parseSightingLine, parseTip } from '../../src/intake/index.ts'
import {
  jsonSchema,
  namedOperations,
  type SchemaName,
  schemaNames,
} from '../../src/operations/index.ts'
import { type Api, faceOf, startApi } from './api.ts'

interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly security?: readonly unknown[]
  readonly parameters?: readonly { name: string; in: string }[]
  readonly requestBody?: object
  readonly tags?: readonly string[]
}

interface Document {
  readonly openapi: string
  readonly tags: readonly { name: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

let api: Api
let analyst: string
let document: Document

beforeAll(async () => {
  // The validators take their time, in the process that serves.
  api = await startApi({ 'server.loopDelayMsMax': 60_000 })
  analyst = (await api.keyOf('analyst', 'pipeline')).key
  const answer = await api.call('GET', '/v1/openapi.json', { key: analyst })
  document = answer.body as Document
})
afterAll(() => api.dispose())

/** Every route that is served, `GET /v1/cases/:id`. */
function served(): readonly string[] {
  const { hma, open } = faceOf(api)
  const operations = namedOperations().map(([, operation]) => operation)
  return [
    ...[...operations, ...hma].map(({ method, path }) => `${method} ${path}`),
    ...open.map(({ path }) => `GET ${path}`),
  ].sort()
}

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )

describe('the description of the API', () => {
  it('is valid OpenAPI 3.1, by the schema of its authors', async () => {
    const found = await new Validator().validate({ ...structuredClone(document) })
    expect(found.errors).toBeUndefined()
    expect(found.valid).toBe(true)
    expect(document.openapi).toBe('3.1.0')
  })

  it('is found invalid by the same validator where it is spoilt', async () => {
    const spoilt = structuredClone(document) as { paths: Record<string, unknown> }
    spoilt.paths['/v1/spoilt'] = { get: { responses: [] } }
    expect((await new Validator().validate(spoilt)).valid).toBe(false)
  })

  it('has every route, and no other', () => {
    const described = operations().map(({ path, method }) => {
      return `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`
    })
    expect(described.sort()).toEqual(served())
    const { open } = faceOf(api)
    const without = openApiDocument({ config: api.engine.config, hma: [], open })
    expect(Object.keys(without['paths'] as object)).not.toContain('/hma/c/banks')
  })

  it('says in a line of its own what each is for', () => {
    const untold = operations().filter(({ operation }) => operation.summary.length < 5)
    expect(untold.map(({ path }) => path)).toEqual([])
  })

  it('names each operation once, and every part of its path', () => {
    const ids = operations().map(({ operation }) => operation.operationId)
    expect(new Set(ids).size).toBe(ids.length)
    for (const { path, operation } of operations()) {
      const told = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path')
      const needed = Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => name)
      expect([path, told.map(({ name }) => name)]).toEqual([path, needed])
    }
  })

  it('declares each tag that an operation has, and no other', () => {
    const used = operations().flatMap(({ operation }) => operation.tags ?? [])
    expect(document.tags.map(({ name }) => name)).toEqual([...new Set(used)].sort())
    expect(used).toContain('hma')
  })

  it('refers to nothing that is not in it: generators of clients stop there', () => {
    const named = Array.from(
      JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g),
      ([, place = '']) => place,
    )
    expect(named.length).toBeGreaterThan(100)
    const missing = named.filter((place) => {
      const found = place
        .replace(/^#\//, '')
        .split('/')
        .reduce<unknown>(
          (at, part) => (at as Record<string, unknown> | undefined)?.[part],
          document,
        )
      return !place.startsWith('#/') || found === undefined
    })
    expect(missing).toEqual([])
  })

  it('says what HMA’s API takes: fields of the query, a file in a form, JSON', () => {
    const fieldsOf = (path: string, method: string) =>
      document.paths[path]?.[method]?.parameters?.map(({ name, in: place }) => `${place} ${name}`)
    const bodyOf = (path: string) => document.paths[path]?.['post']?.requestBody
    expect(fieldsOf('/hma/m/raw_lookup', 'get')).toEqual([
      ...['query signal_type', 'query signal', 'query include_distance', 'query banks'],
    ])
    expect(fieldsOf('/hma/c/bank/{bank}/content/{id}', 'put')).toEqual(['path bank', 'path id'])
    const part = (name: string) => ({ required: [name] })
    expect(bodyOf('/hma/m/lookup')).toMatchObject({
      required: true,
      content: { 'multipart/form-data': { schema: { oneOf: [part('photo'), part('video')] } } },
    })
    expect(bodyOf('/hma/c/bank/{bank}/content')).toMatchObject({ required: false })
    expect(bodyOf('/hma/c/banks')).toMatchObject({
      required: true,
      content: { 'application/json': { schema: { required: ['name'] } } },
    })
    expect(document.paths['/hma/h/hash']?.['get']).not.toHaveProperty('requestBody')
  })

  it('asks for a key everywhere but where the supervisor looks', () => {
    const open = operations().filter(({ operation }) => operation.security?.length === 0)
    expect(open.map(({ path }) => path).sort()).toEqual([
      '/hma/status',
      '/hma/status/live',
      '/livez',
      '/readyz',
    ])
  })

  it('is for holders of a key', async () => {
    expect((await api.call('GET', '/v1/openapi.json')).status).toBe(401)
  })
})

describe('published schemas', () => {
  const check = (name: SchemaName) => {
    const ajv = new Ajv2020({ strict: false })
    formats.default(ajv)
    return ajv.compile(jsonSchema(name))
  }

  it('are served by name, as JSON Schema', async () => {
    for (const name of schemaNames) {
      const { status, body } = await api.call('GET', `/v1/schemas/${name}`, { key: analyst })
      expect([status, body]).toEqual([200, JSON.parse(JSON.stringify(jsonSchema(name)))])
      check(name)
    }
    expect((await api.call('GET', '/v1/schemas/None', { key: analyst })).status).toBe(400)
  })

  const url = 'https://host.example/a.jpg'
  const md5 = '0'.repeat(32)
  it.each([
    ['Sighting', { url }, true],
    ['Sighting', { url, hashes: [{ type: 'md5', value: md5 }], httpStatus: 200 }, true],
    ['Sighting', { url, hashes: [{ type: 'pdq', value: md5 }] }, false],
    ['Sighting', { url, hashes: [] }, false],
    ['Sighting', { url, colour: 'red' }, false],
    ['Sighting', { pageUrl: url }, false],
    ['Sighting', { url, httpStatus: 99 }, false],
    ['Sighting', { url, resolvedIp: 'nowhere' }, false],
    ['Sighting', { url, version: 2 }, false],
    ['Tip', { url }, true],
    ['Tip', { url, source: 'police', priority: 1, hashes: [{ type: 'md5', value: md5 }] }, true],
    ['Tip', { url, priority: 4 }, false],
    ['Tip', { url, source: 'rumour' }, false],
    ['Tip', {}, false],
  ] as const)('%s: what checks requests and what is published agree on %j', (name, value, good) => {
    const accepts = () => {
      try {
        if (name === 'Tip') parseTip(value)
        else parseSightingLine(JSON.stringify(value))
        return true
      } catch {
        return false
      }
    }
    expect([accepts(), check(name)(value)]).toEqual([good, good])
  })

  it('describe what the API answers', async () => {
    const media = (await sceneJpeg(5, { width: 320, height: 240 })).toString('base64')
    const lines = [
      { url, media },
      { url, colour: 'red' },
    ].map((line) => JSON.stringify(line))
    const feed = await api.call('POST', '/v1/sightings', {
      key: analyst,
      headers: { 'content-type': 'application/x-ndjson' },
      body: lines.join('\n'),
    })
    const answered = String(feed.body).trim().split('\n')
    expect(answered).toHaveLength(2)
    for (const line of answered) {
      const isDescribed = check('SightingLineAnswer')
      expect([line, isDescribed(JSON.parse(line))]).toEqual([line, true])
    }
    const refused = await api.call('POST', '/v1/tips', { key: analyst, body: {} })
    expect(check('Problem')(refused.body)).toBe(true)
    expect(check('Problem')({})).toBe(false)
  })
})

import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript'
import ts from 'typescript'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Api, startApi } from './api.ts'

/** A partner's program, with a client that others' tools made of nothing but the description of the API. */
const PROGRAM = `
import createClient from 'openapi-fetch'
import type { paths } from './hindra.js'

const { HINDRA_URL: baseUrl = '', HINDRA_KEY: key = '' } = process.env
const hindra = createClient<paths>({ baseUrl, headers: { authorization: 'Bearer ' + key } })

const told = await hindra.POST('/v1/tips', {
  body: { source: 'public', url: 'https://pictures.example/a.jpg' },
})
if (told.data === undefined) throw new Error(told.error.code)
// One route takes a tip and a file of tips: each has its answer.
if (!('id' in told.data)) throw new Error('an import')
const tip = await hindra.GET('/v1/tips/{id}', { params: { path: { id: told.data.id } } })
const cases = await hindra.GET('/v1/cases', { params: { query: { limit: 10 } } })
const none = await hindra.GET('/v1/cases/{id}', { params: { path: { id: told.data.id } } })
const compared = await hindra.POST('/hma/m/compare', {
  body: { pdq: ['0'.repeat(64), 'f'.repeat(64)] },
})
const found = await hindra.GET('/hma/m/lookup', {
  params: { query: { signal_type: 'pdq', signal: 'f0'.repeat(32) } },
})
const url: string | null | undefined = tip.data?.url
console.log(JSON.stringify([
  url, cases.data?.length, none.error?.code, compared.data, found.response.status,
]))
`

/** What no such client may say: each of them is an error where it stands, or the types say nothing. */
const MISTAKES = [
  "hindra.GET('/v1/no-such-thing')",
  "hindra.POST('/v1/assessments', { body: { url: 5, classification: 'Baseline', reason: 'seen' } })",
  "hindra.GET('/v1/cases/{id}', { params: {} })",
  "hindra.POST('/hma/m/compare', { body: { pdq: 4 } })",
  "hindra.GET('/v1/cases', { params: { query: { limit: 'ten' } } })",
].map((mistake, at) => `export const never${at} = () => ${mistake}`)

const directory = mkdtempSync(join(tmpdir(), 'hindra-generated-'))
let api: Api

beforeAll(async () => {
  // The compiler takes its time, in the process that serves.
  api = await startApi({ 'server.loopDelayMsMax': 60_000 })
  const { key } = await api.keyOf('analyst')
  const { body } = await api.call('GET', '/v1/openapi.json', { key })
  // The document's own test holds that it is OpenAPI; the generator reads it as a stranger's.
  const types = astToString(await openapiTS(body as OpenAPI3))
  writeFileSync(join(directory, 'hindra.ts'), types)
  writeFileSync(join(directory, 'package.json'), '{ "type": "module" }')
  symlinkSync(
    fileURLToPath(new URL('../../node_modules', import.meta.url)),
    join(directory, 'node_modules'),
  )
})
afterAll(async () => {
  await api.dispose()
  rmSync(directory, { recursive: true })
})

/** The statements in which the compiler, at its strictest, finds a fault; what it makes of the program lies beside it. */
function faultsOf(text: string): readonly string[] {
  const file = join(directory, 'program.ts')
  writeFileSync(file, text)
  const program = ts.createProgram([file], {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    types: ['node'],
    typeRoots: [join(directory, 'node_modules', '@types')],
  })
  program.emit()
  const lines = text.split('\n')
  return ts.getPreEmitDiagnostics(program).map(({ file: at, start = 0, messageText }) => {
    const message = ts.flattenDiagnosticMessageText(messageText, '\n')
    if (at?.fileName !== file) return message
    return lines[at.getLineAndCharacterOfPosition(start).line] ?? message
  })
}

it('a client generated from the description compiles under strict, says nothing that is not taken, and is answered', async () => {
  expect(faultsOf([PROGRAM, ...MISTAKES].join('\n'))).toEqual(MISTAKES)
  const { key } = await api.keyOf('analyst', 'intake', 'hma-client')
  const { stdout } = await promisify(execFile)('node', [join(directory, 'program.js')], {
    env: { ...process.env, HINDRA_URL: api.url, HINDRA_KEY: key },
  })
  expect(JSON.parse(stdout)).toEqual([
    'https://pictures.example/a.jpg',
    0,
    'NOT_FOUND',
    { pdq: [false, { distance: 256 }] },
    200,
  ])
})

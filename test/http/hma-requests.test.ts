import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Api, startApi } from './api.ts'
import { contentOf } from './hma-content.ts'

const PDQ = 'd811ac390bfa6005d08543fe27fd5a11f6b55bdd2603000dc26476fc79fc76b5'
const REQUEST = /^`(?<method>GET|POST|PUT|DELETE) (?<path>\/\S*)(?: (?<body>\{.*\}))?`$/
const ANSWER = /^`(?<status>\d{3})(?: (?<shown>.*))?`$/

interface Row {
  readonly request: string
  readonly theirs: string
  readonly ours: string
  readonly why: string
}

/** The table of requests in the manual, which is what this test is about. */
function rows(): readonly Row[] {
  const page = readFileSync(new URL('../../docs/hma.md', import.meta.url), 'utf8')
  const [, table = ''] = page.split('| request | HMA | here | why |\n| --- | --- | --- | --- |\n')
  const [lines = ''] = table.split('\n\n')
  return lines.split('\n').map((line) => {
    const [request = '', theirs = '', ours = '', why = ''] = line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim())
    return { request, theirs, ours, why }
  })
}

let api: Api
let key: string

beforeAll(async () => {
  api = await startApi()
  key = (await api.keyOf('hma-curator', 'officer', 'verifier')).key
  const verifier = (await api.keyOf('verifier')).key
  await contentOf(api, 'TEST_BANK', PDQ, { officer: key, verifier })
})
afterAll(() => api.dispose())

it('has rows, and says why wherever the status is another than HMA’s', () => {
  expect(rows().length).toBeGreaterThan(30)
  const silent = rows().filter(
    ({ theirs, ours, why }) => !ours.startsWith(`\`${theirs}`) && why === '',
  )
  expect(silent).toEqual([])
})

it.each(rows())('$request is answered $ours', async ({ request, ours }) => {
  const { method = '', path = '', body } = REQUEST.exec(request)?.groups ?? {}
  const { status, shown } = ANSWER.exec(ours)?.groups ?? {}
  const sent = body === undefined ? {} : { body: JSON.parse(body) as unknown }
  const answer = await api.call(method, `/hma${path}`, { key, ...sent })
  expect(String(answer.status)).toBe(status)
  if (answer.status >= 400)
    expect(answer.body).toMatchObject({ message: expect.any(String) as string })
  if (shown === undefined) return
  const expected = JSON.parse(shown) as object
  // What is null in the table is not in the answer.
  const absent = Object.entries(expected).filter(([, value]) => value === null)
  for (const [name] of absent) expect(answer.body).not.toHaveProperty(name)
  const present =
    Array.isArray(expected) || typeof expected === 'string'
      ? expected
      : Object.fromEntries(Object.entries(expected).filter(([, value]) => value !== null))
  if (Object.keys(expected).length === 0 || typeof expected === 'string') {
    expect(answer.body).toEqual(expected)
  } else expect(answer.body).toMatchObject(present)
})

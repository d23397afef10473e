import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import { type Api, startApi } from './api.ts'

const GUIDE = readFileSync(resolve(import.meta.dirname, '../../src/http/README.md'), 'utf8')

/** Each example, and what it prints. */
const EXAMPLES = Array.from(
  GUIDE.matchAll(/```sh example\n(.*?)```\n\n```json\n(.*?)```/gs),
  ([, script = '', printed = '']) => [script, printed] as const,
)

let api: Api
let key: string
let directory: string

beforeAll(async () => {
  api = await startApi()
  key = (await api.keyOf('analyst', 'pipeline')).key
  directory = mkdtempSync(join(tmpdir(), 'hindra-examples-'))
  writeFileSync(join(directory, 'picture.jpg'), await sceneJpeg(3, { width: 320, height: 240 }))
})
afterAll(async () => {
  rmSync(directory, { recursive: true, force: true })
  await api.dispose()
})

function rows(text: string): readonly unknown[] {
  const steady = text
    .replaceAll(/"[0-9a-f]{8}-[0-9a-f-]{27}"/g, '"ID"')
    .replaceAll(/"\d{4}-\d\d-\d\dT[\d:.]+Z"/g, '"TIME"')
  // Answers that are no lines come without a newline.
  return steady
    .replaceAll(/([}\]])(?=[{[])/g, '$1\n')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown)
}

it('the guide has examples, and each says what it prints', () => {
  expect(EXAMPLES.length).toBeGreaterThan(4)
  expect(GUIDE.match(/```sh example/g)).toHaveLength(EXAMPLES.length)
})

it.each(EXAMPLES)('runs as it is written: %s', async (script, printed) => {
  const env = { PATH: process.env['PATH'], HINDRA_URL: api.url, HINDRA_KEY: key }
  const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], {
    cwd: directory,
    env,
  })
  expect(rows(stdout)).toMatchObject(rows(printed))
})

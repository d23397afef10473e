import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { packageFile } from '../../src/core/index.ts'
import { createHome, type Home } from './hindra.ts'

let home: Home
let key: string

beforeAll(async () => {
  home = createHome()
  await home.json(['init'])
  key = (await home.person('Ada', 'admin', 'analyst', 'officer', 'auditor')).key
  await home.serve()
})
afterAll(() => home.dispose())

/** The files that a command is made of, as V8 has them. */
async function loadedBy(command: string): Promise<readonly string[]> {
  const directory = mkdtempSync(join(home.directory, 'coverage-'))
  const { code, stderr } = await home.spawn([command], {
    key,
    env: { NODE_V8_COVERAGE: directory },
  })
  expect({ code, stderr }).toMatchObject({ code: 0 })
  const [report = ''] = readdirSync(directory)
  const { result } = JSON.parse(readFileSync(join(directory, report), 'utf8')) as {
    result: readonly { url: string }[]
  }
  return result
    .filter(({ url }) => url.startsWith('file:'))
    .map(({ url }) => relative(packageFile('.'), new URL(url).pathname))
    .sort()
}

describe('a command that asks a server', () => {
  it.each(['waiting', 'people', 'stats', 'tips', 'items', 'notices', 'audit', 'cases'])(
    'is one file beside the errors: %s',
    async (command) => {
      expect(await loadedBy(command)).toEqual([
        'bin/hindra.js',
        'dist/src/cli/main.js',
        'dist/src/cli/run-command.js',
        'dist/src/cli/version.js',
        'dist/src/errors.js',
      ])
    },
  )
})

import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'

const SOURCES = resolve(import.meta.dirname, '../../native')

let directory: string
let native: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'hindra-install-'))
  native = join(directory, 'native')
  const isSource = (path: string) => !/\/(build|test|bench)(\/|$)/.test(path.slice(SOURCES.length))
  cpSync(SOURCES, native, { recursive: true, filter: isSource })
  writeFileSync(join(directory, 'package.json'), '{ "type": "module" }')
})
afterEach(() => {
  rmSync(directory, { recursive: true, force: true })
})

/** A compiler that only notes that it was called, and whether it is there at all. */
function compiler(isWorking: boolean): string {
  const bin = join(directory, 'bin')
  mkdirSync(bin, { recursive: true })
  const makes = `mkdir -p ${native}/build/Release && touch ${native}/build/Release/hindra.node`
  const script = `#!/bin/sh\necho built >> ${directory}/calls\n${isWorking ? makes : 'exit 1'}\n`
  writeFileSync(join(bin, 'node-gyp'), script, { mode: 0o755 })
  return bin
}

function install(bin: string, ...args: readonly string[]) {
  const path = `${bin}${delimiter}${process.env['PATH'] ?? ''}`
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(native, 'build.js'), ...args],
    { env: { ...process.env, PATH: path }, encoding: 'utf8' },
  )
  const calls = readFileSync(join(directory, 'calls'), 'utf8').match(/built/g)?.length ?? 0
  return { status, said: `${stdout}${stderr}`, calls }
}

it('the native core is built once for the same sources: npx in a checkout installs each time', () => {
  const bin = compiler(true)
  expect(install(bin)).toMatchObject({ status: 0, calls: 1 })
  const again = install(bin)
  expect(again).toMatchObject({ status: 0, calls: 1 })
  expect(again.said).toContain('built from these sources already')

  writeFileSync(join(native, 'kernels', 'pdq.h'), '// changed\n', { flag: 'a' })
  expect(install(bin)).toMatchObject({ status: 0, calls: 2 })
  expect(install(bin, '--anew')).toMatchObject({ status: 0, calls: 3 })
  rmSync(join(native, 'build', 'Release'), { recursive: true })
  expect(install(bin)).toMatchObject({ status: 0, calls: 4 })
})

it('without a compiler it is installed all the same, says so, and tries again the next time', () => {
  const bin = compiler(false)
  const first = install(bin)
  expect(first).toMatchObject({ status: 0, calls: 1 })
  expect(first.said).toContain('npm rebuild hindra')
  mkdirSync(join(native, 'build'), { recursive: true })
  expect(install(bin)).toMatchObject({ status: 0, calls: 2 })
  expect(install(bin, '--anew')).toMatchObject({ status: 1, calls: 3 })
})

import { spawnSync } from 'node:child_process'
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadCore } from '#native/binary'
import { packageFile } from '../../src/core/index.ts'
import { hasNativeCore } from '../index/native-core.ts'

const SOURCES = packageFile('native')
const found = loadCore()

let directory: string
let native: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'hindra-install-'))
  native = join(directory, 'native')
  const isSource = (path: string) =>
    !/\/(build|prebuilds|test|bench)(\/|$)/.test(path.slice(SOURCES.length))
  cpSync(SOURCES, native, { recursive: true, filter: isSource })
  cpSync(packageFile('package.json'), join(directory, 'package.json'))
})
afterEach(() => {
  rmSync(directory, { recursive: true, force: true })
})

/** A compiler that only notes that it was called, and gives what one has built; or that is not there at all. */
function compiler(built?: string): string {
  const bin = join(directory, 'bin')
  mkdirSync(bin, { recursive: true })
  const release = join(native, 'build', 'Release')
  const makes = `mkdir -p ${release} && cp ${built ?? ''} ${release}`
  const script = `#!/bin/sh\necho built >> ${directory}/calls\n${built === undefined ? 'exit 1' : makes}\n`
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
  const calls = join(directory, 'calls')
  return {
    status,
    said: `${stdout}${stderr}`,
    calls: existsSync(calls) ? readFileSync(calls, 'utf8').split('\n').length - 1 : 0,
  }
}

/** What Hindra itself loads there. */
function loaded(): string {
  const program = `
    import { loadCore } from '#native/binary'
    const { folder, absence } = loadCore()
    console.log(folder ?? absence)`
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: directory,
    encoding: 'utf8',
  })
  return stdout.trim()
}

describe.runIf(hasNativeCore())('with a native core', () => {
  const folder = 'folder' in found ? found.folder : ''
  const binary = join(folder, 'hindra.node')

  /** Puts into the package what the one that is installed here has: built from these sources, for this platform. */
  function packBinary(): string {
    const packed = join(native, 'prebuilds', `${process.platform}-${process.arch}`)
    mkdirSync(packed, { recursive: true })
    for (const name of ['hindra.node', 'built-from']) cpSync(join(folder, name), join(packed, name))
    return packed
  }

  it('it is built once for the same sources: npx in a checkout installs each time', () => {
    const bin = compiler(binary)
    expect(install(bin)).toMatchObject({ status: 0, calls: 1 })
    const again = install(bin)
    expect(again).toMatchObject({ status: 0, calls: 1 })
    expect(again.said).toContain('built from these sources already')

    appendFileSync(join(native, 'kernels', 'pdq.h'), '// changed\n')
    expect(install(bin)).toMatchObject({ status: 0, calls: 2 })
    expect(install(bin, '--anew')).toMatchObject({ status: 0, calls: 3 })
    rmSync(join(native, 'build', 'Release'), { recursive: true })
    expect(install(bin)).toMatchObject({ status: 0, calls: 4 })
  })

  it('that the package brings no compiler is asked, and it is said', () => {
    const packed = packBinary()
    const { said, ...rest } = install(compiler(binary))
    expect(rest).toEqual({ status: 0, calls: 0 })
    expect(said).toBe(
      `The native core of Hindra is the prebuilt one for ${process.platform} ${process.arch}.\n`,
    )
    expect(loaded()).toBe(packed)
    // Whoever builds it has what was built.
    expect(install(compiler(binary), '--anew')).toMatchObject({ status: 0, calls: 1 })
    expect(loaded()).toBe(join(native, 'build', 'Release'))
  })

  it('of other sources than those beside it is neither installed nor loaded', () => {
    packBinary()
    appendFileSync(join(native, 'kernels', 'pdq.h'), '// changed\n')
    expect(loaded()).toBe('it was not built from these sources')
    expect(install(compiler(binary))).toMatchObject({ status: 0, calls: 1 })
    expect(loaded()).toBe(join(native, 'build', 'Release'))
  })

  it('for another C library is built here instead, and where that cannot be none is loaded', () => {
    const packed = packBinary()
    writeFileSync(join(packed, 'hindra.node'), 'for another machine')
    expect(install(compiler())).toMatchObject({ status: 0, calls: 1 })
    expect(loaded()).toMatch(/^it does not load here \(.*hindra\.node/)
    expect(install(compiler(binary))).toMatchObject({ status: 0, calls: 2 })
    expect(loaded()).toBe(join(native, 'build', 'Release'))
  })
})

it('without a compiler it is installed all the same, says so, and tries again the next time', () => {
  const bin = compiler()
  const first = install(bin)
  expect(first).toMatchObject({ status: 0, calls: 1 })
  expect(first.said).toContain('npm rebuild hindra')
  mkdirSync(join(native, 'build'), { recursive: true })
  expect(install(bin)).toMatchObject({ status: 0, calls: 2 })
  expect(install(bin, '--anew')).toMatchObject({ status: 1, calls: 3 })
})

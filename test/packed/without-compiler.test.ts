import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import { packageFile } from '../../src/core/index.ts'
import { ERRORS } from '../../src/errors.ts'
import { IS_LONG } from '../long.ts'
import { type BareRoot, createBareRoot, hasBareRoot, type Said } from './bare-root.ts'
import { prebuiltFor } from './prebuilt.ts'

const arch = process.arch === 'arm64' ? 'arm64' : 'x64'
/** It waits for npm for most of a minute. */
const canRun = IS_LONG && prebuiltFor(arch) !== undefined && hasBareRoot()

describe.runIf(canRun)('the package, where there is no compiler', () => {
  let root: BareRoot
  let installed: Said

  beforeAll(async () => {
    root = createBareRoot()
    const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', root.work]
    const packed = execFileSync('npm', pack, { cwd: packageFile('.'), encoding: 'utf8' })
    const [{ filename }] = JSON.parse(packed) as [{ readonly filename: string }]
    writeFileSync(join(root.work, 'app', 'package.json'), '{}')
    installed = root.npm(
      'install',
      '--no-audit',
      '--no-fund',
      '--foreground-scripts',
      `/work/${filename}`,
    )
    mkdirSync(join(root.work, 'pictures'))
    const picture = await sceneJpeg(1)
    writeFileSync(join(root.work, 'known.jpg'), picture)
    writeFileSync(
      join(root.work, 'pictures', 'copy.jpg'),
      await sharp(picture).resize(500).jpeg({ quality: 70 }).toBuffer(),
    )
    writeFileSync(join(root.work, 'pictures', 'other.jpg'), await sceneJpeg(2))
  }, 300_000)
  afterAll(() => {
    root.dispose()
  })

  function hindra(
    args: readonly string[],
    key = '',
    more: Readonly<Record<string, string>> = {},
  ): Said {
    const usual = { HINDRA_DATA: '/work/data', HINDRA_POOL_THREADS: '1', HINDRA_KEY: key }
    const settings = { ...usual, ...more }
    return root.run(['/work/app/node_modules/.bin/hindra', ...args], settings)
  }

  /** What a command with --json says. */
  function told(args: readonly string[], key?: string): unknown {
    const { stdout, stderr } = hindra([...args, '--json'], key)
    if (stdout === '') throw new Error(`hindra ${args.join(' ')} said nothing: ${stderr}`)
    return JSON.parse(stdout) as unknown
  }

  function person(name: string, role: string): string {
    const add = ['people', 'add', name, '--pseudonym', name.toUpperCase(), '--role', role]
    const { id } = told(add) as { readonly id: string }
    const made = told(['keys', 'create', id, '--label', 'test']) as { readonly secret: string }
    return made.secret
  }

  it('there is none', () => {
    const programs = ['g++', 'gcc', 'c++', 'cc', 'clang', 'make', 'python3', 'python', 'node']
    const look = `for program in ${programs.join(' ')}; do command -v $program; done`
    expect(root.run(['sh', '-c', look]).stdout).toBe('/usr/bin/node\n')
  })

  it('is installed with the native core that it brings, and builds nothing', () => {
    expect(installed.code, installed.stderr).toBe(0)
    expect(installed.stdout).toContain(
      `The native core of Hindra is the prebuilt one for linux ${arch}.`,
    )
    expect(installed.stdout).not.toContain('Building the native core')
    const packages = join(root.work, 'app', 'node_modules')
    expect(existsSync(join(packages, 'hindra', 'native', 'build'))).toBe(false)
    // It has no binary of its own.
    expect(existsSync(join(packages, 'hnswlib-node'))).toBe(false)
  })

  it('recognises a copy of what was registered, by native code', () => {
    const made = hindra(['init', '--admin', 'Ada Admin', '--features', 'yes'])
    expect(made.code, made.stderr).toBe(0)
    const [anna, bo] = [person('Anna', 'analyst'), person('Bo', 'verifier')]
    const register = ['register', '/work/known.jpg', '--classification', 'Baseline']
    const proposed = told(register, anna) as { readonly answer: { readonly id: string } }
    expect(hindra(['verify', proposed.answer.id], bo).code).toBe(0)
    const { code, stdout } = hindra(['scan', '/work/pictures', '--json'], anna)
    const verdicts = stdout
      .trimEnd()
      .split('\n')
      .map(
        (line) =>
          (JSON.parse(line) as { readonly answer: { readonly verdict: string } }).answer.verdict,
      )
    expect({ code, verdicts }).toEqual({ code: 0, verdicts: ['confirmed', 'none'] })

    const similar = hindra(['items', 'similar', proposed.answer.id], anna)
    expect(similar.code).toBe(6)
    expect(similar.stderr).toMatch(/^GRAPH_UNAVAILABLE: /)
    const findings = told(['doctor'], anna) as readonly { name: string; state: string }[]
    const found = (name: string) => findings.find((finding) => finding.name === name)
    expect(found('native core')).toMatchObject({ state: 'ok' })
    expect(found('approximate index (hnswlib-node)')).toMatchObject({ state: 'warn' })
    // Nine commands one after another: .ci/run lets them share two cores with a house under fault and an emulated processor.
  }, 300_000)

  it('names the line that installs what several servers and NATS need', () => {
    const { exit, remedy } = ERRORS.NATS_CLIENT_MISSING
    const stream = ['nats://127.0.0.1:4', '--stream', 'SEEN', '--consumer', 'hindra']
    const fed = hindra(['feed', ...stream])
    expect(fed.code, fed.stderr).toBe(exit)
    expect(fed.stderr).toMatch(/^NATS_CLIENT_MISSING: /m)
    expect(fed.stderr).toContain(remedy)
    const opened = hindra(['people'], '', { HINDRA_STORE: 'postgres://hindra@127.0.0.1:4/hindra' })
    expect(opened.stderr).toMatch(/^INVALID_CONFIG: /)
    expect(opened.stderr).toContain('npm install pg@8')
  })
})

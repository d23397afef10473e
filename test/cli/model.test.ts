import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cp, mkdir, readdir, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import { packageFile } from '../../src/core/index.ts'
import { ERRORS } from '../../src/errors.ts'
import type { ModelReport } from '../../src/trial/index.ts'
import { tinyCard, writeGraphModel } from '../model/tiny-model.ts'
import { createHome, type Home } from './hindra.ts'

describe('hindra model check', () => {
  let home: Home
  let photos: string
  let model: string

  beforeAll(async () => {
    home = createHome()
    photos = join(home.directory, 'photos')
    model = join(home.directory, 'model')
    await mkdir(photos)
    for (const seed of [1, 2, 3, 4]) {
      await writeFile(
        join(photos, `${seed}.jpg`),
        await sceneJpeg(seed, { width: 360, height: 240 }),
      )
    }
    await writeFile(join(photos, 'notes.txt'), 'no picture')
    await writeGraphModel(model, { card: tinyCard({ reviewDistance: 1e-6 }) })
  })

  afterAll(() => home.dispose())

  it('measures every way of altering, says what the model adds, and leaves nothing behind', async () => {
    const left = async () =>
      (await readdir(tmpdir())).filter((name) => name.includes('model-check'))
    const before = await left()
    const { code, stdout } = await home.run([
      ...['model', 'check', model, '--photos', photos, '--refs', '2', '--json'],
    ])
    const report = JSON.parse(stdout) as ModelReport
    expect(report).toMatchObject({ known: 2, copies: 28, unknown: 2, comparisons: 28 + 4 })
    expect(report.model).toMatch(/^tiny@1#/)
    expect(report.ways).toHaveLength(14)
    expect(report.foundWithout).toBeGreaterThan(14)
    // So near is no altered copy, and nothing wrong.
    expect(report.asItIs).toMatchObject({ added: 0, wrong: 0 })
    expect(report.verdict).toMatch(/^adds nothing beside hashes and features/)
    expect(code).toBe(1)
    expect(await left()).toEqual(before)
  }, 120_000)

  it('names the file and the field of a model that is wrong', async () => {
    const wrong = join(home.directory, 'wrong')
    await writeGraphModel(wrong, { card: tinyCard({ output: { dimensions: 1 } }) })
    const { code, stderr } = await home.run([
      'model',
      'check',
      wrong,
      '--photos',
      photos,
      '--refs',
      '2',
    ])
    expect(code).toBe(2)
    expect(stderr).toMatch(/^MODEL_INVALID: hindra-model.json: output.dimensions: /)
  })

  it.each([
    [['--refs', '0'], /--refs is a whole number from 1 to 1000/],
    [['--refs', '3'], /4 pictures are too few for 3 references and 2 others/],
  ])('refuses %j', async (flags, message) => {
    const { code, stderr } = await home.run(['model', 'check', model, '--photos', photos, ...flags])
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
  })
})

describe('Hindra without TensorFlow.js, as it is installed', () => {
  const execute = promisify(execFile)
  let home: Home
  let model: string

  beforeAll(async () => {
    home = createHome()
    model = join(home.directory, 'model')
    await writeGraphModel(model)
    await installWithout('@tensorflow')
  })

  afterAll(() => home.dispose())

  /** What is shipped, beside all packages but those of a name. */
  async function installWithout(absent: string): Promise<void> {
    for (const part of [
      'bin',
      'dist',
      'native',
      'src/console/assets',
      'policy',
      'templates',
      'package.json',
    ]) {
      await cp(packageFile(part), join(home.directory, part), { recursive: true })
    }
    const packages = join(home.directory, 'node_modules')
    await mkdir(packages)
    for (const name of await readdir(packageFile('node_modules'))) {
      if (name === absent) continue
      await symlink(packageFile(`node_modules/${name}`), join(packages, name))
    }
  }

  async function hindra(args: readonly string[], env: NodeJS.ProcessEnv) {
    const bin = join(home.directory, 'bin/hindra.js')
    const options = { env: { ...process.env, HINDRA_DATA: home.data, ...env } }
    return execute(process.execPath, [bin, ...args], options).catch((error: unknown) => {
      return error as { readonly code: number; readonly stdout: string; readonly stderr: string }
    })
  }

  it('works, and with a model of the settings names the one line that installs it', async () => {
    const made = await hindra(['init', '--admin', 'Ada Admin', '--features', 'yes'], {})
    expect(made).not.toHaveProperty('code')
    const set = { HINDRA_MODEL_PATH: model }
    const { exit, remedy } = ERRORS.MODEL_RUNTIME_MISSING
    const refused = await hindra(['people'], set)
    expect(refused).toMatchObject({ code: exit, stdout: '' })
    expect(refused.stderr).toMatch(/^MODEL_RUNTIME_MISSING: @tensorflow\/tfjs-/)
    expect(refused.stderr).toContain(remedy)

    const found = JSON.parse((await hindra(['doctor', '--json'], set)).stdout) as readonly object[]
    expect(found).toContainEqual(
      expect.objectContaining({
        name: 'learned model (TensorFlow.js)',
        state: 'fail',
        mend: remedy,
      }),
    )
    expect(await hindra(['people'], {})).toMatchObject({ stderr: '' })
  }, 120_000)

  it('names all packages that a model needs, as package.json has them', () => {
    const { peerDependencies, devDependencies } = JSON.parse(
      readFileSync(packageFile('package.json'), 'utf8'),
    ) as Readonly<Record<string, Readonly<Record<string, string>>>>
    // What is on WASM; @tensorflow/tfjs-node is beside it, and nobody needs it. Others are for something else.
    const needed = Object.entries(peerDependencies ?? {}).filter(
      ([name]) => name.startsWith('@tensorflow/') && name !== '@tensorflow/tfjs-node',
    )
    const named = ERRORS.MODEL_RUNTIME_MISSING.remedy.split(' ').slice(2)
    expect(
      needed.map(([name, range]) => name + range.replace(/^\^(\d+)\..*/, '@$1')).sort(),
    ).toEqual(named.sort())
    for (const [name, range] of needed) expect(devDependencies?.[name]).toBe(range)
  })
})

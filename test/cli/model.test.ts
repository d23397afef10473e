import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
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

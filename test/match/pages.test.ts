import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorld, type World } from '../../bench/robustness/world.ts'
import { sceneJpeg } from '../../fixtures/index.ts'
import { scribble } from '../../fixtures/scribble.ts'
import { nativeCore } from '../../native/binding.ts'
import { SeededRandom } from '../../src/core/index.ts'

const PAGE = { width: 780, height: 1100 }
const PICTURE = { width: 640, height: 430 }
const INK = { ink: '#1a1a1a', ground: '#fff', opacity: 1 }

describe.skipIf(nativeCore() === undefined)('a page with a photograph on it', () => {
  let world: World
  let photograph: Buffer
  let itemId: string

  beforeAll(async () => {
    world = await openWorld('default')
    photograph = await sceneJpeg(31, PICTURE)
    itemId = await world.know(await page(photograph, 1))
    for (const seed of [32, 33]) await world.know(await page(await sceneJpeg(seed, PICTURE), seed))
  }, 60_000)

  afterAll(() => world.close())

  async function seenOf(picture: Buffer) {
    return (await world.scan(picture)).filter((match) => match.itemId === itemId)
  }

  it('is found again, also smaller', async () => {
    const copy = await sharp(await page(photograph, 1))
      .resize(600)
      .jpeg({ quality: 70 })
      .toBuffer()
    expect((await world.scan(copy))[0]).toMatchObject({ itemId })
  })

  it.each([2, 3, 4])(
    'does not confirm what another one has in common with it: %i',
    async (seed) => {
      const same = await seenOf(await page(photograph, seed))
      expect(same).toMatchObject([{ verdict: 'review', doubt: 'same-form' }])
      const elsewhere = await seenOf(await page(photograph, seed, 300))
      expect(elsewhere).toMatchObject([{ verdict: 'review', alignment: { onPage: true } }])
      // What of the two shows the other is the photograph, and no more.
      const { region, itemRegion } = elsewhere[0]?.alignment ?? {}
      expect(region?.x).toBeCloseTo(300 / PAGE.width, 1)
      expect(region?.height).toBeLessThan(0.4)
      expect(itemRegion?.height).toBeLessThan(0.5)
    },
  )

  it('leaves the photograph alone to a person, and says why', async () => {
    const alone = await sharp(photograph).resize(500).jpeg({ quality: 70 }).toBuffer()
    const [match] = await world.scan(alone)
    expect(match).toMatchObject({ itemId, verdict: 'review', alignment: { onPage: true } })
    expect(match?.reason).toMatch(/what is written beside it is not shown/)
  })

  it('does not hide a photograph that is known by itself', async () => {
    const other = await sceneJpeg(34, PICTURE)
    const id = await world.know(other)
    const [match] = await world.scan(await page(other, 5))
    expect(match).toMatchObject({ itemId: id, verdict: 'confirmed' })
  })
})

/** The photograph above lines of writing, which are other ones for each seed. */
async function page(picture: Buffer, seed: number, left = 70): Promise<Buffer> {
  const random = new SeededRandom(seed)
  const lines = Array.from({ length: 14 }, (_, line) => ({
    input: Buffer.from(scribble(random, random.integer(350, 640), 30, INK)),
    left: 70,
    top: 540 + line * 36,
  }))
  const width = Math.min(PICTURE.width, PAGE.width - left)
  const input = await sharp(picture).resize(width).toBuffer()
  return sharp({ create: { ...PAGE, channels: 3, background: '#fff' } })
    .composite([{ input, left, top: 60 }, ...lines])
    .jpeg({ quality: 85 })
    .toBuffer()
}

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nativeCore } from '../../native/binding.ts'
import { SeededRandom } from '../../src/core/index.ts'
import { transforms } from '../../fixtures/index.ts'
import { hasShared, sharedFile } from '../shared.ts'
import { type Hosted, openHosted, type Shown } from './hosted.ts'
import { usually } from '../long.ts'

const PICTURES = usually(1, 40)
/** Beside the pictures that are known: what hosts show instead, and what fills collages. */
const OTHERS = 12
const SIDE = 900

type Way = (picture: Buffer, others: readonly Buffer[]) => Promise<Buffer>

const jpeg = (image: Sharp) => image.jpeg({ quality: 70 }).toBuffer()
const tile = (picture: Buffer, width: number, height: number) =>
  sharp(picture).resize(width, height, { fit: 'cover' }).toBuffer()

const WAYS: Readonly<Record<string, Way>> = {
  crop: async (picture) => {
    const { width, height } = await sharp(picture).metadata()
    const part = (share: number, side: number) => Math.round(share * side)
    const box = {
      left: part(0.1, width),
      top: part(0.1, height),
      width: part(0.75, width),
      height: part(0.75, height),
    }
    return jpeg(sharp(await sharp(picture).extract(box).toBuffer()).resize(SIDE))
  },
  mirrored: (picture) => jpeg(sharp(picture).flop()),
  turned: (picture) => jpeg(sharp(picture).rotate(90)),
  tilted: (picture) => jpeg(sharp(picture).rotate(7, { background: '#222' })),
  collage: async (picture, others) => {
    const pieces = [picture, ...others.slice(0, 3)]
    const composite = await Promise.all(
      pieces.map(async (piece, place) => ({
        input: await tile(piece, 600, 450),
        left: 600 * (place % 2),
        top: 450 * Math.floor(place / 2),
      })),
    )
    const ground = { width: 1200, height: 900, channels: 3, background: '#fff' } as const
    return jpeg(sharp({ create: ground }).composite(composite))
  },
  caption: (picture) => transforms.caption(picture, new SeededRandom(5)),
  sticker: async (picture, [other = picture]) => {
    const { width, height } = await sharp(picture).metadata()
    const input = await tile(other, Math.round(width * 0.35), Math.round(height * 0.35))
    return jpeg(
      sharp(picture).composite([
        { input, left: Math.round(width * 0.3), top: Math.round(height * 0.3) },
      ]),
    )
  },
  screenshot: async (picture) => {
    const input = await sharp(picture).resize(600, 800, { fit: 'inside' }).toBuffer()
    const { height } = await sharp(input).metadata()
    const bar = await sharp({
      create: { width: 640, height: 90, channels: 3, background: '#357' },
    })
      .png()
      .toBuffer()
    const page = { width: 640, height: 1280, channels: 3, background: '#f4f4f4' } as const
    return jpeg(
      sharp({ create: page }).composite([
        { input: bar, left: 0, top: 0 },
        { input, left: 20, top: 200 + Math.round((800 - height) / 2) },
        { input: bar, left: 0, top: 1190 },
      ]),
    )
  },
}

interface Removal {
  /** What is at the URL then. */
  readonly shown: (host: { other: Buffer; allowed: Buffer; unknown: Buffer }) => Shown
  /** Where a person must say so: the site may send everybody there. */
  readonly forPeople?: true
}

const page = (title: string, text: string) =>
  `<!doctype html><html><head><title>${title}</title></head><body><p>${text}</p></body></html>`

const REMOVALS: Readonly<Record<string, Removal>> = {
  '404': { shown: () => ({ status: 404, body: page('Oops', 'Nothing.') }) },
  '410': { shown: () => ({ status: 410 }) },
  'placeholder of the allow-list': { shown: ({ allowed }) => ({ body: allowed }) },
  'placeholder nobody knows': { shown: ({ unknown }) => ({ body: unknown }) },
  'another picture': { shown: ({ other }) => ({ body: other }) },
  'a removal page': { shown: () => ({ body: page('Host', 'This image has been removed.') }) },
  'a parking page': {
    shown: () => ({ body: page('pictures.example', 'This domain is for sale. Buy this domain.') }),
  },
  'the front page': { shown: () => ({ status: 302, location: '/' }), forPeople: true },
}

describe.skipIf(!hasShared('data', 'photos') || nativeCore() === undefined)(
  'what a finding stood on is followed to its end',
  () => {
    let hosted: Hosted
    let pictures: readonly Buffer[]
    let others: readonly Buffer[]
    let allowed: Buffer
    let unknown: Buffer
    const figures = { cases: 0, unseen: 0, present: 0, asked: 0, removed: 0, forPeople: 0 }
    const wrong: string[] = []

    beforeAll(async () => {
      const all = await photographs(PICTURES + OTHERS)
      pictures = all.slice(0, PICTURES)
      others = all.slice(PICTURES)
      allowed = await placeholder('#c33', 'Removed by the host')
      unknown = await placeholder('#2a6', 'Content unavailable')
      hosted = await openHosted()
      hosted.show('/', { body: page('Pictures', 'Welcome to the site of many pictures.') })
      for (const picture of pictures) await hosted.know(picture)
      await hosted.know(allowed, 'allow')
    }, 600_000)
    afterAll(async () => {
      await hosted.close()
    })

    it('present while it is shown, removed when it is not, whatever was done to it', async () => {
      for (const [number, picture] of pictures.entries()) {
        for (const [place, [way, alter]] of Object.entries(WAYS).entries()) {
          const removals = Object.entries(REMOVALS)
          // With few pictures each removal is still met once.
          const [name, removal] = removals[(place + number) % removals.length] ?? []
          if (name === undefined || removal === undefined) continue
          await followed(
            `${number} ${way}, then ${name}`,
            number,
            await alter(picture, others),
            removal,
          )
        }
      }
      const { cases, unseen, present, asked, removed, forPeople } = figures
      const share = (count: number) => `${((100 * count) / cases).toFixed(1)}%`
      console.log(
        `${cases} cases of ${pictures.length} pictures in ${Object.keys(WAYS).length} ways ` +
          `(${unseen} more were not found): present while shown ${share(present)}, asked about while shown ` +
          `${share(asked)}; removed ${share(removed)}; left to people for good ${share(forPeople)}`,
      )
      expect(wrong).toEqual([])
      expect(present + asked).toBe(cases)
      expect(asked / cases).toBeLessThan(0.05)
      expect(removed + forPeople).toBe(cases)
      expect(cases).toBeGreaterThan(pictures.length * 6)
    }, 3_600_000)

    async function followed(name: string, number: number, copy: Buffer, removal: Removal) {
      const path = `/${name.replaceAll(/\W+/g, '-')}.jpg`
      hosted.show(path, { body: copy })
      const found = await hosted.see(path)
      if (found === undefined) {
        figures.unseen += 1
        return
      }
      figures.cases += 1
      // Sent anew at each look, as hosts do: other bytes, the same picture.
      let told = true
      for (const quality of [85, 60, 75]) {
        hosted.show(path, { body: await sharp(copy).jpeg({ quality }).toBuffer() })
        hosted.pass(5)
        const seen = await hosted.look(found.id)
        if (seen.outcome === 'gone') wrong.push(`${name}: gone while shown, ${seen.reason}`)
        told &&= seen.outcome === 'present'
      }
      figures[told ? 'present' : 'asked'] += 1
      const other = others[number % others.length] ?? unknown
      hosted.show(path, removal.shown({ other, allowed, unknown }))
      const { status, lastLook, unverified } = await hosted.follow(found.id, 6)
      if (status === 'removed') figures.removed += 1
      else if (unverified === null) wrong.push(`${name}: ${status}, and nobody is asked`)
      else figures.forPeople += 1
      if (removal.forPeople === undefined && status !== 'removed') {
        wrong.push(`${name}: still ${status}, ${lastLook?.reason ?? ''}`)
      }
    }
  },
)

async function photographs(count: number): Promise<readonly Buffer[]> {
  const folder = sharedFile('data', 'photos')
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /^(unsplash|cq100|flowers|clothing)\W.*\.(jpe?g|png|webp)$/i.test(name))
    .sort()
  const step = Math.floor(names.length / count)
  const chosen = names.filter((_, index) => index % step === 0).slice(0, count)
  return Promise.all(
    chosen.map((name) =>
      sharp(readFileSync(join(folder, name)))
        .rotate()
        .resize(1200, 1200, { fit: 'inside', withoutEnlargement: true })
        .jpeg({ quality: 90 })
        .toBuffer(),
    ),
  )
}

/** A placeholder as hosts draw them: a plain ground with a sign and words upon it. */
async function placeholder(background: string, words: string): Promise<Buffer> {
  const sign = `<svg width="640" height="480"><circle cx="320" cy="180" r="90" fill="#fff"/>
    <rect x="240" y="165" width="160" height="30" fill="${background}"/>
    <text x="320" y="360" font-size="40" text-anchor="middle" fill="#fff">${words}</text></svg>`
  return sharp({ create: { width: 640, height: 480, channels: 3, background } })
    .composite([{ input: Buffer.from(sign) }])
    .jpeg()
    .toBuffer()
}

import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Principal } from '../../src/access/index.ts'
import { configWith } from '../../src/config.ts'
import { hammingDistance, parseHash256 } from '../../src/core/index.ts'
import { classified, type Delta, readList } from '../../src/exchange/index.ts'
import { fingerprintMedia, type View } from '../../src/fingerprint/index.ts'
import type { ListedHash } from '../../src/register/index.ts'
import { usually } from '../long.ts'
import { judgedFilms } from '../match/sample.ts'
import { hasShared, sharedFile } from '../shared.ts'
import { bytesOf, linesOf, writtenAgain } from './lines.ts'
import { type ExchangeWorld, openExchangeWorld } from './world.ts'

const hex = (digit: string) => digit.repeat(64)
const frames = (...rows: readonly string[]) => rows.map((row) => `${row}\n`).join('')
/** vPDQ's own: frames of less quality are left out, and others match within so many bits. */
const [QUALITY_MIN, DISTANCE_MAX] = [50, 31]

function hashesOf(delta: Delta | undefined): readonly ListedHash[] {
  if (delta?.change !== 'put') throw new Error('no entry was read')
  return delta.hashes
}

function viewsOf(hashes: readonly ListedHash[]): readonly View[] {
  return hashes.map(({ value, quality = 0, seconds = 0 }) => ({
    name: 'whole',
    pdq: value,
    quality,
    seconds,
  }))
}

describe('vPDQ’s text', () => {
  const sampled = frames(
    `0,100,${hex('a')},0.000`,
    `30,97,${hex('b')},1.000`,
    `60,0,${hex('c')},2.000`,
  )

  it('is a film, its frames with their quality and time', async () => {
    const text = `\uFEFF${sampled.toUpperCase().replaceAll('\n', '\r\n')}\r\n`
    const [film, ...more] = await linesOf('vpdq', text)
    expect(more).toEqual([])
    expect(film).toMatchObject({
      change: 'put',
      line: 1,
      kind: 'film',
      key: expect.stringMatching(/^vpdq:[0-9a-f]{64}$/) as string,
      hashes: [
        { type: 'pdq', value: hex('a'), quality: 100, seconds: 0 },
        { type: 'pdq', value: hex('b'), quality: 97, seconds: 1 },
        { type: 'pdq', value: hex('c'), quality: 0, seconds: 2 },
      ],
    })
  })

  it('is of as many films as have a frame 0, and those that begin alike stay apart', async () => {
    const other = sampled.replace(hex('b'), hex('d'))
    const films = await linesOf('vpdq', sampled + other)
    expect(films.map(({ line }) => line)).toEqual([1, 4])
    const keys = new Set(films.map((film) => film.change === 'put' && film.key))
    expect(keys.size).toBe(2)
  })

  it('is read back as it was written', async () => {
    const films = await linesOf('vpdq', sampled + sampled.replaceAll('.000', '.500'))
    const text = await writtenAgain('vpdq', films)
    expect(text.startsWith(`0,100,${hex('a')},0.000\n1,97,${hex('b')},1.000\n`)).toBe(true)
    expect(await linesOf('vpdq', text)).toEqual(films)
    const updates = await writtenAgain('threatexchange', films)
    expect((await linesOf('threatexchange', updates)).map(hashesOf)).toEqual(films.map(hashesOf))
  })

  it.each([
    ['hash', `30,97,${hex('b').slice(1)},1.000`],
    ['quality', `30,101,${hex('b')},1.000`],
    ['quality', `30,high,${hex('b')},1.000`],
    ['timestamp', `30,97,${hex('b')},-1`],
    ['timestamp', `30,97,${hex('b')},`],
    ['frame', `x,97,${hex('b')},1.000`],
    ['frame', `-30,97,${hex('b')},1.000`],
    ['row', `30,97,${hex('b')}`],
    ['row', `30,97,${hex('b')},1.000,x`],
  ])('is refused as a whole film where a %s is wrong: %s', async (field, wrong) => {
    const films = await linesOf('vpdq', sampled + frames(`0,100,${hex('a')},0.000`, wrong))
    expect(films).toMatchObject([
      { change: 'put', line: 1 },
      { change: 'refused', line: 5, field },
    ])
  })

  it('is refused where frames go backwards: half of it may be of another film', async () => {
    const films = await linesOf('vpdq', sampled + frames(`0,9,${hex('d')},0`, `0,9,${hex('e')},0`))
    expect(films).toHaveLength(3)
    const back = `${sampled}30,97,${hex('d')},1.000\n`
    await expect(linesOf('vpdq', back)).rejects.toMatchObject({ line: 4, field: 'frame' })
  })

  it('of every frame is read at the seconds that vPDQ takes by itself', async () => {
    const rows = Array.from({ length: 300 }, (_, number) => {
      const value = number.toString(16).padStart(64, '0')
      return `${number},100,${value},${(number / 29.97).toFixed(3)}`
    })
    const [film] = await linesOf('vpdq', frames(...rows))
    const seconds = hashesOf(film).map((hash) => hash.seconds)
    expect(seconds).toEqual([0, 1.001, 2.002, 3.003, 4.004, 5.005, 6.006, 7.007, 8.008, 9.009])
  })
})

/** Those under eight seconds are sampled oftener here than vPDQ does. */
const SHORT = ['doorknob-hd-no-bar', 'pattern-hd-no-bar', 'test-padded-dimensions']
const LONG = ['chair-orig-22-sd-bar', 'pattern-longer-no-bar']
const REST = [
  ...['chair-19-sd-bar', 'chair-20-sd-bar', 'chair-22-sd-grey-bar', 'chair-22-sd-sepia-bar'],
  ...['chair-22-with-large-logo-bar', 'chair-22-with-small-logo-bar'],
]

describe.skipIf(!hasShared('data', 'vpdq', 'videos'))('the clips that vPDQ hashed', () => {
  const textOf = (clip: string) => readFileSync(sharedFile('data', 'vpdq', `${clip}.txt`), 'utf8')
  const bytes = (clip: string) => readFileSync(sharedFile('data', 'vpdq', 'videos', `${clip}.mp4`))
  /** vPDQ's hash of every frame, by its time. */
  const everyFrame = (clip: string) =>
    textOf(clip)
      .trim()
      .split('\n')
      .map((line) => {
        const [, quality, value = '', seconds] = line.split(',')
        return { value, quality: Number(quality), seconds: Number(seconds) }
      })

  async function ownFrames(clip: string): Promise<readonly View[]> {
    const { views } = await fingerprintMedia(Uint8Array.from(bytes(clip)), configWith({}).decode)
    return views.filter(({ name }) => name === 'whole')
  }

  it.each(usually(LONG, [...LONG, ...REST]))(
    '%s is confirmed by its list, and back',
    async (clip) => {
      const [film] = await linesOf('vpdq', textOf(clip))
      const [listed, own] = [viewsOf(hashesOf(film)), await ownFrames(clip)]
      expect(listed.map(({ seconds = 0 }) => Math.floor(seconds))).toEqual(
        listed.map((_, at) => at),
      )
      expect(judgedFilms(own, listed).verdict).toBe('confirmed')
      expect(judgedFilms(listed, own).verdict).toBe('confirmed')
    },
  )

  it.each(usually([SHORT[0], LONG[0]], [...SHORT, ...LONG, ...REST]))(
    '%s has here the hashes that vPDQ gives at the same times, and they leave as such',
    async (clip = '') => {
      const expected = everyFrame(clip)
      const own = await ownFrames(clip)
      const text = await writtenAgain('vpdq', [
        {
          change: 'put',
          line: 1,
          kind: 'film',
          hashes: own.map(({ pdq, quality, seconds = 0 }) => {
            return { type: 'pdq', value: pdq, quality, seconds }
          }),
        },
      ])
      const lines = text.trim().split('\n')
      expect(lines).toHaveLength(own.length)
      for (const line of lines) {
        const [, quality, hash = '', timestamp] = line.split(',')
        const same = expected.find(({ seconds }) => seconds.toFixed(3) === timestamp)
        if (same === undefined) throw new Error(`vPDQ has no frame at ${timestamp}`)
        expect(Number(quality)).toBe(same.quality)
        if (same.quality < QUALITY_MIN) continue
        const distance = hammingDistance(parseHash256(hash), parseHash256(same.value))
        expect(distance).toBeLessThanOrEqual(DISTANCE_MAX)
      }
    },
  )

  it('have nothing in common where they are of something else', async () => {
    const [chair, door] = await Promise.all(
      ['chair-orig-22-sd-bar', 'doorknob-hd-no-bar'].map(async (clip) => {
        const [film] = await linesOf('vpdq', textOf(clip))
        return viewsOf(hashesOf(film))
      }),
    )
    expect(judgedFilms(chair ?? [], door ?? []).verdict).toBe('none')
  })

  describe('in the register', () => {
    let world: ExchangeWorld
    beforeEach(async () => {
      world = await openExchangeWorld()
    })
    afterEach(() => world.dispose())

    it('find a copy of the clip, as a review until two persons have vetted the list', async () => {
      const list = 'partner-x'
      const officer = (id: string): Principal => ({ ...world.person, id, roles: ['officer'] })
      await world.engine
        .as(officer('a'))
        .lists.create({ name: list, kind: 'partner', arrivesAs: 'verified' })
      const begun = { list, format: 'vpdq', digest: 'a'.repeat(64), dryRun: false, complete: false }
      const exchange = world.engine.as(world.person)
      const { id } = await exchange.imports.begin(begun)
      const lines: Delta[] = []
      const read = readList('vpdq', bytesOf(textOf('chair-orig-22-sd-bar')))
      for await (const line of classified(read, { all: 'Baseline' })) lines.push(line)
      await world.engine.stages.exchanging.imports.takeLines(world.person, id, 0, lines)
      expect(await exchange.imports.finish({ id })).toMatchObject({ state: 'done', added: 1 })
      const crawler: Principal = {
        ...world.person,
        id: 'c',
        kind: 'machine',
        roles: ['crawler-verdict'],
      }
      const submit = (name: string) => {
        // Who looks at media takes their bytes over.
        const media = Uint8Array.from(bytes('chair-22-sd-sepia-bar'))
        const sighting = { url: `https://host.example/${name}`, media }
        return world.engine.as(crawler).sightings.submit(sighting)
      }
      expect(await submit('a.mp4')).toMatchObject({ verdict: 'review' })
      for (const id of ['a', 'b']) {
        await world.engine.as(officer(id)).lists.vet({ name: list, reason: 'saw how they hash' })
      }
      expect(await submit('b.mp4')).toMatchObject({ verdict: 'confirmed' })
    })
  })
})

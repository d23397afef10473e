import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { View } from '../../src/fingerprint/index.ts'
import { hasShared, sharedFile } from '../shared.ts'
import { copied, filmOf, judgedFilms, scenes } from './sample.ts'

describe('two films', () => {
  const original = scenes(1, 20)

  it('are confirmed where the frames match in the same order', () => {
    const { verdict, matches } = judgedFilms(filmOf(copied(original, 24)), filmOf(original))
    expect(verdict).toBe('confirmed')
    expect(matches[0]).toMatchObject({
      method: 'film',
      distance: 24,
      frames: { matched: 20, of: 20, itemMatched: 20, itemOf: 20 },
    })
  })

  it('are confirmed where another cut keeps most of both', () => {
    const cut = [...scenes(2, 5), ...copied(original, 10).slice(4, 17)]
    expect(judgedFilms(filmOf(cut), filmOf(original)).verdict).toBe('confirmed')
  })

  it('are a matter of review where the same frames come in another order', () => {
    const shuffled = copied(original, 4).map((_, i, all) => all[(i * 7) % 20] ?? _)
    const { verdict, matches } = judgedFilms(filmOf(shuffled), filmOf(original))
    expect(verdict).toBe('review')
    expect(matches[0]?.frames).toEqual({ matched: 20, of: 20, itemMatched: 20, itemOf: 20 })
    expect(matches[0]?.reason).toMatch(/in the same order/)
  })

  it('are a matter of review where little moves: a still confirms nothing, however long', () => {
    const still = scenes(3, 1).flatMap((scene) => Array.from({ length: 60 }, () => scene))
    const { verdict, matches } = judgedFilms(filmOf(copied(still, 6)), filmOf(copied(still, 6, 7)))
    expect(verdict).toBe('review')
    expect(matches[0]?.frames).toMatchObject({ matched: 1, of: 1, itemMatched: 1, itemOf: 1 })
    expect(matches[0]?.reason).toMatch(/takes 4 to confirm/)
  })

  it('are a matter of review where one holds the other among much else, and it says how much', () => {
    const compilation = [...scenes(4, 60), ...copied(original, 8), ...scenes(5, 60)]
    const { verdict, matches } = judgedFilms(filmOf(compilation), filmOf(original))
    expect(verdict).toBe('review')
    expect(matches[0]?.frames).toEqual({ matched: 20, of: 140, itemMatched: 20, itemOf: 20 })
    expect(matches[0]?.reason).toMatch(/14% and 100%.*60% of both/)
  })

  it('are a matter of review where a short passage of one is in the other', () => {
    const passage = [...scenes(6, 30), ...copied(original.slice(8, 10), 20), ...scenes(7, 30)]
    expect(judgedFilms(filmOf(passage), filmOf(original)).verdict).toBe('review')
  })

  it('are a matter of review where one frame is in both, if it is hardly changed', () => {
    const withFrame = (bits: number) => [
      ...scenes(8, 30),
      ...copied(original.slice(8, 9), bits),
      ...scenes(9, 30),
    ]
    const near = judgedFilms(filmOf(withFrame(16)), filmOf(original))
    expect(near).toMatchObject({ verdict: 'review', matches: [{ method: 'pdq', distance: 16 }] })
    expect(judgedFilms(filmOf(withFrame(17)), filmOf(original)).verdict).toBe('none')
  })

  it('have nothing in common by their dark frames', () => {
    const dark = filmOf(original, 40)
    expect(judgedFilms(dark, dark)).toEqual({ verdict: 'none', matches: [] })
    const tail = [...filmOf(scenes(10, 10)), ...dark]
    const otherTail = [...filmOf(scenes(11, 10)), ...dark]
    expect(judgedFilms(tail, otherTail)).toEqual({ verdict: 'none', matches: [] })
  })

  it('of three distinct frames are not confirmed', () => {
    const short = scenes(12, 3)
    expect(judgedFilms(filmOf(copied(short, 2)), filmOf(short)).verdict).toBe('review')
    const enough = scenes(12, 4)
    expect(judgedFilms(filmOf(copied(enough, 2)), filmOf(enough)).verdict).toBe('confirmed')
  })
})

describe.skipIf(!hasShared('data', 'vpdq'))('the clips of the vPDQ vectors', () => {
  const clip = (name: string) => sampled(vectors(`${name}.txt`))

  it.each([
    ['chair-22-sd-grey-bar', 'chair-orig-22-sd-bar'],
    ['chair-22-sd-sepia-bar', 'chair-orig-22-sd-bar'],
    ['chair-22-with-small-logo-bar', 'chair-orig-22-sd-bar'],
    ['chair-orig-22-fhd-no-bar', 'chair-orig-22-hd-no-bar'],
    ['chair-20-sd-bar', 'chair-orig-22-sd-bar'],
    ['pattern-sd-grey-bar', 'pattern-sd-with-small-logo-bar'],
  ])('%s is confirmed as a copy of %s', (copy, original) => {
    expect(judgedFilms(clip(copy), clip(original)).verdict).toBe('confirmed')
  })

  it.each([
    ['chair-orig-22-sd-bar', 'pattern-sd-grey-bar'],
    ['chair-orig-22-hd-no-bar', 'doorknob-hd-no-bar'],
    ['pattern-longer-no-bar', 'doorknob-hd-no-bar'],
    ['test-padded-dimensions', 'chair-20-sd-bar'],
  ])('%s has nothing in common with %s', (one, other) => {
    expect(judgedFilms(clip(one), clip(other))).toEqual({ verdict: 'none', matches: [] })
  })

  it('does not confirm one part of a clip as another part of it', () => {
    const film = vectors('chair-orig-22-sd-bar.txt')
    const half = Math.floor(film.length / 2)
    const first = sampled(film.slice(0, half))
    const second = sampled(film.slice(half))
    expect(judgedFilms(first, second).verdict).not.toBe('confirmed')
  })
})

/** Lines of frame number, quality, hash and seconds, 30 frames a second. */
function vectors(name: string): View[] {
  return readFileSync(sharedFile('data', 'vpdq', name), 'utf8')
    .trim()
    .split('\n')
    .map((line) => {
      const [, quality, pdq = '', seconds] = line.split(',')
      return { name: 'whole', pdq, quality: Number(quality), seconds: Number(seconds) }
    })
}

/** One frame a second. */
function sampled(frames: readonly View[]): View[] {
  return frames.filter((_, i) => i % 30 === 0)
}

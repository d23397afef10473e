import { basename } from 'node:path'
import { inLanes } from '../robustness/lanes.ts'
import { type Film, filmAt } from './film.ts'
import { dealt, makeFilm, makeReel } from './films.ts'
import { clipAt, type Sources } from './sources.ts'

/** All films of one half. */
export interface HalfOfFilms {
  /** Real ones, of each place the first take. */
  readonly clips: readonly Film[]
  /** Copies of real ones that somebody else made. */
  readonly copies: ReadonlyMap<Film, readonly string[]>
  readonly made: readonly Film[]
  /** Unrelated ones, which are never registered. */
  readonly reels: readonly Film[]
  /** Photographs that are registered. */
  readonly stills: readonly string[]
}

export async function filmsOf(
  { photographs, places }: Sources,
  seed: number,
  progress: (text: string) => void,
): Promise<HalfOfFilms> {
  const { films, reels, stills } = dealt(photographs, seed)
  progress(`making ${films.length} films, unless they were made before`)
  const clips = await inLanes(places, async ({ takes: [path = ''] }) => {
    const whole = await filmAt(basename(path), path)
    return filmAt(whole.name, await clipAt(path, whole.seconds))
  })
  return {
    clips,
    copies: new Map(clips.map((clip, index) => [clip, places[index]?.copies ?? []])),
    made: await inLanes([...films.entries()], ([number, each]) => makeFilm(each, number, seed)),
    reels: await inLanes([...reels.entries()], ([number, each]) => makeReel(each, number, seed)),
    stills,
  }
}

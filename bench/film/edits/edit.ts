import type { SeededRandom } from '../../../src/core/index.ts'
import { type Film, filmAt } from '../film.ts'
import { EVEN, h264, madeByFfmpeg } from '../made.ts'
import { inTurn, type Piece, whole } from '../pieces.ts'

/** An edit draws chance and unrelated films from here. */
export interface FilmDraw {
  readonly random: SeededRandom
  /** The next of the unrelated films, which are not registered. */
  readonly reel: () => Film
}

/** A file that shows the item or a part of it. */
export interface Copy {
  readonly path: string
  /** Which seconds show what; none for a picture. */
  readonly pieces: readonly Piece[]
}

/** Makes one altered copy of a film. Same film and draw, same copy. */
export type Alter = (film: Film, draw: FilmDraw) => Promise<Copy>

/** One call of ffmpeg that makes a copy of a film. */
export interface Filtered {
  /** Filters from `[0:v]`, the film, to the copy; other inputs have the numbers from 1 on. */
  readonly filters: string
  /** Options and files of the other inputs. */
  readonly inputs?: readonly string[]
  /** The film as it is, unless it says otherwise. */
  readonly pieces?: readonly Piece[]
  /** x264's, drawn where it is absent. */
  readonly quality?: number
}

/** An edit that is one run of ffmpeg. */
export function filtered(
  draws: (film: Film, draw: FilmDraw) => Filtered | Promise<Filtered>,
): Alter {
  return async (film, draw) => {
    const drawn = await draws(film, draw)
    const { filters, inputs = [], pieces = [whole(film.seconds)], quality } = drawn
    const path = await madeByFfmpeg('mp4', [
      ...['-i', film.path, ...inputs],
      ...['-filter_complex', `[0:v]${filters},${EVEN}[v]`, '-map', '[v]'],
      ...h264(quality ?? draw.random.integer(22, 29)),
    ])
    return { path, pieces }
  }
}

/** One edit, then the other upon what it made. */
export function both(first: Alter, second: Alter): Alter {
  return async (film, draw) => {
    const once = await first(film, draw)
    const twice = await second(await filmAt(film.name, once.path), draw)
    return { path: twice.path, pieces: inTurn(once.pieces, twice.pieces) }
  }
}

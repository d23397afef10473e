import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import {
  filmMp4,
  reencodeFilm,
  sceneJpeg,
  type TransformName,
  transforms,
} from '../../fixtures/index.ts'
import { hammingDistance, parseHash256, SeededRandom } from '../../src/core/index.ts'
import { configWith } from '../../src/config.ts'
import { fingerprintMedia } from '../../src/fingerprint/index.ts'

export interface Media {
  readonly bytes: Uint8Array
  readonly contentType: string
}

/** A copy of a known item, with how it was altered. */
export interface Copy extends Media {
  /** Index into `known`. */
  readonly item: number
  readonly alteration: string
  /** Whether any hash of its kind must find it: the story fails where one of these is missed. */
  readonly mustBeFound: boolean
}

/** All material of the story. The first of `known` are pictures, the last two are films. */
export interface Library {
  readonly known: readonly Media[]
  readonly copies: readonly Copy[]
  readonly unrelated: readonly Media[]
  /** For the tip: material that no register knows. */
  readonly novel: Media
  readonly origin: string
}

const KNOWN_PICTURES = 18
const UNRELATED_PICTURES = 226
const UNRELATED_FILMS = 4
const PICTURES_NEEDED = KNOWN_PICTURES + 1 + 12

/** The alterations that every open perceptual hash survives. */
const EVERYDAY: readonly TransformName[] = ['reencode', 'resize', 'watermark']
/** Tried in turn until a copy falls into the review band. */
const HARSH: readonly TransformName[] = ['caption', 'logo', 'crop', 'brightness']
const REVIEW_BAND = { from: 18, to: 30 } as const

const PICTURE_TYPES: Readonly<Record<string, string>> = {
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.avif': 'image/avif',
}
const FILM_TYPES: Readonly<Record<string, string>> = {
  '.mp4': 'video/mp4',
  '.mkv': 'video/x-matroska',
  '.webm': 'video/webm',
}

export async function buildLibrary(
  seed: number,
  mediaDirectory: string | undefined,
  progress: (text: string) => void,
): Promise<Library> {
  const random = new SeededRandom(seed)
  const source =
    mediaDirectory === undefined
      ? await generated(random, progress)
      : await fromDirectory(mediaDirectory, random, progress)
  const { pictures, films } = source
  const known = [...pictures.slice(0, KNOWN_PICTURES), ...films.slice(0, 2)]
  progress('altering copies')
  const copies = [
    ...(await pictureCopies(known.slice(0, KNOWN_PICTURES), random)),
    ...(await filmCopies(known.slice(KNOWN_PICTURES), KNOWN_PICTURES)),
  ]
  const novel = needed(pictures[KNOWN_PICTURES], 'a picture for the tip')
  const unrelated = [...pictures.slice(KNOWN_PICTURES + 1), ...films.slice(2)]
  return { known, copies, unrelated, novel, origin: source.origin }
}

interface Source {
  readonly pictures: readonly Media[]
  readonly films: readonly Media[]
  readonly origin: string
}

async function generated(random: SeededRandom, progress: (text: string) => void): Promise<Source> {
  const count = KNOWN_PICTURES + 1 + UNRELATED_PICTURES
  const pictures: Media[] = []
  for (let i = 0; i < count; i += 1) {
    progress(`generating scene ${i + 1} of ${count}`)
    const bytes = await sceneJpeg(random.integer(1, 2 ** 31))
    pictures.push({ bytes, contentType: 'image/jpeg' })
  }
  return { pictures, films: await generatedFilms(random, progress), origin: 'generated scenes' }
}

async function generatedFilms(
  random: SeededRandom,
  progress: (text: string) => void,
): Promise<readonly Media[]> {
  const films: Media[] = []
  for (let i = 0; i < 2 + UNRELATED_FILMS; i += 1) {
    progress(`generating film ${i + 1} of ${2 + UNRELATED_FILMS}`)
    films.push({ bytes: await filmMp4(random.integer(1, 2 ** 31)), contentType: 'video/mp4' })
  }
  return films
}

async function fromDirectory(
  directory: string,
  random: SeededRandom,
  progress: (text: string) => void,
): Promise<Source> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
  const load = async (types: Readonly<Record<string, string>>, most: number) => {
    const chosen = shuffle(
      paths.filter((path) => extname(path).toLowerCase() in types),
      random,
    ).slice(0, most)
    return Promise.all(
      chosen.map(async (path) => ({
        bytes: await readFile(path),
        contentType: types[extname(path).toLowerCase()] ?? '',
      })),
    )
  }
  progress(`reading ${directory}`)
  const pictures = await load(PICTURE_TYPES, KNOWN_PICTURES + 1 + UNRELATED_PICTURES)
  if (pictures.length < PICTURES_NEEDED) {
    throw new Error(
      `--media needs at least ${PICTURES_NEEDED} pictures (jpg, png, webp, avif); ` +
        `${directory} holds ${pictures.length}`,
    )
  }
  const films = await load(FILM_TYPES, 2 + UNRELATED_FILMS)
  const enough = films.length >= 3
  return {
    pictures,
    films: enough ? films : await generatedFilms(random, progress),
    origin: `${directory}${enough ? '' : ' (films generated: it holds fewer than three)'}`,
  }
}

async function pictureCopies(
  known: readonly Media[],
  random: SeededRandom,
): Promise<readonly Copy[]> {
  const copies: Copy[] = []
  for (const [item, original] of known.entries()) {
    if (item % 6 === 0) copies.push({ ...original, item, alteration: 'as is', mustBeFound: true })
    for (const alteration of EVERYDAY) {
      const bytes = await transforms[alteration](original.bytes, random)
      copies.push({ bytes, contentType: 'image/jpeg', item, alteration, mustBeFound: true })
    }
  }
  const band = await firstInReviewBand(known, random)
  if (band !== undefined) copies.push(band)
  return copies
}

/** One copy that is altered so much that a person must look at it. */
async function firstInReviewBand(
  known: readonly Media[],
  random: SeededRandom,
): Promise<Copy | undefined> {
  for (const alteration of HARSH) {
    for (const [item, original] of known.entries()) {
      const bytes = await transforms[alteration](original.bytes, random)
      const distance = await pdqDistance(original.bytes, bytes)
      if (distance >= REVIEW_BAND.from && distance <= REVIEW_BAND.to) {
        return { bytes, contentType: 'image/jpeg', item, alteration, mustBeFound: true }
      }
    }
  }
  return undefined
}

async function pdqDistance(a: Uint8Array, b: Uint8Array): Promise<number> {
  const limits = configWith({}).decode
  const [first, second] = [await fingerprintMedia(a, limits), await fingerprintMedia(b, limits)]
  const whole = parseHash256(first.views[0]?.pdq ?? '')
  return Math.min(...second.views.map((view) => hammingDistance(whole, parseHash256(view.pdq))))
}

async function filmCopies(films: readonly Media[], firstItem: number): Promise<readonly Copy[]> {
  const copies: Copy[] = []
  for (const [index, film] of films.entries()) {
    copies.push({
      bytes: await reencodeFilm(film.bytes, { crf: 35 }),
      contentType: 'video/mp4',
      item: firstItem + index,
      alteration: 're-encoded film',
      mustBeFound: true,
    })
  }
  return copies
}

export function shuffle<T>(list: readonly T[], random: SeededRandom): T[] {
  const mixed = [...list]
  for (let i = mixed.length - 1; i > 0; i -= 1) {
    const j = random.integer(0, i)
    ;[mixed[i], mixed[j]] = [mixed[j] as T, mixed[i] as T]
  }
  return mixed
}

/** What the story was given, or a clear end of it. */
export function needed<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`the story lacks ${what}`)
  return value
}

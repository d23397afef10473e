/**
 * Makes the pictures and films of the simulation, `npm run simulate:gallery`: copies each of the pieces, asks a
 * real Hindra that knows the originals what it makes of every copy, and keeps files and fingerprints
 * beside this file. The photographs are read from `../shared/data`; the rest is drawn. To be run again
 * when a hasher or the features get a new version.
 */
import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import sharp from 'sharp'
import { openWorld } from '../../../bench/robustness/world.ts'
import { filmMp4, reencodeFilm, sceneJpeg } from '../../../fixtures/index.ts'
import { configWith } from '../../../src/config.ts'
import { fingerprintMedia } from '../../../src/fingerprint/index.ts'
import { sharedFile } from '../../shared.ts'
import { alikeOf, copiesOf, filmCopiesOf, originalOf, placeholder } from './copies.ts'
import { LIST, MEDIA, ORIGINAL, type Piece } from './piece.ts'
import { OTHER_SCENES, SOURCES, type Source } from './sources.ts'

const SIDE = 1_024
const FILM = { seconds: 8, width: 240, height: 180, fps: 6 } as const
/** How much of both sides shows something else: in turn, and of every third none. */
const ALIKE_SHARES = [0.7, 0.55, undefined] as const
const { decode } = configWith({})

type Made = Pick<Piece, 'subject' | 'copy' | 'role' | 'like'> & { readonly bytes: Buffer }

const others = await Promise.all(OTHER_SCENES.map((seed) => sceneJpeg(seed)))
const made: Made[] = []
for (const [number, source] of SOURCES.entries()) made.push(...(await copied(source, number)))
made.push({
  subject: 'placeholder',
  copy: ORIGINAL,
  role: 'placeholder',
  bytes: await placeholder(),
})

const hindra = await openWorld('default')
try {
  const subjects = new Map<string, string>()
  for (const { subject, copy, role, bytes } of made) {
    if (copy === ORIGINAL && isCopied(role)) subjects.set(await hindra.know(bytes), subject)
  }
  await rm(MEDIA, { recursive: true, force: true })
  await mkdir(MEDIA, { recursive: true })
  const lines: string[] = []
  for (const piece of made) {
    const [match] = await hindra.scan(piece.bytes)
    const verdict = match?.verdict ?? 'none'
    const found = match === undefined ? 'none' : (subjects.get(match.itemId) ?? 'none')
    console.log(
      [piece.subject, piece.copy, piece.bytes.length, verdict, match?.method, found].join('\t'),
    )
    if (match !== undefined) console.log(`\t${match.reason}`)
    const kept = await keptOf(piece, verdict, match?.method)
    if (isCopied(piece.role) && found !== piece.subject) continue
    await writeFile(join(MEDIA, kept.file), piece.bytes)
    lines.push(JSON.stringify(kept))
  }
  await writeFile(LIST, gzipSync(`${lines.join('\n')}\n`, { level: 9 }))
} finally {
  await hindra.close()
}

async function keptOf(
  { bytes, ...piece }: Made,
  verdict: Piece['verdict'],
  method: Piece['method'],
): Promise<Piece> {
  const { features, ...fingerprint } = await fingerprintMedia(bytes, decode, { features: true })
  delete fingerprint.colours
  delete fingerprint.shots
  const featuresVersion = features === undefined ? undefined : Buffer.from(features, 'base64').at(0)
  const ending = fingerprint.kind === 'film' ? 'mp4' : (await sharp(bytes).metadata()).format
  const file =
    `${piece.subject} ${piece.copy}`.replaceAll(' ', '-') + `.${ending.replace('heif', 'avif')}`
  return {
    file,
    ...piece,
    verdict,
    ...(method && { method }),
    ...(featuresVersion && { featuresVersion }),
    fingerprint,
  }
}

async function copied(source: Source, number: number): Promise<readonly Made[]> {
  const { name: subject, role } = source
  const whole = await wholeOf(source)
  const isFilm = source.film !== undefined
  const original = isFilm ? whole : await originalOf(whole)
  const first: Made = { subject, copy: ORIGINAL, role, bytes: original }
  if (!isCopied(role)) return [first]
  const copies = isFilm ? await filmCopiesOf(whole) : await copiesOf(whole, number, others)
  const altered = [...copies].map(([copy, bytes]): Made => ({ subject, copy, role, bytes }))
  const share = isFilm ? undefined : ALIKE_SHARES[number % ALIKE_SHARES.length]
  if (share === undefined) return [first, ...altered]
  const bytes = await alikeOf(whole, await sceneJpeg(8_000 + number), share)
  const alike = { subject: `like ${subject}`, copy: ORIGINAL, role: 'innocent', bytes } as const
  return [first, ...altered, { ...alike, like: subject }]
}

async function wholeOf({ photo, scene, film }: Source): Promise<Buffer> {
  if (film !== undefined) return reencodeFilm(await filmMp4(film, FILM), { crf: 30 })
  if (scene !== undefined) return sceneJpeg(scene, { width: 1_024, height: 768 })
  const file = sharedFile('data', photo ?? '')
  if (!existsSync(file)) throw new Error(`${file} is not there: the photographs lie in ../shared`)
  return sharp(await readFile(file))
    .resize({ width: SIDE, height: SIDE, fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality: 92 })
    .toBuffer()
}

/** Whether there are altered copies of it, which are kept where they are found. */
function isCopied(role: Piece['role']): boolean {
  return role === 'known' || role === 'new'
}

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { nativeCore } from '../../../native/binding.ts'
import { LIST, MEDIA, type Picture, type Piece, type Role } from './piece.ts'

export { ORIGINAL, type Picture } from './piece.ts'

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  webp: 'image/webp',
  avif: 'image/avif',
  jpeg: 'image/jpeg',
  mp4: 'video/mp4',
}

/** All of it, in the order in which it was made. */
export const PIECES = gunzipSync(readFileSync(LIST))
  .toString()
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Piece)

/**
 * Those that the process can find on this machine: without the native core there are no local features,
 * and what they alone find is found by nobody.
 */
const FINDABLE = PIECES.filter(({ method }) => method !== 'features' || nativeCore() !== undefined)
const BY_PICTURE = new Map(FINDABLE.map((piece) => [nameOf(piece), piece]))
const BY_DIGEST = new Map(FINDABLE.map((piece) => [piece.fingerprint.sha256, piece]))
const files = new Map<string, Uint8Array<ArrayBuffer>>()

export function subjectsOf(role: Role): readonly string[] {
  return [...new Set(FINDABLE.filter((piece) => piece.role === role).map(({ subject }) => subject))]
}

/** Its copies, the original first; the altered ones by the sure and the doubtful ones. */
export function copiesOf(subject: string): readonly Piece[] {
  return FINDABLE.filter((piece) => piece.subject === subject)
}

/** What shows something else in the same surroundings; undefined where there is nothing. */
export function likeOf(subject: string): Piece | undefined {
  return FINDABLE.find(({ like }) => like === subject)
}

/** Throws where the gallery has no such copy. */
export function pieceOf(picture: Picture): Piece {
  const piece = BY_PICTURE.get(nameOf(picture))
  if (piece === undefined) throw new Error(`the gallery has no ${nameOf(picture)}`)
  return piece
}

export function bytesOf(picture: Picture): Uint8Array<ArrayBuffer> {
  const { file } = pieceOf(picture)
  const bytes = files.get(file) ?? new Uint8Array(readFileSync(join(MEDIA, file)))
  files.set(file, bytes)
  return bytes
}

export function contentTypeOf(picture: Picture): string {
  return CONTENT_TYPES[pieceOf(picture).file.split('.').at(-1) ?? ''] ?? ''
}

/** Undefined for bytes that are of no piece. */
export function pieceWith(bytes: Uint8Array): Piece | undefined {
  return BY_DIGEST.get(createHash('sha256').update(bytes).digest('hex'))
}

function nameOf({ subject, copy }: Picture): string {
  return `${subject}, ${copy}`
}

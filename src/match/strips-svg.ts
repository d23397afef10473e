import type { Span } from '../decode/index.ts'
import { type FilmPiece, itemSpan } from './film-time.ts'

/** A piece on two strips of time, in shares of the longer strip: 0 to 1. */
export interface PieceOnStrips {
  readonly from: number
  readonly to: number
  readonly itemFrom: number
  readonly itemTo: number
  readonly isBackwards: boolean
}

const WIDTH = 640
const STRIP = 18
const APART = 60
const HEAD = 24
/** A piece of no length is drawn as wide. */
const LEAST = 0.004

/** Where pieces lie on the two films, both drawn to one scale: as far as the last piece of either. */
export function piecesOnStrips(pieces: readonly FilmPiece[]): readonly PieceOnStrips[] {
  const ends = pieces.flatMap(({ to, itemFrom, itemTo }) => [to, itemFrom, itemTo])
  const length = Math.max(...ends, 1)
  const onStrip = ({ from, to }: Span): Span => {
    return { from: from / length, to: Math.max(to / length, from / length + LEAST) }
  }
  return pieces.map((piece) => {
    const { from: itemFrom, to: itemTo } = onStrip(itemSpan(piece))
    return { ...onStrip(piece), itemFrom, itemTo, isBackwards: piece.itemTo < piece.itemFrom }
  })
}

/**
 * The corners of the band that joins a piece in both strips, from the lower edge of the one to the upper edge of the other;
 * it crosses itself where the piece runs backwards.
 */
export function bandOf(
  { from, to, itemFrom, itemTo, isBackwards }: PieceOnStrips,
  { width, top, bottom }: { readonly width: number; readonly top: number; readonly bottom: number },
): string {
  const [first, last] = isBackwards ? [itemTo, itemFrom] : [itemFrom, itemTo]
  const corners = [
    [from, top],
    [to, top],
    [last, bottom],
    [first, bottom],
  ] as const
  return corners.map(([x, y]) => `${Math.round(x * width)},${y}`).join(' ')
}

/** Which seconds of a film are which seconds of a known one, as two strips. No picture is needed, and none is shown. */
export function stripsSvg(pieces: readonly FilmPiece[]): string {
  const bottom = STRIP + APART
  const rect = (x: number, to: number, y: number, fill: string) =>
    `<rect x="${Math.round(x * WIDTH)}" y="${y}" width="${Math.max(2, Math.round((to - x) * WIDTH))}" height="${STRIP}" fill="${fill}"/>`
  const drawn = piecesOnStrips(pieces).flatMap((piece) => [
    `<polygon points="${bandOf(piece, { width: WIDTH, top: STRIP, bottom })}" fill="#1f5fa8" fill-opacity="0.25"/>`,
    rect(piece.from, piece.to, 0, '#2a9d5c'),
    rect(piece.itemFrom, piece.itemTo, bottom, '#2a9d5c'),
  ])
  const said = pieces.map(pieceText)
  const height = 2 * STRIP + APART
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-20 -${HEAD + 20} ${WIDTH + 40} ${height + HEAD + 60}" role="img" font-family="sans-serif" font-size="14">`,
    `<title>${said.join('; ')}</title>`,
    `<rect x="-20" y="-${HEAD + 20}" width="${WIDTH + 40}" height="${height + HEAD + 60}" fill="#fff"/>`,
    '<text x="0" y="-10">the film that was seen</text>',
    `<text x="0" y="${height + 18}">the known film</text>`,
    rect(0, 1, 0, '#d9d9d9'),
    rect(0, 1, bottom, '#d9d9d9'),
    ...drawn,
    '</svg>',
    '',
  ].join('\n')
}

/** `3.0-8.0 s is 10.0-15.0 s of the known film`. */
export function pieceText({ from, to, itemFrom, itemTo }: FilmPiece): string {
  const shown = (seconds: number) => seconds.toFixed(1)
  return `${shown(from)}-${shown(to)} s is ${shown(itemFrom)}-${shown(itemTo)} s of the known film`
}

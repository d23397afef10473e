export { bandOf, pieceText, piecesOnStrips } from './strips-svg.ts'
export { EXTENTS, shownBy } from './shown.ts'
export { type DrawnMatch, drawnMatches, mapRows } from './alignment-svg.ts'

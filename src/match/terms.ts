export { bandOf, pieceText, piecesOnStrips } from './strips-svg.ts'
export { type DrawnMatch, drawnMatches, mapRows } from './alignment-svg.ts'

export { type DrawnMatch, drawnMatches, mapRows } from './alignment-svg.ts'

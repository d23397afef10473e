import type { SeededRandom } from '../../../src/core/index.ts'

/** A stroke between two points of a letter's box, which is one wide and one high. */
type Stroke = readonly [x1: number, y1: number, x2: number, y2: number]

/** Ten digits and 26 letters: a machine without fonts would leave real text blank. */
export type Typeface = readonly (readonly Stroke[])[]

const DIGITS = 10
const LETTERS = 26
const STROKES: readonly Stroke[] = [
  [0, 0, 1, 0],
  [0, 0.5, 1, 0.5],
  [0, 1, 1, 1],
  [0, 0, 0, 0.5],
  [0, 0.5, 0, 1],
  [1, 0, 1, 0.5],
  [1, 0.5, 1, 1],
  [0, 0, 1, 0.5],
  [0, 0.5, 1, 1],
]
const WIDE = 0.55
/** From the start of one letter to the next, as a share of the height. */
const ADVANCE = 0.8

export interface Line {
  readonly x: number
  readonly y: number
  readonly height: number
}

export function typeface(random: SeededRandom): Typeface {
  return Array.from({ length: DIGITS + LETTERS }, () => {
    const left = [...STROKES]
    const count = random.integer(3, 5)
    return Array.from({ length: count }, () =>
      left.splice(random.integer(0, left.length - 1), 1),
    ).flat()
  })
}

/** So many digits. */
export function figures(random: SeededRandom, face: Typeface, line: Line, count: number): string {
  return written(
    Array.from({ length: count }, () => face[random.integer(0, DIGITS - 1)]),
    line,
  )
}

/** Words that fill the line up to this width. */
export function words(random: SeededRandom, face: Typeface, line: Line, width: number): string {
  let left = random.integer(2, 9)
  const count = Math.floor(width / (line.height * ADVANCE))
  const letters = Array.from({ length: count }, () => {
    left -= 1
    if (left > 0) return face[DIGITS + random.integer(0, LETTERS - 1)]
    left = random.integer(2, 10)
    return undefined
  })
  return written(letters, line)
}

/** How wide so many letters are. */
export function widthOf(count: number, height: number): number {
  return count * height * ADVANCE
}

function written(letters: readonly (Typeface[number] | undefined)[], line: Line): string {
  const { x, y, height } = line
  const path = letters.flatMap((strokes = [], index) =>
    strokes.map(([x1, y1, x2, y2]) => {
      const left = x + index * height * ADVANCE
      const at = (across: number, down: number) =>
        `${(left + across * WIDE * height).toFixed(1)} ${(y + down * height).toFixed(1)}`
      return `M${at(x1, y1)}L${at(x2, y2)}`
    }),
  )
  const pen = `fill="none" stroke-width="${(height * 0.12).toFixed(2)}" stroke-linecap="round"`
  return `<path ${pen} d="${path.join('')}"/>`
}

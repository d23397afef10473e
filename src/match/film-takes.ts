import { isDifferent, largestArea } from './cells.ts'
import type { WeighedFrame } from './evidence.ts'

/** Fewer cells of a map that hang together differ by chance; somebody who is 1 to 5% of a picture is 6 to 29. */
const SOMEBODY_CELLS = 3

/**
 * Whether what agrees is what stands before a camera that does not move, and who was there is not: half of the pictures of
 * a known film that are confirmed show something in one place that no frame laid over them shows. In one frame that is too
 * little to tell it from noise, which is not in the same place in the next frame. What is drawn over a copy differs in one
 * place of all its pictures, and is left out. False of frames that are cut or moved: these are laid less exactly.
 */
export function isOfAnotherTake(found: readonly WeighedFrame[]): boolean {
  const pictures = new Map<number, WeighedFrame[]>()
  for (const one of found) {
    const { itemSeconds, seconds, map, sameFrame } = one.alignment
    if (itemSeconds === undefined || seconds === undefined || map === undefined) continue
    if (sameFrame) pictures.set(itemSeconds, [...(pictures.get(itemSeconds) ?? []), one])
  }
  const missing = Array.from(pictures, ([itemSeconds, frames]) => ({
    itemSeconds,
    cells: neverShown(frames),
    isSure: frames.some(({ verdict }) => verdict === 'confirmed'),
  }))
  const sure = missing.filter(({ isSure }) => isSure)
  const without = sure.filter(({ itemSeconds, cells }) => {
    const others = missing.filter((other) => other.itemSeconds !== itemSeconds)
    const drawn = new Set(others.flatMap((other) => other.cells))
    return largestArea(cells.filter((cell) => !drawn.has(cell))) >= SOMEBODY_CELLS
  })
  return without.length > 0 && 2 * without.length >= sure.length
}

/** The cells of a picture that differ in all frames laid over it. */
function neverShown([first, ...others]: readonly WeighedFrame[]): readonly number[] {
  const differs = (frame: WeighedFrame, cell: number) => isDifferent(frame.alignment.map?.[cell])
  return Array.from(first?.alignment.map ?? '').flatMap((state, cell) =>
    isDifferent(state) && others.every((other) => differs(other, cell)) ? [cell] : [],
  )
}

import { isDifferent, largestArea } from './cells.ts'
import type { WeighedFrame } from './evidence.ts'

/** Fewer cells of a map that hang together differ by chance in all frames; who is 1 to 5% of a picture is 6 to 29 cells. */
const NEVER_SHOWN_CELLS = 3
/** The same in the frame that is nearest to a picture. */
const NEAREST_CELLS = 4
/** What differs in so many of the other pictures is drawn over the film: in two, where there are as many. */
const DRAWN_SHARE = 1 / 3
const DRAWN_MIN = 2

/** What is asked of a frame that was laid over a picture of a known film. */
type LaidFrame = Pick<WeighedFrame, 'alignment'> & Partial<Pick<WeighedFrame, 'verdict'>>

/** A picture of a known film, and the cells of it that differ in each frame that was laid over it. */
interface Picture {
  readonly isSure: boolean
  readonly differing: readonly ReadonlySet<number>[]
  /** Cells that no frame shows that is neither cut nor moved: these are laid exactly. */
  readonly neverShown: ReadonlySet<number>
}

/**
 * Whether what agrees is what stands before a camera that does not move, and who was there is not: of half of the pictures
 * of a known film that are confirmed, no frame shows what stands in one place. In one frame of many cells that agree it
 * is too little to be told from noise, which is elsewhere in the next picture. What is drawn over a copy differs in one
 * place of its other pictures too, and is left out.
 */
export function isOfAnotherTake(found: readonly LaidFrame[]): boolean {
  const pictures = picturesOf(found)
  const sure = pictures.filter(({ isSure }) => isSure)
  const lacking = sure.filter((picture) =>
    lacksSomebody(
      picture,
      pictures.filter((other) => other !== picture),
    ),
  )
  return lacking.length > 0 && 2 * lacking.length >= sure.length
}

function picturesOf(found: readonly LaidFrame[]): readonly Picture[] {
  const bySecond = new Map<number, LaidFrame[]>()
  for (const one of found) {
    const { itemSeconds, seconds, map } = one.alignment
    if (itemSeconds === undefined || seconds === undefined || map === undefined) continue
    bySecond.set(itemSeconds, [...(bySecond.get(itemSeconds) ?? []), one])
  }
  return Array.from(bySecond.values(), (frames) => ({
    isSure: frames.some(({ verdict }) => verdict === 'confirmed'),
    differing: frames.map(cellsThatDiffer),
    neverShown: inAll(frames.filter(({ alignment }) => alignment.sameFrame).map(cellsThatDiffer)),
  }))
}

/** Whether something stands in one place of the picture that no frame shows, of what is not drawn over the film. */
function lacksSomebody({ differing, neverShown }: Picture, others: readonly Picture[]): boolean {
  const isOwn = (cell: number) => !others.some((other) => other.neverShown.has(cell))
  if (largestArea([...neverShown].filter(isOwn)) >= NEVER_SHOWN_CELLS) return true
  const most = Math.max(1, Math.min(DRAWN_MIN, others.length), DRAWN_SHARE * others.length)
  const isDrawn = (cell: number) =>
    others.filter((other) => differsMostly(other, cell)).length >= most
  return differing.every(
    (cells) => largestArea([...cells].filter((cell) => !isDrawn(cell))) >= NEAREST_CELLS,
  )
}

function differsMostly({ differing }: Picture, cell: number): boolean {
  return 2 * differing.filter((cells) => cells.has(cell)).length >= differing.length
}

function cellsThatDiffer({ alignment }: LaidFrame): ReadonlySet<number> {
  const states = Array.from(alignment.map ?? '')
  return new Set(states.flatMap((state, cell) => (isDifferent(state) ? [cell] : [])))
}

function inAll([first, ...others]: readonly ReadonlySet<number>[]): ReadonlySet<number> {
  return new Set([...(first ?? [])].filter((cell) => others.every((other) => other.has(cell))))
}

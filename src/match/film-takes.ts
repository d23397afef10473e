import { isCompared, isDifferent, largestArea } from './cells.ts'
import type { WeighedFrame } from './evidence.ts'

/** Fewer cells of a map that hang together differ by chance in all frames; who is 1 to 5% of a picture is 6 to 29 cells. */
const NEVER_SHOWN_CELLS = 3
/** The same in the frame that is nearest to a picture. */
const NEAREST_CELLS = 4
/** What differs in so many of the other pictures is drawn over the film: in two, where there are as many. */
const DRAWN_SHARE = 1 / 3
const DRAWN_MIN = 2
/** So soon before and after a moment a camera that moves has another frame. */
const MOMENT_SECONDS = 0.5

/** What is asked of a frame that was laid over a picture of a known film. */
type LaidFrame = Pick<WeighedFrame, 'alignment'> & Partial<Pick<WeighedFrame, 'verdict'>>

/** The cells of a picture that a frame compares with it, and those of them that differ. */
interface Cells {
  readonly differing: ReadonlySet<number>
  readonly compared: ReadonlySet<number>
}

/** A picture of a known film, and what each frame that was laid over it says of its cells. */
interface Picture {
  readonly seconds: number
  readonly isSure: boolean
  readonly laid: readonly Cells[]
  /** Cells that no frame shows that is neither cut nor moved: these are laid exactly. */
  readonly neverShown: ReadonlySet<number>
  /** It lies exactly where it was at its moment, and elsewhere just before or after: so does no camera that stands. */
  readonly isAtItsMoment: boolean
}

/**
 * Whether what agrees is what stands before a camera that does not move, and who was there is not: of half of the pictures
 * of a known film that are confirmed, no frame shows what stands in one place. In one frame of many cells that agree it
 * is too little to be told from noise, which is elsewhere in the next picture. What is drawn over a copy differs in one
 * place of its other pictures too, and is left out.
 */
export function isOfAnotherTake(found: readonly LaidFrame[]): boolean {
  const { lacking, sure } = picturesLacking(found)
  return lacking.size > 0 && 2 * lacking.size >= sure
}

/** When the pictures are that are confirmed though no frame shows what stands in one place, of how many that are. */
export function picturesLacking(found: readonly LaidFrame[]): {
  readonly lacking: ReadonlySet<number>
  readonly sure: number
} {
  const pictures = picturesOf(found)
  const sure = pictures.filter(({ isSure }) => isSure)
  const lacking = sure.filter((picture) =>
    lacksSomebody(
      picture,
      pictures.filter((other) => other !== picture),
    ),
  )
  return { lacking: new Set(lacking.map(({ seconds }) => seconds)), sure: sure.length }
}

function picturesOf(found: readonly LaidFrame[]): readonly Picture[] {
  const bySecond = new Map<number, LaidFrame[]>()
  for (const one of found) {
    const { itemSeconds, seconds, map } = one.alignment
    if (itemSeconds === undefined || seconds === undefined || map === undefined) continue
    bySecond.set(itemSeconds, [...(bySecond.get(itemSeconds) ?? []), one])
  }
  return Array.from(bySecond, ([seconds, frames]) => {
    const laid = frames.map(cellsOf)
    const exactly = laid.filter((_cells, place) => frames[place]?.alignment.sameFrame)
    return {
      seconds,
      isSure: frames.some(({ verdict }) => verdict === 'confirmed'),
      laid,
      neverShown: inAll(exactly.map(({ differing }) => differing)),
      isAtItsMoment: isAtItsMoment(frames),
    }
  })
}

function isAtItsMoment(frames: readonly LaidFrame[]): boolean {
  const exactly = frames.filter(
    ({ verdict, alignment }) => verdict === 'confirmed' && alignment.sameFrame,
  )
  const moved = frames.filter(({ alignment }) => !alignment.sameFrame)
  const areNear = (one: LaidFrame, other: LaidFrame) =>
    Math.abs((one.alignment.seconds ?? 0) - (other.alignment.seconds ?? 0)) <= MOMENT_SECONDS
  return exactly.some((one) => moved.some((other) => areNear(one, other)))
}

/** Whether something stands in one place of the picture that no frame shows, of what is not drawn over the film. */
function lacksSomebody(
  { laid, neverShown, isAtItsMoment: isThere }: Picture,
  others: readonly Picture[],
): boolean {
  if (isThere) return false
  const isOwn = (cell: number) => !others.some((other) => other.neverShown.has(cell))
  if (largestArea([...neverShown].filter(isOwn)) >= NEVER_SHOWN_CELLS) return true
  const most = Math.max(1, Math.min(DRAWN_MIN, others.length), DRAWN_SHARE * others.length)
  const isDrawn = (cell: number) =>
    others.filter((other) => differsMostly(other, cell)).length >= most
  return laid.every(
    ({ differing }) =>
      largestArea([...differing].filter((cell) => !isDrawn(cell))) >= NEAREST_CELLS,
  )
}

/** Whether the cell differs in most of the frames that show the place at all. */
function differsMostly({ laid }: Picture, cell: number): boolean {
  const differing = laid.filter((one) => one.differing.has(cell)).length
  return differing > 0 && 2 * differing >= laid.filter((one) => one.compared.has(cell)).length
}

function cellsOf({ alignment }: LaidFrame): Cells {
  const states = Array.from(alignment.map ?? '')
  const cellsWhere = (isSo: (state: string) => boolean) =>
    new Set(states.flatMap((state, cell) => (isSo(state) ? [cell] : [])))
  return { differing: cellsWhere(isDifferent), compared: cellsWhere(isCompared) }
}

function inAll([first, ...others]: readonly ReadonlySet<number>[]): ReadonlySet<number> {
  return new Set([...(first ?? [])].filter((cell) => others.every((other) => other.has(cell))))
}

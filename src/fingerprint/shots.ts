import { type HashWords, hashWords, parseHash256, wordsDistance } from '../core/index.ts'
import type { View } from './fingerprint.ts'

/** PDQ bits: two frames that are nearer to each other show one picture, as the review radius has it for stills. */
const SHOT_BITS = 31

/** Pictures that have nothing to do with each other are 128 apart, nearly all of them over this: between two such frames a film is cut. */
export const CUT_BITS = 90

/** What is kept of one shot: of the frame that it begins with. */
interface Begun<T> {
  readonly seconds: number
  readonly hash: HashWords
  readonly isCut: boolean
  readonly made: T
}

/** When a frame is chosen that is not of a new shot. */
interface Within {
  /** So long after the last one. */
  readonly seconds: number
  /** And further from it than this, in bits. */
  readonly bits: number
}

/**
 * Chooses one frame of each shot of a film while its frames come by: the first one that is no longer like the last one
 * chosen. A camera that moves on begins a new shot, too. Where more than `most` are chosen every other one of those that
 * follow no cut is left out, then of all, and what follows is taken as far apart, so that a film of any length is covered
 * from end to end.
 */
export class Shots<T> {
  readonly #most: number
  readonly #within: Within
  #begun: Begun<T>[] = []
  #apartSeconds = 0
  #movedApartSeconds = 0

  constructor(most: number, within: Within) {
    this.#most = most
    this.#within = within
  }

  /** @param make Called where the frame is chosen, before this returns */
  offer({ pdq, seconds = 0 }: View, make: () => T): void {
    const last = this.#begun.at(-1)
    const hash = hashWords(parseHash256(pdq))
    const distance = last === undefined ? Infinity : wordsDistance(hash, last.hash)
    const since = last === undefined ? Infinity : seconds - last.seconds
    if (!this.#isDue(distance, since)) return
    this.#begun.push({ seconds, hash, isCut: distance > CUT_BITS, made: make() })
    if (this.#begun.length > this.#most) this.#thin()
  }

  /** In the order of the film. */
  get chosen(): readonly Pick<Begun<T>, 'seconds' | 'isCut' | 'made'>[] {
    return this.#begun
  }

  #isDue(distance: number, since: number): boolean {
    if (since < this.#apartSeconds) return false
    if (distance > CUT_BITS) return true
    if (since < this.#movedApartSeconds) return false
    return distance > SHOT_BITS || (since >= this.#within.seconds && distance > this.#within.bits)
  }

  #thin(): void {
    const length = (this.#begun.at(-1)?.seconds ?? 0) - (this.#begun[0]?.seconds ?? 0)
    const moved = this.#begun.filter(({ isCut }) => !isCut)
    const some = moved.length > 1 ? moved : this.#begun
    const dropped = new Set(some.filter((_, position) => position % 2 === 1))
    this.#begun = this.#begun.filter((one) => !dropped.has(one))
    const apart = length / (some.length - dropped.size)
    if (some === moved) this.#movedApartSeconds = apart
    else this.#apartSeconds = apart
  }
}

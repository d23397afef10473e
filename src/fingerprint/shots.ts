import { type HashWords, hashWords, parseHash256, wordsDistance } from '../core/index.ts'
import type { View } from './fingerprint.ts'

/** PDQ bits: two frames that are nearer to each other show one picture, as the review radius has it for stills. */
const SHOT_BITS = 31

/** What is kept of one shot: of the frame that it begins with. */
interface Begun<T> {
  readonly seconds: number
  readonly hash: HashWords
  readonly made: T
}

/**
 * Chooses one frame of each shot of a film while its frames come by: the first one that is no longer like the last one
 * chosen. A camera that moves on begins a new shot, too. Of more shots than `most` every other one is left out, and those
 * that follow are taken as far apart, so that a film of any length is covered from end to end.
 */
export class Shots<T> {
  readonly #most: number
  readonly #unchangedSeconds: number
  #begun: Begun<T>[] = []
  #apartSeconds = 0

  /** @param unchangedSeconds After so long a frame is taken though it looks like the last one: something small may move in it */
  constructor(most: number, unchangedSeconds = Infinity) {
    this.#most = most
    this.#unchangedSeconds = unchangedSeconds
  }

  /** @param make Called where the frame is chosen, before this returns */
  offer({ pdq, seconds = 0 }: View, make: () => T): void {
    const last = this.#begun.at(-1)
    const hash = hashWords(parseHash256(pdq))
    if (last !== undefined) {
      const since = seconds - last.seconds
      if (since < this.#apartSeconds) return
      const isLike = wordsDistance(hash, last.hash) <= SHOT_BITS
      if (isLike && since < this.#unchangedSeconds) return
    }
    this.#begun.push({ seconds, hash, made: make() })
    if (this.#begun.length > this.#most) this.#thin()
  }

  /** In the order of the film. */
  get chosen(): readonly (Pick<Begun<T>, 'seconds'> & { readonly made: T })[] {
    return this.#begun.map(({ seconds, made }) => ({ seconds, made }))
  }

  #thin(): void {
    const length = (this.#begun.at(-1)?.seconds ?? 0) - (this.#begun[0]?.seconds ?? 0)
    this.#begun = this.#begun.filter((_, position) => position % 2 === 0)
    this.#apartSeconds = length / this.#begun.length
  }
}

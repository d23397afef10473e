import { sceneJpeg } from '../../../fixtures/index.ts'
import type { SeededRandom } from '../../../src/core/index.ts'

const SIZE = { width: 160, height: 120 }
/** Registered before anything else, and for good. */
const STEADY = 6
/** That nobody ever registers. */
const UNKNOWN = 12
/** Of those that come and go, the newest are shown. */
const CHANGING_SHOWN = 4

/** Generated pictures by number: some are known all the time, some never, and some come and go. */
export class Pictures {
  readonly #files: (readonly [own: Uint8Array, copy: Uint8Array])[] = []
  /** Those of them that are known from the beginning. */
  readonly steady: readonly number[] = Array.from({ length: STEADY }, (_, n) => n)

  static async make(): Promise<Pictures> {
    const pictures = new Pictures()
    for (let n = 0; n < STEADY + UNKNOWN; n += 1) await pictures.another()
    return pictures
  }

  /** One more, that comes and goes. */
  async another(): Promise<number> {
    const seed = this.#files.length + 1
    const own = await sceneJpeg(seed, SIZE)
    this.#files.push([own, await sceneJpeg(seed, { ...SIZE, quality: 70 })])
    return seed - 1
  }

  /** The file that is registered, or a copy of it, coded anew. */
  file(picture: number, isOwn: boolean): Uint8Array {
    return this.#files[picture]?.[isOwn ? 0 : 1] ?? new Uint8Array()
  }

  any(random: SeededRandom): number {
    const shown = random.integer(0, 5)
    const last = this.#files.length - 1
    if (shown < 3) return random.integer(0, STEADY - 1)
    if (shown === 3 || last < STEADY + UNKNOWN) return random.integer(STEADY, STEADY + UNKNOWN - 1)
    return random.integer(Math.max(STEADY + UNKNOWN, last - CHANGING_SHOWN + 1), last)
  }
}

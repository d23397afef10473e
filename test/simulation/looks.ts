import type { Picture } from './gallery/gallery.ts'

/** A look of the process at a URL: when it was, by its own clock and by the world's. */
interface Look {
  readonly processMs: number
  readonly trueMs: number
  /** What of the page's own subject it was given to see. */
  readonly showed: Picture | undefined
}

/** All looks of the process at the world. */
export class Looks {
  readonly #looks = new Map<string, Look[]>()

  add(url: string, look: Look): void {
    const before = this.#looks.get(url)
    if (before === undefined) this.#looks.set(url, [look])
    else before.push(look)
  }

  /** When, by the world's clock, the last look at a URL at a moment of the process's own clock was. */
  trueMs(url: string, processMs: number): number | undefined {
    return this.#looks.get(url)?.findLast((look) => look.processMs === processMs)?.trueMs
  }

  /** What was shown then of the page's own subject. */
  showed(url: string, processMs: number): Picture | undefined {
    const trueMs = this.trueMs(url, processMs)
    const looks = this.#looks.get(url) ?? []
    return looks.find((look) => look.trueMs === trueMs && look.showed !== undefined)?.showed
  }
}

/** Longest time for which one transaction may keep all others from committing. */
export const ALONE_MS = 2_000

/** Lets all pass, except while one that lost too often has its turn alone. */
export class Turnstile {
  /** Ends when the turn does; undefined where nobody has one. Look again after waiting for it. */
  turn: Promise<void> | undefined

  /** Others wait while `work` runs, but not longer than ALONE_MS: a hung one must not stop all. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    while (this.turn !== undefined) await this.turn
    let end: () => void = () => undefined
    const turn = new Promise<void>((resolve) => {
      end = () => {
        if (this.turn === turn) this.turn = undefined
        resolve()
      }
    })
    this.turn = turn
    const timer = setTimeout(end, ALONE_MS)
    try {
      return await work()
    } finally {
      clearTimeout(timer)
      end()
    }
  }
}

/** Longest time for which one transaction may keep all others from committing. */
const ALONE_MS = 2_000

/** Lets all pass, except while one that lost too often has its turn alone. */
export class Turnstile {
  #turn: Promise<void> | undefined

  async pass(): Promise<void> {
    while (this.#turn !== undefined) await this.#turn
  }

  /** Others wait while `work` runs, but not longer than ALONE_MS: a hung one must not stop all. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    await this.pass()
    let open: () => void = () => undefined
    this.#turn = new Promise((resolve) => {
      open = () => {
        this.#turn = undefined
        resolve()
      }
    })
    const timer = setTimeout(open, ALONE_MS)
    try {
      return await work()
    } finally {
      clearTimeout(timer)
      open()
    }
  }
}

/** The latest of what was met, so that memory is bounded however long a crawl is. */
export class Latest<Value> {
  readonly #max: number
  readonly #values = new Map<string, Value>()

  constructor(max: number) {
    this.#max = max
  }

  set(key: string, value: Value): void {
    this.#values.delete(key)
    this.#values.set(key, value)
    if (this.#values.size <= this.#max) return
    const [oldest] = this.#values.keys()
    if (oldest !== undefined) this.#values.delete(oldest)
  }

  get(key: string | undefined): Value | undefined {
    return key === undefined ? undefined : this.#values.get(key)
  }
}

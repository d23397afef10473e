import type { Writable } from 'node:stream'

export interface AnswersOptions {
  /** Whether they are written in the order in which they were added; else as they are done. */
  readonly ordered: boolean
  /** Answers that may be worked on or wait for the client to take them. */
  readonly waitingMax: number
}

/** What is written to a client, line by line: all that is done by the end of a turn in one piece. */
export class Answers {
  readonly #write: (text: string) => Promise<void>
  readonly #options: AnswersOptions
  /** Answers that are due in order: added and not written yet, the oldest first. */
  readonly #places: { text?: string }[] = []
  #done: string[] = []
  #waiting = 0
  #changed: () => void = () => undefined

  constructor(sink: Writable, options: AnswersOptions) {
    this.#write = createWriter(sink)
    this.#options = options
  }

  /** `answer` never rejects. */
  add(answer: Promise<object>): void {
    this.#waiting += 1
    if (!this.#options.ordered) {
      void answer.then((result) => {
        this.#put(textOf(result))
      })
      return
    }
    const place: { text?: string } = {}
    this.#places.push(place)
    void answer.then((result) => {
      place.text = textOf(result)
      for (let first = this.#places[0]; first?.text !== undefined; first = this.#places[0]) {
        this.#put(first.text)
        this.#places.shift()
      }
    })
  }

  /** Waits until another answer may be added, where it may not now. */
  room(): Promise<void> | undefined {
    return this.#waiting < this.#options.waitingMax
      ? undefined
      : this.#below(this.#options.waitingMax)
  }

  /** All have been taken. */
  settled(): Promise<void> {
    return this.#below(1)
  }

  async #below(count: number): Promise<void> {
    while (this.#waiting >= count) {
      await new Promise<void>((resolve) => {
        this.#changed = resolve
      })
    }
  }

  #put(text: string): void {
    if (this.#done.length === 0) setImmediate(() => void this.#flush())
    this.#done.push(text)
  }

  async #flush(): Promise<void> {
    const done = this.#done
    this.#done = []
    await this.#write(done.join(''))
    this.#waiting -= done.length
    this.#changed()
  }
}

function textOf(answer: object): string {
  return `${JSON.stringify(answer)}\n`
}

/**
 * A write that resolves when the text was taken, or when nobody is there to take it any more
 * (a stream that is destroyed forgets the callback of the write that was under way).
 */
export function createWriter(sink: Writable): (text: string) => Promise<void> {
  const untaken = new Set<() => void>()
  sink.once('close', () => {
    for (const taken of untaken) taken()
  })
  return (text) =>
    new Promise((resolve) => {
      const taken = (): void => {
        untaken.delete(taken)
        resolve()
      }
      if (sink.destroyed) {
        resolve()
        return
      }
      untaken.add(taken)
      sink.write(text, taken)
    })
}

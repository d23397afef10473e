import type { Writable } from 'node:stream'
import { type FeedLine, splitLines } from '../core/index.ts'
import type { Gate } from './gate.ts'

export interface FeedOptions {
  readonly lineBytesMax: number
  /** Answers of this feed that may wait for the client to take them. */
  readonly answersWaitingMax: number
  /** Answers in the order of the lines; else as they are done. */
  readonly ordered: boolean
  /** Bounds the lines that are worked on at once, over all feeds. */
  readonly gate: Gate
}

/**
 * Answers each line of `source` with one line of `sink`. Reads no further while the gate is full
 * or the client does not take its answers, so that neither side's memory grows. When `source`
 * breaks off, the lines already read are finished, then the cause is thrown. `answer` never rejects.
 */
export async function answerFeed(
  source: AsyncIterable<Uint8Array>,
  sink: Writable,
  options: FeedOptions,
  answer: (line: FeedLine) => Promise<object>,
): Promise<void> {
  const waiting = new Set<Promise<void>>()
  const write = createWriter(sink)
  let lastDone = Promise.resolve()

  async function handle(line: FeedLine, leave: () => void, before: Promise<void>): Promise<void> {
    const result = await answer(line).finally(leave)
    if (options.ordered) await before
    await write(`${JSON.stringify(result)}\n`)
  }

  try {
    for await (const line of splitLines(source, options.lineBytesMax)) {
      const done = handle(line, await options.gate.enter(), lastDone)
      lastDone = done
      waiting.add(done)
      void done.finally(() => waiting.delete(done))
      while (waiting.size >= options.answersWaitingMax) await Promise.race(waiting)
    }
  } finally {
    await Promise.all(waiting)
  }
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

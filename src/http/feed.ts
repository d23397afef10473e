import type { Writable } from 'node:stream'
import type { MediaLine, Semaphore, Splitter } from '../core/index.ts'
import { Answers } from './answers.ts'

/** How long a line is that needs a place of its own before it is read on: there are many feeds. */
const LONG_LINE_BYTES = 64 * 1024

export interface FeedOptions {
  readonly splitter: Splitter
  /** Answers of this feed that may be worked on or wait for the client to take them. */
  readonly answersWaitingMax: number
  /** Answers in the order of the lines; else as they are done. */
  readonly ordered: boolean
  /** Bounds the long lines that are held at once, over all feeds. */
  readonly longLines: Semaphore
  /** Whether `source` ended before its sender did: what is left without an end is a piece of a line, and none then. */
  readonly isCut: () => boolean
}

/** What is done with a line; never rejects. */
export interface StartedLine {
  readonly answer: Promise<object>
}

/**
 * Answers each line of `source` with one line of `sink`. Reads no further while `start` waits, while
 * too many long lines are held or the client does not take its answers, so that neither side's memory
 * grows, and not behind a line of which it cannot be told where it ends. When `source` breaks off, the lines already read are finished, then the cause is thrown.
 *
 * @param start Waits until the line may be worked on, and begins; never rejects
 */
export async function answerFeed(
  source: AsyncIterable<Uint8Array>,
  sink: Writable,
  options: FeedOptions,
  start: (line: MediaLine) => Promise<StartedLine> | StartedLine,
): Promise<void> {
  const { splitter, answersWaitingMax, ordered, longLines, isCut } = options
  const answers = new Answers(sink, { ordered, waitingMax: answersWaitingMax })
  /** Whether the line whose end is yet to come has its place among the long ones. */
  let isPlaced = false

  /** Resolves when the next line may be taken; undefined where that is now. */
  function take(line: MediaLine): Promise<void> | undefined {
    const wasPlaced = isPlaced
    isPlaced = false
    const begun = start(line)
    return begun instanceof Promise
      ? begun.then((work) => add(work, wasPlaced))
      : add(begun, wasPlaced)
  }

  function add({ answer }: StartedLine, wasPlaced: boolean): Promise<void> | undefined {
    answers.add(wasPlaced ? answer.finally(longLines.leave) : answer)
    return answers.room()
  }

  try {
    for await (const chunk of source) {
      for (const line of splitter.push(chunk)) {
        const taken = take(line)
        if (taken !== undefined) await taken
        if (line.fault !== undefined) return
      }
      if (isPlaced || splitter.heldBytes <= LONG_LINE_BYTES) continue
      await longLines.enter()
      isPlaced = true
    }
    if (isCut()) return
    for (const line of splitter.end()) await take(line)
  } finally {
    if (isPlaced) longLines.leave()
    await answers.settled()
  }
}

import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import {
  createSemaphore,
  LineSplitter,
  type MediaLine,
  MediaLineSplitter,
} from '../../src/core/index.ts'
import { answerFeed } from '../../src/http/feed.ts'

/** Work whose lines finish when the test says so. */
function heldWork() {
  const held = new Map<number, () => void>()
  let most = 0
  return {
    answer: async ({ line }: MediaLine): Promise<object> => {
      await new Promise<void>((resolve) => {
        held.set(line, resolve)
        most = Math.max(most, held.size)
      })
      return { line }
    },
    finish(line: number): void {
      held.get(line)?.()
      held.delete(line)
    },
    started: () => [...held.keys()],
    most: () => most,
  }
}

/** Lets everything that can go on without the test go on. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await nextTurn()
}

function options(changes: Partial<Parameters<typeof answerFeed>[2]> = {}) {
  return {
    splitter: new LineSplitter(1_000),
    answersWaitingMax: 4,
    ordered: false,
    longLines: createSemaphore(4),
    isCut: () => false,
    ...changes,
  }
}

/** Begins at once, or when the gate lets it. */
function through(answer: (line: MediaLine) => Promise<object>, gate = createSemaphore(1_000)) {
  return async (line: MediaLine) => {
    await gate.enter()
    return {
      answer: answer(line).finally(() => {
        gate.leave()
      }),
    }
  }
}

async function* endless(count: { sent: number }): AsyncGenerator<Uint8Array> {
  for (;;) {
    await Promise.resolve()
    count.sent += 1
    yield Buffer.from(`${String(count.sent)}\n`)
  }
}

function lines(count: number): PassThrough {
  const source = new PassThrough()
  source.end(Array.from({ length: count }, (_, index) => `${index + 1}\n`).join(''))
  return source
}

describe('answerFeed', () => {
  it('answers in the order in which the work is done', async () => {
    const work = heldWork()
    const sink = new PassThrough()
    const done = answerFeed(lines(3), sink, options(), through(work.answer))
    await settle()
    for (const line of [3, 1, 2]) {
      work.finish(line)
      await settle()
    }
    await done
    sink.end()
    expect(await text(sink)).toBe('{"line":3}\n{"line":1}\n{"line":2}\n')
  })

  it('answers in the order of the lines when asked to', async () => {
    const work = heldWork()
    const sink = new PassThrough()
    const done = answerFeed(lines(3), sink, options({ ordered: true }), through(work.answer))
    await settle()
    for (const line of [3, 2, 1]) {
      work.finish(line)
      await settle()
    }
    await done
    sink.end()
    expect(await text(sink)).toBe('{"line":1}\n{"line":2}\n{"line":3}\n')
  })

  it('works on no more lines at once than the gate lets in, over all feeds', async () => {
    const work = heldWork()
    const gate = createSemaphore(3)
    const [one, other] = [new PassThrough().resume(), new PassThrough().resume()]
    const renumbered = (line: MediaLine) => work.answer({ ...line, line: line.line + 100 })
    const done = Promise.all([
      answerFeed(lines(6), one, options(), through(work.answer, gate)),
      answerFeed(lines(6), other, options(), through(renumbered, gate)),
    ])
    for (let finished = 0; finished < 12; finished += 1) {
      await settle()
      const [first] = work.started()
      work.finish(first ?? 0)
    }
    await done
    expect(work.most()).toBe(3)
  })

  it('reads no further while nobody takes the answers', async () => {
    const count = { sent: 0 }
    const sink = new PassThrough({ highWaterMark: 1 })
    const source = endless(count)
    const feed = options({ answersWaitingMax: 5 })
    void answerFeed(
      source,
      sink,
      feed,
      through(({ line }) => Promise.resolve({ line })),
    )
    await settle()
    const before = count.sent
    expect(before).toBeLessThan(20)
    await settle()
    expect(count.sent).toBe(before)

    for (let taken = 0; taken < 100; taken += 1) {
      sink.read()
      await settle()
    }
    expect(count.sent).toBeGreaterThan(before + 50)
    sink.destroy()
    await source.return(undefined)
  })

  it.each([
    ['lines', LineSplitter, 'x'.repeat(100_000), '\nshort\n'],
    ['media', MediaLineSplitter, `150000 x\n${'x'.repeat(100_000)}`, `${'x'.repeat(50_000)}- x\n`],
  ])('holds no more long %s at once than there are places, over all feeds', async (...given) => {
    const [, Splitter, long, rest] = given
    const work = heldWork()
    const longLines = createSemaphore(1)
    const [one, other] = [new PassThrough(), new PassThrough()]
    const feed = () => options({ longLines, splitter: new Splitter(1_000_000) })
    const renumbered = (line: MediaLine) => work.answer({ ...line, line: line.line + 100 })
    const done = Promise.all([
      answerFeed(one, new PassThrough().resume(), feed(), through(work.answer)),
      answerFeed(other, new PassThrough().resume(), feed(), through(renumbered)),
    ])
    for (const source of [one, other]) {
      source.write(long)
      await settle()
    }
    for (const source of [one, other]) source.end(rest)
    await settle()
    expect(work.started()).toEqual([1, 2])
    work.finish(2)
    await settle()
    expect(work.started()).toEqual([1])
    work.finish(1)
    await settle()
    expect(work.started()).toEqual([101, 102])
    work.finish(101)
    work.finish(102)
    await done
  })

  it('finishes what it has read when the source breaks off, then throws the cause', async () => {
    const work = heldWork()
    async function* breaking(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('1\n2\n')
      await settle()
      throw new Error('connection reset')
    }
    let ended = false
    const done = answerFeed(breaking(), new PassThrough().resume(), options(), through(work.answer))
    const outcome = done.then(
      () => 'done',
      (error: unknown) => String(error),
    )
    void outcome.then(() => (ended = true))
    await settle()
    await settle()
    expect(ended).toBe(false)
    work.finish(1)
    work.finish(2)
    expect(await outcome).toBe('Error: connection reset')
  })

  it.each([
    [
      'takes what has no end for a line where its sender ended there',
      false,
      '{"line":1}\n{"line":2}\n',
    ],
    [
      'takes it for none where it was cut, so that nobody is refused what was never read',
      true,
      '{"line":1}\n',
    ],
  ])('%s', async (_what, isCut, said) => {
    const source = async function* () {
      yield Buffer.from('1\n{"url":"https://ho')
      await settle()
    }
    const sink = new PassThrough()
    const answer = through(({ line }) => Promise.resolve({ line }))
    await answerFeed(source(), sink, options({ isCut: () => isCut }), answer)
    sink.end()
    expect(await text(sink)).toBe(said)
  })

  it('ends when the client goes while answers wait for it', async () => {
    const sink = new PassThrough({ highWaterMark: 1 })
    const answer = through(({ line }) => Promise.resolve({ line }))
    const done = answerFeed(lines(50), sink, options(), answer)
    await settle()
    sink.destroy()
    await done
  })
})

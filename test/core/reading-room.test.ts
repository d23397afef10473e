import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { createReadingRoom, type ReadingRoom } from '../../src/core/index.ts'

const BAD_READER = new URL('bad-reader.js', import.meta.url)

const open: ReadingRoom<string, unknown>[] = []
afterEach(async () => {
  for (const room of open.splice(0)) await room.close()
})

function roomWith(url = BAD_READER, secondsMax = 60): ReadingRoom<string, unknown> {
  const room = createReadingRoom<string, unknown>({
    worker: { url, execArgv: [] },
    limits: { secondsMax, memoryMib: 32 },
    unreadable: 'PAGE_UNREADABLE',
  })
  open.push(room)
  return room
}

describe('a room where foreign text is read', () => {
  it('answers in order, also behind a text that is refused', async () => {
    const room = roomWith()
    const refused = expect(room.read('refuse')).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(await Promise.all(['a', 'b', 'c'].map((text) => room.read(text)))).toEqual([
      ...['a', 'b', 'c'],
    ])
    await refused
  })

  it('holds no environment, where keys may stand', async () => {
    expect(await roomWith().read('environment')).toEqual([])
  })

  it('is left by a text that hangs: the others go on meanwhile, and the next is read', async () => {
    const room = roomWith(BAD_READER, 0.5)
    await room.read('started')
    const hung = { isOver: false }
    let turns = 0
    const hanging = room.read('loop').finally(() => {
      hung.isOver = true
    })
    const next = room.read('next')
    const refused = expect(hanging).rejects.toMatchObject({ code: 'PAGE_UNREADABLE' })
    while (!hung.isOver) {
      await nextTurn()
      turns += 1
    }
    await refused
    // A parser on this thread leaves two or three: before it, and behind it.
    expect(turns).toBeGreaterThan(100)
    expect(await next).toBe('next')
  })

  it.each(['fill-heap', 'exit'])('outlives a text that does this: %s', async (text) => {
    const room = roomWith()
    await expect(room.read(text)).rejects.toMatchObject({ code: 'PAGE_UNREADABLE' })
    expect(await room.read('next')).toBe('next')
  })

  it('outlives a thread that dies of what it has read before', async () => {
    const room = roomWith()
    const first = await room.read('thread')
    await room.read('die-later')
    let present = first
    while (present === first) present = await room.read('thread').catch(() => first)
    expect(present).toBeGreaterThan(Number(first))
  })

  it('blames no text where its thread cannot start', async () => {
    const room = roomWith(new URL('no-such-reader.js', import.meta.url))
    await expect(room.read('a')).rejects.toMatchObject({ code: 'WORKER_NOT_STARTED' })
    await expect(room.read('b')).rejects.toMatchObject({ code: 'WORKER_NOT_STARTED' })
  })

  it('closes over a text that hangs, also while it starts, and reads nothing afterwards', async () => {
    const [starting, hanging] = [roomWith(), roomWith()]
    await hanging.read('started')
    const texts = [starting.read('a'), hanging.read('loop'), hanging.read('waits')].map((read) =>
      expect(read).rejects.toMatchObject({ code: 'OVERLOADED' }),
    )
    await nextTurn()
    await Promise.all([starting.close(), hanging.close()])
    await Promise.all(texts)
    await expect(hanging.read('late')).rejects.toMatchObject({ code: 'OVERLOADED' })
  })
})

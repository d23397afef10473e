import { describe, expect, it } from 'vitest'
import { type Store, VERSIONSTAMP_ZERO } from '../../src/store/index.ts'
import { type OpenStore, storeBench } from './store-bench.ts'
import { bytes, changesOf, list, pause, read, times, write } from './store-helpers.ts'

/** What the store refuses, and how it ends. */
export function limitContract(open: OpenStore): void {
  describe('limits', () => {
    const bench = storeBench(open)
    const limits = { keyBytesMax: 100, valueBytesMax: 1_000, transactionBytesMax: 5_000 }
    const tooLarge = { code: 'TX_TOO_LARGE' }

    it('hold for a key, a value and a whole transaction, which then writes nothing', async () => {
      const store = await bench.reopen({ limits })
      const put = (key: string, bytesOfValue: number, count = 1) =>
        write(store, (tx) => {
          for (let n = 0; n < count; n++) tx.put([key, n], Buffer.alloc(bytesOfValue))
        })
      await expect(put('k'.repeat(100), 1)).rejects.toMatchObject(tooLarge)
      await expect(put('k', 1_001)).rejects.toMatchObject(tooLarge)
      await expect(put('k', 900, 6)).rejects.toMatchObject(tooLarge)
      await expect(
        write(store, (tx) => {
          tx.putWithVersionstamp(['k'.repeat(80)], bytes('x'))
        }),
      ).rejects.toMatchObject(tooLarge)
      await expect(
        write(store, (tx) => {
          for (let n = 0; n < 6; n++) tx.putWithVersionstamp(['k'], Buffer.alloc(900))
        }),
      ).rejects.toMatchObject(tooLarge)
      expect(await store.transact((tx) => list(tx, { prefix: [] }))).toEqual([])
      await put('k', 1_000, 4)
    })

    it('count what is replaced once', async () => {
      const store = await bench.reopen({ limits })
      await write(store, (tx) => {
        for (let n = 0; n < 100; n++) tx.put(['k'], Buffer.alloc(1_000))
      })
    })

    it('are 2 KiB a key, 16 MiB a value and 32 MiB a transaction by default', async () => {
      const { store } = bench
      await write(store, (tx) => {
        tx.put(['k'.repeat(2_046)], Buffer.alloc(16 * 2 ** 20))
      })
      await expect(read(store, ['k'.repeat(2_046)])).resolves.toHaveLength(16 * 2 ** 20)
      for (const [key, size, count] of [
        ['k'.repeat(2_047), 1, 1],
        ['k', 16 * 2 ** 20 + 1, 1],
        ['k', 11 * 2 ** 20, 3],
      ] as const) {
        const writing = write(store, (tx) => {
          for (let n = 0; n < count; n++) {
            tx.put(count === 1 ? [key] : [key, n], Buffer.alloc(size))
          }
        })
        await expect(writing).rejects.toMatchObject(tooLarge)
      }
    })
  })

  describe('close', () => {
    const bench = storeBench(open)

    it('waits for what is in flight, and refuses what comes later', async () => {
      const { store } = bench
      const running = times(30, (n) =>
        store.transact(async (tx) => {
          await tx.get(['n', n])
          await pause(n)
          tx.put(['n', n], bytes('x'))
        }),
      )
      await pause(2)
      const closed = store.close()
      const closedError = { code: 'STORE_CLOSED' }
      await expect(read(store, ['n', 0])).rejects.toMatchObject(closedError)
      expect((await Promise.allSettled(running)).map(({ status }) => status)).toEqual(
        times(30, () => 'fulfilled'),
      )
      await closed
      await store.close()
      await expect(read(store, ['n', 0])).rejects.toMatchObject(closedError)
      await expect(changesOf(store, [], VERSIONSTAMP_ZERO)).rejects.toMatchObject(closedError)
      const again = await bench.reopen()
      expect(await again.transact((tx) => list(tx, { prefix: ['n'] }))).toHaveLength(30)
    })

    it('ends the feeds: those that wait, and those whose reader paused', async () => {
      const { store } = bench
      await write(store, (tx) => {
        for (let n = 0; n < 10; n++) tx.put(['n', n], bytes('x'))
      })
      await write(store, (tx) => {
        tx.put(['n', 10], bytes('x'))
      })
      const waiting = expect(follow(store, store.version())).rejects.toMatchObject({
        code: 'STORE_CLOSED',
      })
      const paused = store.changes([], VERSIONSTAMP_ZERO)[Symbol.asyncIterator]()
      await paused.next()
      await pause(2)
      await store.close()
      await waiting
      const rest = (async () => {
        while ((await paused.next()).done !== true);
      })()
      await expect(rest).rejects.toMatchObject({ code: 'STORE_CLOSED' })
    })
  })
}

function follow(store: Store, after: string) {
  return changesOf(store, [], after, { signal: new AbortController().signal })
}

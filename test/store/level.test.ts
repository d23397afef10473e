import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Level } from 'level'
import { expect, it, vi } from 'vitest'
import { openLevelStore } from '../../src/store/index.ts'
import { storeContract } from '../contract/store.ts'
import { times, write } from '../contract/store-helpers.ts'

storeContract('level', (directory, options) => openLevelStore({ directory, ...options }))

it('writes what is ready together in one batch, and has the disk sync every batch', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'hindra-level-'))
  const writes = vi.spyOn(await batchPrototype(join(directory, 'probe')), 'write')
  const store = await openLevelStore({ directory: join(directory, 'store') })
  await Promise.all(
    times(1_000, (n) =>
      write(store, (tx) => {
        tx.put([n], Buffer.from('x'))
      }),
    ),
  )
  await store.close()
  const calls: unknown[][] = writes.mock.calls
  writes.mockRestore()
  await rm(directory, { recursive: true, force: true })
  expect(calls.length).toBeGreaterThan(0)
  expect(calls.length).toBeLessThan(10)
  for (const [options] of calls) expect(options).toEqual({ sync: true })
})

/** What all batches of the database have in common. */
async function batchPrototype(directory: string): Promise<ReturnType<Level['batch']>> {
  const db = new Level(directory)
  await db.open()
  const own: object = Object.getPrototypeOf(db.batch()) as object
  await db.close()
  return Object.getPrototypeOf(own) as ReturnType<Level['batch']>
}

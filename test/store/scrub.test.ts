import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SeededRandom } from '../../src/core/index.ts'
import { openLevelStore, type Store } from '../../src/store/index.ts'
import { storedText } from '../stored-text.ts'

let directory: string
let store: Store
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hindra-scrub-'))
  store = await openLevelStore({ directory })
})
afterEach(async () => {
  await store.close()
  await rm(directory, { recursive: true, force: true })
})

const random = new SeededRandom(5)
/** Nothing that a compression could hide. */
const secretOf = () => Buffer.from(random.bytes(48))

function put(...pairs: readonly (readonly [string, Uint8Array | null])[]): Promise<void> {
  return store.transact((tx) => {
    for (const [id, value] of pairs) {
      if (value === null) tx.delete(['r', id])
      else tx.put(['r', id], value)
    }
    return Promise.resolve()
  })
}

function holds(secret: Uint8Array): boolean {
  return storedText(directory).includes(Buffer.from(secret).toString('latin1'))
}

describe('scrub', () => {
  it('leaves nothing of what was deleted or replaced, wherever it had got to', async () => {
    const secrets = Array.from({ length: 60 }, secretOf)
    // Some sink to the lowest files among much else, some are still in the log.
    for (const [n, secret] of secrets.entries()) {
      const filler = Array.from({ length: 40 }, (_, m) => {
        return [`${n}-${m}`, Buffer.from(random.bytes(4_000))] as const
      })
      await put([`${n}`, secret], ...filler)
    }
    expect(secrets.every(holds)).toBe(true)
    const gone = secrets.slice(0, 40)
    for (const n of gone.keys()) await put([`${n}`, n % 2 === 0 ? null : Buffer.of(n)])
    expect(gone.filter(holds).length).toBeGreaterThan(20)

    await store.scrub([...gone.keys()].map((n) => ['r', `${n}`]))
    expect(gone.filter(holds)).toEqual([])
    expect(secrets.slice(40).every(holds)).toBe(true)
    const kept = await store.transact((tx) => Promise.all([tx.get(['r', '0']), tx.get(['r', '1'])]))
    expect(kept).toEqual([undefined, Buffer.of(1)])
  })

  it('leaves nothing of a record that came and went in one file', async () => {
    const secret = secretOf()
    await put(['a', secret])
    await put(['a', null])
    await store.scrub([['r', 'a']])
    expect(holds(secret)).toBe(false)
  })
})

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { NO_POSTGRES, postgresPrograms, PostgresServer } from '../../fixtures/servers/postgres.ts'
import { SeededRandom } from '../../src/core/index.ts'
import {
  Collection,
  type DataKeys,
  dataKeyId,
  keySpace,
  openDataKeys,
  openPostgresStore,
  resealAll,
  type Store,
} from '../../src/store/index.ts'

if (postgresPrograms === undefined) console.warn(NO_POSTGRES)

const OLD = Buffer.alloc(32, 1)
const NEW = Buffer.alloc(32, 2)
const random = new SeededRandom(7)
const nothing = () => undefined

/** A process, as far as it has a store and its keys. */
interface Opened {
  readonly store: Store
  readonly keys: DataKeys
  readonly things: Collection<{ n: number }, { text: string }>
}

describe.skipIf(postgresPrograms === undefined)('the keys of a store with many processes', () => {
  let server: PostgresServer
  let schema: string
  let number = 0
  let alpha: Opened
  let beta: Opened
  /** Where the data key of beta comes from. */
  let placed: Uint8Array
  const opened: Store[] = []
  beforeAll(async () => {
    server = await PostgresServer.start()
  })
  afterAll(() => server.end())
  beforeEach(async () => {
    schema = `keys_${(number += 1)}`
    placed = OLD
    alpha = await open(OLD, () => OLD)
    beta = await open(OLD, () => placed)
  })
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close()
  })

  async function open(dataKey: Uint8Array, present: () => Uint8Array): Promise<Opened> {
    const store = await openPostgresStore({ url: server.url(schema) })
    opened.push(store)
    const keys = await openDataKeys(store, dataKey, random, { present })
    return { store, keys, things: new Collection(keySpace('thing'), keys.sealer) }
  }

  const put = ({ store, things }: Opened, id: string, n = 1) =>
    store.transact((tx) => {
      things.put(tx, id, { n }, { text: `text ${id}` })
      return Promise.resolve()
    })
  const text = ({ store, things }: Opened, id: string) =>
    store.transact(async (tx) => (await things.need(tx, id)).sealed.text)

  it('reach each process with the exchange of one: what any writes is read by all', async () => {
    await put(alpha, 'before')
    await alpha.keys.begin(NEW, nothing)
    await put(alpha, 'by alpha')
    expect(await text(beta, 'by alpha')).toBe('text by alpha')
    await put(beta, 'by beta')
    expect(beta.keys.sealer.keyId).toBe(alpha.keys.sealer.keyId)
    expect(await text(alpha, 'by beta')).toBe('text by beta')

    // The other one ends the former data key, and knows of the key that the first one made.
    placed = NEW
    await beta.keys.finish(NEW, nothing)
    await put(beta, 'after')
    while ((await resealAll(beta.store, beta.keys.sealer, nothing)).resealed > 0);
    await beta.keys.drop(nothing)
    const later = await open(NEW, () => NEW)
    for (const id of ['before', 'by alpha', 'by beta', 'after']) {
      expect(await text(later, id)).toBe(`text ${id}`)
    }
    await expect(open(OLD, () => OLD)).rejects.toMatchObject({ code: 'KEY_WRONG' })
  })

  it('seal nothing by a key that another process has given up, also in a transaction under way', async () => {
    let goOn = (): void => undefined
    const isWoken = new Promise<void>((resolve) => {
      goOn = resolve
    })
    const sealedBy: string[] = []
    const late = beta.store.transact(async (tx) => {
      await tx.get(['anything'])
      sealedBy.push(beta.keys.sealer.keyId)
      beta.things.put(tx, 'late', { n: 1 }, { text: 'text late' })
      await isWoken
    })
    // Before the exchange begins, however slow the machine is.
    await expect.poll(() => sealedBy).toHaveLength(1)
    const formerId = alpha.keys.sealer.keyId
    await alpha.keys.begin(NEW, nothing)
    await alpha.keys.finish(NEW, nothing)
    while ((await resealAll(alpha.store, alpha.keys.sealer, nothing)).resealed > 0);
    placed = NEW
    await alpha.keys.drop(nothing)
    goOn()
    await late
    expect(sealedBy).toEqual([formerId, alpha.keys.sealer.keyId])
    const later = await open(NEW, () => NEW)
    expect(later.keys.sealer.knows(formerId)).toBe(false)
    expect(await text(later, 'late')).toBe('text late')
  })

  it('end a process whose machine has not got the new data key, and lose nothing by it', async () => {
    await alpha.keys.begin(NEW, nothing)
    await put(beta, 'by beta')
    await alpha.keys.finish(NEW, nothing)
    const wrong = { code: 'KEY_WRONG' }
    await expect(put(beta, 'too late')).rejects.toMatchObject(wrong)
    await expect(beta.store.writable()).rejects.toMatchObject(wrong)
    expect(await text(alpha, 'by beta')).toBe('text by beta')
    const later = await open(NEW, () => NEW)
    expect(await text(later, 'by beta')).toBe('text by beta')
  })

  it('are exchanged once at a time, whoever asks', async () => {
    await alpha.keys.begin(NEW, nothing)
    const third = Buffer.alloc(32, 3)
    await expect(beta.keys.begin(third, nothing)).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(beta.keys.finish(OLD, nothing)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: `the newest data key is ${dataKeyId(NEW)}`,
    })
  })

  it('are not forgotten by who walked through before another exchange began', async () => {
    await put(alpha, 'old')
    await alpha.keys.begin(NEW, nothing)
    await alpha.keys.finish(NEW, nothing)
    placed = NEW
    while ((await resealAll(alpha.store, alpha.keys.sealer, nothing)).resealed > 0);
    await alpha.keys.drop(nothing)
    const walked = alpha.keys.sealer.keyId
    const third = Buffer.alloc(32, 3)
    await put(beta, 'between')
    await beta.keys.begin(third, nothing)
    // It believes that nothing is sealed by another key than the one it has sealed all by.
    expect(alpha.keys.sealer.keyId).toBe(walked)
    await expect(alpha.keys.drop(nothing)).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(beta.keys.sealer.knows(walked)).toBe(true)
    await put(beta, 'newest')
    expect(await text(alpha, 'newest')).toBe('text newest')
    expect(await text(beta, 'between')).toBe('text between')
  })
})

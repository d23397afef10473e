import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HindraError } from '../../src/errors.ts'
import type { Store } from '../../src/store/index.ts'

const ELSEWHERE = { code: 'LEASE_ELSEWHERE' }

/** A store of its own for each test, which several processes have open. */
export interface LeaseBench {
  open(process: string): Promise<Store>
  /** Holders look as if they had not been heard of for long. */
  expire(): Promise<void>
  /** From now on that process can ask nobody, or can again. */
  cut(process: string, isAway: boolean): Promise<void>
  /** Time passes for all of them. */
  pass(ms: number): Promise<void>
  close(): Promise<void>
}

/** What leases of processes that share a store do, wherever they are kept. */
export function leaseContract(name: string, bench: () => Promise<LeaseBench>): void {
  describe(`a lease in ${name}`, () => {
    let alpha: Store
    let beta: Store
    let house: LeaseBench
    const opened: Store[] = []
    beforeEach(async () => {
      house = await bench()
      alpha = await open('alpha')
      beta = await open('beta')
    })
    afterEach(async () => {
      for (const store of opened.splice(0)) await store.close()
      await house.close()
    })

    async function open(process: string): Promise<Store> {
      const store = await house.open(process)
      opened.push(store)
      return store
    }

    const put = (store: Store, value: string) =>
      store.transact((tx) => {
        tx.put(['last'], Buffer.from(value))
        return Promise.resolve()
      })
    const last = async (store: Store) =>
      Buffer.from((await store.read((reading) => reading.get(['last']))) ?? []).toString()

    it('says that the store is away where it can ask nobody, and is had once that is back', async () => {
      await house.cut('alpha', true)
      const away = { code: 'STORE_UNAVAILABLE' }
      await expect(alpha.lease('work').keep()).rejects.toMatchObject(away)
      await expect(alpha.lease('work').run(() => put(alpha, 'a'))).rejects.toMatchObject(away)
      await house.cut('alpha', false)
      expect(await alpha.lease('work').keep()).toBe(true)
    })

    it('is kept by one process, which others are told of, and free once that one is closed', async () => {
      expect(await alpha.lease('work').keep()).toBe(true)
      expect(await alpha.lease('work').keep()).toBe(true)
      expect(await beta.lease('work').keep()).toBe(false)
      await expect(beta.lease('work').run(() => put(beta, 'b'))).rejects.toMatchObject({
        ...ELSEWHERE,
        message: 'alpha does the work of this house',
      })
      expect(await beta.lease('other work').keep()).toBe(true)
      await alpha.close()
      expect(await beta.lease('work').keep()).toBe(true)
    })

    it('commits nothing of a holder that was given up for gone, and lets its other work go on', async () => {
      const [mine, theirs] = [alpha.lease('work'), beta.lease('work')]
      await mine.keep()
      await mine.run(() => put(alpha, 'of the holder'))
      let goOn = (): void => undefined
      const isWoken = new Promise<void>((resolve) => {
        goOn = resolve
      })
      // Frozen between what it has read and what it writes.
      const late = mine.run(() =>
        alpha.transact(async (tx) => {
          await tx.get(['last'])
          await isWoken
          tx.put(['last'], Buffer.from('late'))
        }),
      )
      const later = mine.run(async () => {
        await isWoken
        await put(alpha, 'later')
      })
      const effect = mine.run(async () => {
        await isWoken
        await alpha.sure()
      })
      const all = Promise.allSettled([late, later, effect])
      await house.expire()
      expect(await theirs.keep()).toBe(true)
      await theirs.run(() => put(beta, 'of the next'))
      goOn()
      const refused = { status: 'rejected', reason: expect.objectContaining(ELSEWHERE) as Error }
      const settled = await all
      // Whether it may mail is known to the next renewal at the latest.
      expect(settled.slice(0, 2)).toEqual([refused, refused])
      expect(await last(alpha)).toBe('of the next')
      await put(alpha, 'by an analyst')
      expect(await last(beta)).toBe('by an analyst')
      await house.pass(2_000)
      await expect.poll(() => mine.lost.aborted, { timeout: 5_000 }).toBe(true)
      await expect(mine.run(() => alpha.sure())).rejects.toMatchObject(ELSEWHERE)
      expect(await mine.keep()).toBe(false)
      expect(theirs.lost.aborted).toBe(false)
    })

    it('tells that another process has it, and not what that has done, where its holder was given up for gone', async () => {
      const mine = alpha.lease('work')
      await mine.keep()
      await put(alpha, 'a letter')
      let goOn = (): void => undefined
      const isWoken = new Promise<void>((resolve) => {
        goOn = resolve
      })
      const missing = new HindraError('NOT_FOUND', 'there is no such letter')
      const late = mine.run(async () => {
        await isWoken
        if ((await last(alpha)) !== 'a letter') throw missing
      })
      const refused = expect(late).rejects.toMatchObject({ ...ELSEWHERE, cause: missing })
      await expect(mine.run(() => Promise.reject(missing))).rejects.toBe(missing)
      await house.expire()
      expect(await beta.lease('work').keep()).toBe(true)
      await beta.lease('work').run(() => put(beta, 'sent'))
      await house.pass(2_000)
      goOn()
      await refused
    })

    it('is waited for, so that no two do the work at once, whoever of them', async () => {
      let atOnce = 0
      let most = 0
      const done: string[] = []
      const work = (name: string) => async () => {
        most = Math.max(most, (atOnce += 1))
        await sleep(20)
        done.push(name)
        atOnce -= 1
      }
      const one = (store: Store, name: string) =>
        store.lease('turn').run(work(name), { waits: true })
      for (const turn of [1, 2, 3]) {
        await Promise.all([one(alpha, `alpha ${turn}`), one(beta, `beta ${turn}`)])
      }
      expect(done).toHaveLength(6)
      expect(most).toBe(1)
    })

    it('is not waited for by a process that is about to end', async () => {
      await alpha.lease('turn').keep()
      const waiting = beta.lease('turn').run(() => put(beta, 'b'), { waits: true })
      const refused = expect(waiting).rejects.toMatchObject(ELSEWHERE)
      beta.endWaiting()
      await refused
      await house.pass(1_000)
      expect(await last(alpha)).toBe('')
    })

    it('is all that counts of several: what was begun by two is refused where one is lost', async () => {
      const outer = alpha.lease('outer')
      await outer.keep()
      const both = () => outer.run(() => alpha.lease('inner').run(() => put(alpha, 'both')))
      await both()
      await house.expire()
      expect(await beta.lease('outer').keep()).toBe(true)
      await expect(both()).rejects.toMatchObject(ELSEWHERE)
      expect(await last(beta)).toBe('both')
    })

    it('holds up an effect while nobody knows who has it, and the effect goes on after that', async () => {
      const lease = alpha.lease('work')
      await lease.keep()
      await lease.run(() => alpha.sure())
      await house.cut('alpha', true)
      await house.pass(5_000)
      let isSure = false
      const effect = lease.run(() => alpha.sure()).then(() => (isSure = true))
      await sleep(500)
      expect(isSure).toBe(false)
      // Nobody asks by which lease what no lease is needed for is done.
      await alpha.sure()
      await house.cut('alpha', false)
      await effect
      expect(lease.lost.aborted).toBe(false)
    })
  })
}

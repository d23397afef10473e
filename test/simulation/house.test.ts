import { afterEach, describe, expect, it, vi } from 'vitest'
import { HindraError } from '../../src/errors.ts'
import { CLOCKS_APART_HOURS, House } from './house.ts'
import { PLANTS } from './plants.ts'
import { play } from './play.ts'
import { Persons } from './persons.ts'
import { Desk } from './desk.ts'
import { WEBHOOK_RETRY_HOURS } from './settings.ts'
import { Truth } from './truth.ts'
import { World } from './world.ts'

/** A run that posts one alert passes about as many. */
const POINTS = 20

afterEach(() => {
  vi.restoreAllMocks()
})

describe('a house of the simulation', () => {
  it('has nobody die at something else than what was to be died at, also where that is refused first', async () => {
    const world = await World.open(1)
    const refusal = new HindraError('FETCH_FAILED', 'the host answered with status 404')
    await expect(world.live(() => Promise.reject(refusal), 1)).rejects.toBe(refusal)
    expect(await world.engine.as(world.as('auditor')).cases.list({})).toEqual([])
    expect(world.crashes).toBe(0)
    await world.close()
  })

  it('has what broke a seed told, not that its processes cannot be ended then', async () => {
    vi.spyOn(House.prototype, 'end').mockRejectedValue(new Error('the process is gone'))
    const played = play({ seed: 1, days: 1, items: 1, plant: 'audit-edited' })
    await expect(played).rejects.toThrow(`${PLANTS['audit-edited']}: `)
  })

  it('has what was frozen on its way refused by whoever is posted it, as too old, and posts it again', async () => {
    const world = await World.open(1, undefined, 2)
    const truth = new Truth()
    const persons = new Persons(world, truth)
    const desk = new Desk(world, truth, persons)
    await desk.open()
    await persons.register()
    const errors = new Set<string | null>()
    // At one of these points it is about to be posted.
    for (let point = 1; point <= POINTS; point += 1) {
      await persons.upload()
      await desk.post({ kind: 'freeze', after: point })
      await world.pass(WEBHOOK_RETRY_HOURS)
      await world.wake()
      world.check()
      const hooks = await world.engine.as(world.as('admin')).webhooks.list()
      for (const { lastError } of hooks) errors.add(lastError)
      await world.pass(WEBHOOK_RETRY_HOURS + CLOCKS_APART_HOURS)
      await desk.post(undefined)
    }
    expect([...errors]).toEqual([null, 'the endpoint answered with 400'])
    await desk.check()
    await world.close()
  })
})

import { afterEach, describe, expect, it, vi } from 'vitest'
import { HindraError } from '../../src/errors.ts'
import { House } from './house.ts'
import { PLANTS } from './plants.ts'
import { play } from './play.ts'
import { World } from './world.ts'

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
})

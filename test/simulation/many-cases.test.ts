import { describe, expect, it } from 'vitest'
import { checkCorrected } from './invariants.ts'
import { bytesOf, ORIGINAL } from './gallery/gallery.ts'
import { Truth } from './truth.ts'
import { Watch } from './watch.ts'
import { World } from './world.ts'

/** More than one transaction changes. */
const CASES = 130
const SUBJECT = 'skyline'
const PICTURE = { subject: SUBJECT, copy: ORIGINAL }

/** A verified item that opened a case at each of many places, so many an hour; resolves to its id. */
async function spread(world: World, casesAnHour: number): Promise<string> {
  const { engine } = world
  const proposal = { media: bytesOf(PICTURE), classification: 'Baseline' } as const
  const { id } = await engine.stages.curation.propose(world.as('analyst'), proposal)
  await engine.stages.curation.verify(world.as('verifier'), { itemId: id })
  for (let number = 0; number < CASES; number += 1) {
    if (number % casesAnHour === 0) world.clock.pass(1)
    const { url } = world.upload(PICTURE, 'regulator-acts')
    await engine.as(world.as('crawler-verdict', 'crawler')).sightings.submit({ url })
  }
  return id
}

describe('an item with many cases', () => {
  it('is retracted in all of them, whenever the process dies', async () => {
    const world = await World.open(1)
    try {
      const itemId = await spread(world, 40)
      await world.engine.runDue()
      expect(world.told.flatMap(({ urls }) => urls)).toHaveLength(CASES)
      await world.engine.stages.curation.dispute(world.as('verifier'), { itemId }, 'not sure')
      const officer = world.as('officer')
      // Behind the first commit, which changes a part of them.
      const died = await world.live(
        (engine) => engine.stages.curation.retract(officer, { itemId }, 'wrong'),
        4,
      )
      expect(died).toBeUndefined()
      const watch = new Watch(world, '0'.repeat(20))
      await world.engine.runDue()
      await watch.look(true)
      const statuses = [...watch.cases.values()].map(({ status }) => status)
      expect(new Set(statuses)).toEqual(new Set(['retracted']))
      const truth = new Truth()
      truth.retracted.add(SUBJECT)
      checkCorrected(world, truth)
    } finally {
      await world.close()
    }
  })

  // Right behind the commit that finds the flood, and behind that of the rest.
  it.each([12, 14])(
    'is held back where it floods, though the process dies at %i',
    async (point) => {
      const world = await World.open(1)
      try {
        await spread(world, CASES)
        const died = await world.live((engine) => engine.runDue(), point)
        expect(died).toBeUndefined()
        await world.engine.runDue()
        expect(world.told).toEqual([])
        const pending = await world.engine.as(world.as('auditor')).cases.list({
          decision: 'pending',
          limit: 1_000,
        })
        expect(pending).toHaveLength(CASES)
      } finally {
        await world.close()
      }
    },
  )
})

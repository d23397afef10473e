import { describe, expect, it } from 'vitest'
import type { Engine } from '../../src/engine.ts'
import { checkAudit, checkCorrected } from './invariants.ts'
import { bytesOf, copiesOf, ORIGINAL } from './gallery/gallery.ts'
import { Truth } from './truth.ts'
import { Watch } from './watch.ts'
import { World } from './world.ts'
import { usually } from '../long.ts'

/** All points take minutes: the usual run takes each so-manieth. */
const EVERY = usually(60, 1)
const TIMEOUT_MS = 600_000

const SUBJECT = 'skyline'
const PICTURE = { subject: SUBJECT, copy: ORIGINAL }
const ALTERED = copiesOf(SUBJECT).findLast(({ verdict }) => verdict === 'confirmed') ?? PICTURE

type Act = (engine: Engine) => Promise<unknown>

/** What happens, in turn: one place removes it, one never does, and in the end it was a mistake. */
function story(world: World): readonly Act[] {
  const fast = world.upload(PICTURE, 'removes-fast')
  const never = world.upload(ALTERED, 'regulator-acts')
  const crawler = world.as('crawler-verdict', 'crawler')
  const item = async (engine: Engine) => {
    const [found] = await engine.as(world.as('verifier')).items.list({})
    return { itemId: found?.id ?? '' }
  }
  const run: Act = (engine) => engine.runDue()
  const later = (hours: number): Act => {
    return async (engine) => {
      await world.pass(hours)
      return engine.runDue()
    }
  }
  return [
    (engine) =>
      engine.stages.curation.propose(world.as('analyst'), {
        media: bytesOf(PICTURE),
        classification: 'Baseline',
      }),
    async (engine) => engine.stages.curation.verify(world.as('verifier'), await item(engine)),
    (engine) => engine.as(crawler).sightings.submit({ url: fast.url, pageUrl: fast.linkedFrom }),
    (engine) => engine.as(crawler).sightings.submit({ url: never.url, pageUrl: never.linkedFrom }),
    run,
    ...[4, 3, 3, 3, 13].map(later),
    async (engine) =>
      engine.stages.curation.dispute(world.as('verifier'), await item(engine), 'not sure'),
    async (engine) =>
      engine.stages.curation.retract(world.as('officer'), await item(engine), 'a mistake'),
    run,
  ]
}

/** Plays it; the process dies at one point of one act, and what was asked of it then is asked again. */
async function played(dies?: { readonly act: number; readonly point: number }) {
  const world = await World.open(1)
  try {
    const watch = new Watch(world)
    const points: number[] = []
    for (const [number, act] of story(world).entries()) {
      const before = world.points
      const dieAfter = dies?.act === number ? dies.point : Infinity
      const crashes = world.crashes
      await world.live(act, dieAfter)
      // Done already before the process died, it is refused.
      if (world.crashes > crashes) await world.live(act).catch(() => undefined)
      points.push(world.points - before)
      await watch.look(false)
    }
    await watch.look(true)
    const truth = new Truth()
    truth.retracted.add(SUBJECT)
    checkCorrected(world, truth)
    checkAudit(await world.engine.as(world.as('auditor')).audit.verify({ checkpoints: [] }))
    const statuses = [...watch.cases.values()].map(({ status }) => status)
    return { points, statuses, removals: watch.removals.length, mails: world.told.length }
  } finally {
    await world.close()
  }
}

describe('a process that dies', () => {
  it(
    'comes to the same end, wherever it is at that moment',
    async () => {
      const whole = await played()
      expect(whole).toMatchObject({ statuses: ['retracted', 'retracted'], removals: 1 })
      const all = whole.points.flatMap((count, act) =>
        Array.from({ length: count }, (_, point) => ({ act, point: point + 1 })),
      )
      for (const dies of all.filter((_, number) => number % EVERY === 0)) {
        const { statuses, removals } = await played(dies).catch((cause: unknown) => {
          throw new Error(`dies at ${JSON.stringify(dies)}: ${String(cause)}`, { cause })
        })
        expect({ ...dies, statuses, removals }).toEqual({
          ...dies,
          statuses: whole.statuses,
          removals: whole.removals,
        })
      }
    },
    TIMEOUT_MS,
  )
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Case, mayBeNotified } from '../../src/cases/index.ts'
import { toHindraError } from '../../src/errors.ts'
import { openWorld, RECHECK, type Verdict, type World } from './world.ts'

const URLS = ['https://one.example/a', 'https://one.example/b', 'https://two.example/c']
const ITEMS = ['item-1', 'item-2']

const RULINGS = {
  verify: ['verified', 'verifyItem'],
  dispute: ['disputed', 'disputeItem'],
  retract: ['retracted', 'retractItem'],
} as const

const DOINGS = ['see', 'look', 'look-due', 'decide', 'close', 'host', 'notify', 'verify'] as const

/** One thing that may happen, to whichever case, URL or item the number points at. */
const step = fc.record({
  do: fc.constantFrom(
    ...DOINGS,
    ...(['see', 'look-due', 'look-due', 'host', 'notify', 'dispute', 'retract'] as const),
    ...(['wait', 'wait', 'wait', 'wait'] as const),
  ),
  at: fc.nat(5),
  verdict: fc.constantFrom<Verdict[]>('exact', 'confirmed', 'review'),
  outcome: fc.constantFrom('gone', 'gone', 'gone', 'gone', 'present', 'moved', 'unverifiable'),
  decision: fc.constantFrom('accepted', 'rejected'),
  hours: fc.integer({ min: 1, max: 30 }),
})
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

describe('whatever happens, in whatever order', () => {
  it('the rules of cases hold', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 50 }), async (steps) => {
        const world = await openWorld()
        try {
          for (const id of ITEMS) await world.item(id)
          const misses = new Map<string, string[]>()
          for (const one of steps) {
            const before = await world.cases.list()
            await play(world, one, before, misses)
            await checkRules(world, before, misses)
          }
        } finally {
          await world.context.dispose()
        }
      }),
      { numRuns: 40, seed: 2 },
    )
  })
})

/** A step that the rules refuse changes nothing; any other error fails the test. */
async function play(
  world: World,
  one: Step,
  before: readonly Case[],
  misses: Map<string, string[]>,
): Promise<void> {
  try {
    await attempt(world, one, before, misses)
  } catch (error) {
    if (toHindraError(error).code !== 'CASE_STATE') throw error
    expect(await world.cases.list()).toEqual(before)
  }
}

async function attempt(
  world: World,
  one: Step,
  before: readonly Case[],
  misses: Map<string, string[]>,
): Promise<void> {
  const { cases } = world
  const looked = async (id: string, outcome: Step['outcome']) => {
    await world.look(id, outcome)
    if (outcome === 'gone') misses.set(id, [...(misses.get(id) ?? []), world.now()])
    if (outcome === 'present') misses.delete(id)
  }
  switch (one.do) {
    case 'wait':
      world.pass(one.hours)
      return
    case 'see': {
      const url = URLS[one.at % URLS.length] ?? ''
      const entry = await world.seen(url, ITEMS[one.at % ITEMS.length] ?? '', one.verdict)
      misses.delete(entry.id)
      return
    }
    case 'look-due':
      for (const { id } of await cases.dueForRecheck(world.context.clock.now())) {
        await looked(id, one.outcome)
      }
      return
    case 'verify':
    case 'dispute':
    case 'retract': {
      const id = ITEMS[one.at % ITEMS.length] ?? ''
      // A retracted item comes back as a new one; here it is the same, which asks more of cases.
      const [status, tell] = RULINGS[one.do]
      await world.item(id, { status })
      await world.transact((tx) => cases[tell](tx, 'bert', id))
      if (one.do === 'retract') await world.item(id)
      return
    }
    default: {
      const entry = before[one.at % Math.max(before.length, 1)]
      if (entry === undefined) return
      if (one.do === 'look') await looked(entry.id, one.outcome)
      else if (one.do === 'host') await world.host(entry.id)
      else if (one.do === 'notify') {
        // As takedown does: whatever was sent was allowed when it was sent.
        if (mayBeNotified(entry)) await world.notify(entry.id)
      } else if (one.do === 'close') {
        await world.transact((tx) => cases.close(tx, 'anna', entry.id, 'walk'))
      } else {
        await world.transact((tx) => cases.decide(tx, 'anna', entry.id, one.decision, 'walk'))
      }
    }
  }
}

async function checkRules(
  world: World,
  before: readonly Case[],
  misses: ReadonlyMap<string, readonly string[]>,
): Promise<void> {
  const far = world.context.clock.now() + 1e12
  const all = await world.cases.list()
  const lookedAt = new Set((await world.cases.dueForRecheck(far, 1_000)).map(({ id }) => id))
  const traced = new Set((await world.cases.dueForTrace(far, 1_000)).map(({ id }) => id))
  const noticed = new Set((await world.cases.dueForNotice()).map(({ id }) => id))

  expect(new Set(all.map(({ subject, url }) => `${subject.id} ${url}`)).size).toBe(all.length)
  for (const entry of all) {
    const { id, status, decision } = entry
    const atWork = status === 'open' || status === 'in-progress'
    if (mayBeNotified(entry)) expect(lookedAt, 'a next event').toContain(id)
    else expect(traced.has(id) || noticed.has(id), 'nobody to tell').toBe(false)
    if (status === 'open' && mayBeNotified(entry)) {
      expect(traced.has(id) !== noticed.has(id), 'a host or a notice to come').toBe(true)
    }
    if (decision === 'pending' || decision === 'rejected') expect(mayBeNotified(entry)).toBe(false)
    if (!atWork && status !== 'removed' && status !== 'moved') {
      expect(lookedAt, 'over').not.toContain(id)
    }
    expect(lookedAt.has(id)).toBe(entry.nextRecheckAt !== null)
    expect(entry.history.at(-1)?.to).toBe(status)
    expect(entry.reopened).toBe(entry.history.filter(isReopening).length)
    const was = before.find((one) => one.id === id)
    if (status === 'removed' && was !== undefined && was.status !== 'removed') {
      if (was.status !== 'disputed') checkRemoval(misses.get(id) ?? [])
    }
  }
}

function isReopening({ from, to }: Case['history'][number]): boolean {
  return to === 'open' && (from === 'removed' || from === 'moved' || from === 'closed')
}

/** Enough misses, of which enough lie far enough apart. */
function checkRemoval(times: readonly string[]): void {
  let counted = 0
  let last = -Infinity
  for (const time of times.map((text) => Date.parse(text))) {
    if (time < last + RECHECK.missGapHours * 3_600_000) continue
    counted += 1
    last = time
  }
  expect(counted).toBeGreaterThanOrEqual(RECHECK.missesNeeded)
}

import { describe, expect, it } from 'vitest'
import type { Principal } from '../../src/access/index.ts'
import {
  bob,
  cy,
  di,
  notThere,
  openSampleHouse,
  person,
  type SampleHouse,
  useSampleHouse,
  WHY,
} from './sample-house.ts'

/** When a case is looked at next is drawn, and tells nothing. */
const DRAWN = /"next(Recheck|Look)At": "[^"]+"/g
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g

const { the, decide, waitingFor, differingFor, sampled, differing } = useSampleHouse()

describe('who decided first', () => {
  it('is told the same in a house that draws all and in one that draws none', async () => {
    const none = await openSampleHouse(0)
    try {
      const [all, nothing] = [await everythingToldTo(the()), await everythingToldTo(none)]
      expect(all).toEqual(nothing)
      expect(all.length).toBeGreaterThan(2_000)
      expect([(await waitingFor(cy)).length, (await none.calls(cy).samples.list()).length]).toEqual(
        [2, 0],
      )
    } finally {
      await none.close()
    }
  })

  it('finds nothing by an id, in the very words of what is not there, nor by its beginning', async () => {
    const { id } = await sampled('accepted')
    const { samples } = the().calls(bob)
    const absent = '01a00000-0000-7000-8000-000000000000'
    const asking = (sampleId: string) => [
      samples.show({ id: sampleId }),
      samples.take({ id: sampleId }),
      samples.leave({ id: sampleId }),
      samples.decide({ id: sampleId, answer: 'accepted', reason: 'x' }),
      samples.settle({ id: sampleId, outcome: 'stands', reason: 'x' }),
    ]
    const told = async (sampleId: string) =>
      (await Promise.allSettled(asking(sampleId))).map((one) =>
        one.status === 'rejected' ? (one.reason as Error).message.replace(sampleId, 'ID') : 'told',
      )
    expect(await told(id)).toEqual(await told(absent))
    expect(await told(id.slice(0, 13))).toEqual(await told('01a00000-0000'))
    expect([await waitingFor(bob), await differingFor(bob)]).toEqual([[], []])
  })

  it('learns nothing while another decides, nor where the two differ, and never settles it', async () => {
    const { id } = await differing('accepted')
    expect([await waitingFor(bob), await differingFor(bob)]).toEqual([[], []])
    const settling = the().calls(bob).samples.settle({ id, outcome: 'stands', reason: 'mine' })
    await expect(settling).rejects.toMatchObject(notThere)
    const entries = (await the().entries()).filter(({ action }) => action.startsWith('sample.'))
    expect(entries.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['sample.take', 'sample.give']),
    )
    // Which case it is stands in no entry before it is over.
    const decisions = ['sample.take', 'sample.give', 'sample.list', 'sample.differing']
    expect(entries.filter(({ action }) => !decisions.includes(action))).toEqual([])
    const cases = await the().calls(di).cases.list()
    for (const { id: caseId } of cases) expect(JSON.stringify(entries)).not.toContain(caseId)
  })

  it('has no second account that decides, neither one they made nor one they own', async () => {
    const owner = { name: 'B', pseudonym: 'b', kind: 'person', roles: ['analyst'] } as const
    const admin = person('admin', 'admin')
    const first = await the().calls(admin).people.add(owner)
    const b: Principal = { ...first, roles: [...first.roles, 'admin'] }
    const other = { name: 'B too', pseudonym: 'b2', kind: 'person', roles: ['analyst'] } as const
    const second: Principal = await the().calls(b).people.add(other)
    const machine = { ...other, pseudonym: 'm', kind: 'machine', owner: b.id } as const
    const third: Principal = await the().calls(admin).people.add(machine)
    const [caseId = ''] = await the().pending(1)
    await decide(caseId, 'accepted', b)
    expect([await waitingFor(second), await waitingFor(third)]).toEqual([[], []])
    // The world: somebody whom they did not make has it.
    expect(await waitingFor(cy)).toHaveLength(1)
  })

  /** All that bob is shown of a decision and an assessment of his, with ids by the order in which they come. */
  async function everythingToldTo(one: SampleHouse): Promise<string> {
    const calls = one.calls(bob)
    const [caseId = ''] = await one.pending(1)
    const decided = await calls.cases.decide({ id: caseId, decision: 'accepted', reason: WHY })
    const url = 'https://media.alpha.example/new.jpg'
    const said = { url, classification: 'Baseline', reason: WHY, pageItself: true } as const
    const assessed = await calls.assessments.assess(said)
    const told = [
      ...[decided, assessed, await calls.cases.show({ id: caseId }), await calls.cases.list()],
      ...[await calls.cases.undoable({ id: caseId }), await calls.assessments.list()],
      ...[await calls.alerts.list({ limit: 100 }), await calls.waiting.list({})],
      ...[await calls.samples.list(), await calls.samples.differing(), await calls.stats.show({})],
      ...[
        await calls.find.records({ words: 'media.alpha.example' }),
        await calls.assignments.list({}),
      ],
      ...[await calls.cases.undo({ id: caseId, reason: 'a slip' })],
      await calls.cases.decide({ id: caseId, decision: 'rejected', reason: WHY }),
      // What the auditor sees, without what makes each entry another one.
      (await one.entries()).map(({ action, by, subject, detail }) => [action, by, subject, detail]),
    ]
    const order = new Map<string, string>()
    const text = JSON.stringify(told, null, 1).replaceAll(DRAWN, 'then')
    return text.replaceAll(UUID, (id) => {
      order.set(id, order.get(id) ?? `id ${order.size}`)
      return order.get(id) ?? id
    })
  }
})

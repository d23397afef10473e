import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Principal } from '../../src/access/index.ts'
import { follow, NO_SERVER } from '../../src/operations/index.ts'
import { openSampleHouse, person, type SampleHouse, WHY } from './sample-house.ts'

/** Decides first, and would like to know what is decided again; sees the audit and the alerts, too. */
const bob = person('bob', 'analyst', 'auditor', 'pipeline')
const cy = person('cy', 'analyst', 'pipeline')
const di = person('di', 'analyst')
const officer = person('olle', 'officer')
/** When a case is looked at next is drawn, and tells nothing. */
const DRAWN = /"next(Recheck|Look)At": "[^"]+"/g
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g
const notThere = { code: 'NOT_FOUND' }
const withheld = { code: 'CASE_WITHHELD' }

let house: SampleHouse
beforeEach(async () => {
  house = await openSampleHouse(100)
})
afterEach(() => house.close())

const decide = (id: string, decision: 'accepted' | 'rejected', by = bob) =>
  house.calls(by).cases.decide({ id, decision, reason: WHY })
const waitingFor = (by: Principal) => house.calls(by).samples.list()
const differingFor = (by: Principal) => house.calls(by).samples.differing()

/** One case that bob has decided, and the sample of it. */
async function sampled(decision: 'accepted' | 'rejected') {
  const [caseId = ''] = await house.pending(1)
  await decide(caseId, decision)
  const [sample] = await waitingFor(cy)
  return { caseId, id: sample?.id ?? '' }
}

/** The same, and cy has decided otherwise. */
async function differing(decision: 'accepted' | 'rejected') {
  const { caseId, id } = await sampled(decision)
  await house.calls(cy).samples.take({ id })
  const answer = decision === 'accepted' ? 'rejected' : 'accepted'
  const came = await house.calls(cy).samples.decide({ id, answer, reason: 'another carpet' })
  expect(came).toEqual({ id, state: 'third', outcome: null })
  return { caseId, id }
}

describe('a decision that is decided again', () => {
  it('is shown without what was decided, why, by whom, and of which case', async () => {
    const { caseId, id } = await sampled('accepted')
    const [listed] = await waitingFor(cy)
    expect(listed).toMatchObject({ id, kind: 'match', since: '2026-11-02T08:00:00.000Z' })
    const form = await house.calls(cy).samples.take({ id })
    expect(form).toMatchObject({ state: 'second', url: 'https://media.alpha.example/1/0.jpg' })
    expect(form.matches).toHaveLength(1)
    const shown = await house.calls(cy).samples.show({ id })
    expect(shown).toEqual(form)
    for (const said of [listed, form, shown]) {
      expect(JSON.stringify(said)).not.toMatch(new RegExp(`accepted|${WHY}|bob|${caseId}`))
    }
  })

  it('is over where the second says the same, and the case is as it was', async () => {
    const { caseId, id } = await sampled('accepted')
    const before = await house.engine().stages.cases.get(caseId)
    await house.calls(cy).samples.take({ id })
    const came = await house.calls(cy).samples.decide({ id, answer: 'accepted', reason: 'same' })
    expect(came).toEqual({ id, state: 'agreed', outcome: null })
    expect(await house.calls(cy).cases.show({ id: caseId })).toMatchObject(before)
    expect([await waitingFor(di), await differingFor(di)]).toEqual([[], []])
    const again = house.calls(cy).samples.decide({ id, answer: 'rejected', reason: 'no' })
    await expect(again).rejects.toMatchObject(notThere)
  })

  it('is of an assessment, too, and takes an answer of its kind', async () => {
    const url = 'https://media.alpha.example/new.jpg'
    const said = { url, classification: 'Baseline', reason: WHY, pageItself: true } as const
    const entry = await house.calls(bob).assessments.assess(said)
    const [sample] = await waitingFor(cy)
    const id = sample?.id ?? ''
    expect(sample).toMatchObject({ kind: 'assessment', url })
    const form = await house.calls(cy).samples.take({ id })
    expect(form).toMatchObject({ matches: [] })
    expect(JSON.stringify(form)).not.toMatch(new RegExp(`Baseline|${WHY}|${entry.id}`))
    // It would say of itself that there is a case, and of which class.
    await expect(house.calls(cy).assessments.list()).rejects.toMatchObject(withheld)
    await expect(house.calls(cy).assessments.beforehand({ url })).rejects.toMatchObject(withheld)
    const { samples } = house.calls(cy)
    await expect(samples.decide({ id, answer: 'accepted', reason: 'x' })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      field: 'answer',
    })
    const came = await samples.decide({ id, answer: 'National', reason: 'older' })
    expect(came.state).toBe('third')
    expect(await differingFor(di)).toMatchObject([
      { first: { said: 'Baseline' }, second: { said: 'National' }, caseId: entry.id },
    ])
  })

  it('may not be an assessment for who may not assess', async () => {
    const url = 'https://media.alpha.example/new.jpg'
    const said = { url, classification: 'Baseline', reason: WHY, pageItself: true } as const
    await house.calls(bob).assessments.assess(said)
    const [caseId = ''] = await house.pending(1)
    await decide(caseId, 'accepted')
    const kinds = (await waitingFor(person('vera', 'verifier'))).map(({ kind }) => kind)
    expect(kinds).toEqual(['match'])
  })
})

describe('who decided first', () => {
  it('is told the same in a house that draws all and in one that draws none', async () => {
    const none = await openSampleHouse(0)
    try {
      const [all, nothing] = [await everythingToldTo(house), await everythingToldTo(none)]
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
    const { samples } = house.calls(bob)
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
        one.status === 'rejected'
          ? String((one.reason as Error).message).replace(sampleId, 'ID')
          : 'told',
      )
    expect(await told(id)).toEqual(await told(absent))
    expect(await told(id.slice(0, 13))).toEqual(await told('01a00000-0000'))
    expect([await waitingFor(bob), await differingFor(bob)]).toEqual([[], []])
  })

  it('learns nothing while another decides, nor where the two differ, and never settles it', async () => {
    const { id } = await differing('accepted')
    expect([await waitingFor(bob), await differingFor(bob)]).toEqual([[], []])
    const settling = house.calls(bob).samples.settle({ id, outcome: 'stands', reason: 'mine' })
    await expect(settling).rejects.toMatchObject(notThere)
    const entries = (await house.entries()).filter(({ action }) => action.startsWith('sample.'))
    expect(entries.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['sample.take', 'sample.give']),
    )
    // Which case it is stands in no entry before it is over.
    const decisions = ['sample.take', 'sample.give', 'sample.list', 'sample.differing']
    expect(entries.filter(({ action }) => !decisions.includes(action))).toEqual([])
    const cases = await house.calls(di).cases.list()
    for (const { id: caseId } of cases) expect(JSON.stringify(entries)).not.toContain(caseId)
  })

  it('has no second account that decides, neither one they made nor one they own', async () => {
    const owner = { name: 'B', pseudonym: 'b', kind: 'person', roles: ['analyst'] } as const
    const admin = person('admin', 'admin')
    const first = await house.calls(admin).people.add(owner)
    const b: Principal = { ...first, roles: [...first.roles, 'admin'] }
    const other = { name: 'B too', pseudonym: 'b2', kind: 'person', roles: ['analyst'] } as const
    const second: Principal = await house.calls(b).people.add(other)
    const machine = { ...other, pseudonym: 'm', kind: 'machine', owner: b.id } as const
    const third: Principal = await house.calls(admin).people.add(machine)
    const [caseId = ''] = await house.pending(1)
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

describe('who decides again', () => {
  it('is shown nothing that names the case until they have', async () => {
    const { caseId, id } = await sampled('accepted')
    const calls = house.calls(cy)
    expect(await calls.cases.list()).toHaveLength(1)
    await calls.samples.take({ id })
    const url = 'https://media.alpha.example/1/0.jpg'
    const asked = [
      () => calls.cases.show({ id: caseId }),
      () => calls.cases.show({ id: caseId.slice(0, 13) }),
      () => calls.cases.list(),
      () => calls.cases.ofUrl({ url }),
      () => calls.cases.undoable({ id: caseId }),
      () => calls.cases.announce({ id: caseId }),
      () => calls.cases.letters({ id: caseId }),
      () => calls.cases.close({ id: caseId, reason: 'so that its answer tells me' }),
      () => calls.assessments.beforehand({ url }),
      () => calls.alerts.list({ limit: 100 }),
      () => calls.find.records({ words: 'media.alpha.example' }),
    ]
    for (const one of asked) await expect(one()).rejects.toMatchObject(withheld)
    // Nobody else is kept from it, and who decided it sees no difference.
    expect(await house.calls(di).cases.list()).toHaveLength(1)
    expect(await house.calls(bob).cases.show({ id: caseId })).toMatchObject({ status: 'open' })
    await house.restart()
    await expect(house.calls(cy).cases.list()).rejects.toMatchObject(withheld)
    await house.calls(cy).samples.decide({ id, answer: 'accepted', reason: 'same' })
    expect(await house.calls(cy).cases.list()).toHaveLength(1)
  })

  it('looks at what is there by the sample alone, and is refused for nothing that became of the case', async () => {
    const { caseId, id } = await sampled('rejected')
    const look = (by: Principal, of: 'sample' | 'case', record: string) => {
      const inBrowser = { ...by, session: { id: `of ${by.id}`, isFresh: true } }
      return house.calls(inBrowser).looks.take({ of, id: record })
    }
    // Not before they have taken it, and nobody else.
    for (const by of [cy, bob]) await expect(look(by, 'sample', id)).rejects.toMatchObject(notThere)
    await house.calls(cy).samples.take({ id })
    expect(await look(cy, 'sample', id)).toMatchObject({ of: 'sample', fault: 'status' })
    await expect(look(cy, 'case', caseId)).rejects.toMatchObject(withheld)
    await expect(look(di, 'sample', id)).rejects.toMatchObject(notThere)
    // A closed case is not looked at by its id: that would have told what was decided.
    await expect(look(di, 'case', caseId)).rejects.toMatchObject({ code: 'CASE_STATE' })
  })

  it('has no stream of events that tells: it ends before the one that would', async () => {
    const { caseId, id } = await sampled('accepted')
    const event = (of: string) => [{ id: '1', event: 'opened', data: { caseId: of } }]
    const events = () =>
      Promise.resolve({
        async *pages() {
          yield event('another')
          yield event(caseId)
        },
        closed: () => undefined,
      })
    const parts = { ...house.engine().stages, ...NO_SERVER }
    const told = async (by: Principal) => {
      const seen: unknown[] = []
      const stream = await follow(parts, { events }, by, {}, undefined)
      for await (const page of stream.pages(new AbortController().signal)) seen.push(...page)
      return seen
    }
    await house.calls(cy).samples.take({ id })
    await expect(told(cy)).rejects.toMatchObject(withheld)
    expect(await told(di)).toHaveLength(2)
    await house.calls(cy).samples.leave({ id })
    expect(await told(cy)).toHaveLength(2)
  })

  it('does not ask for it: what they were shown since, had a part in, or left is not theirs', async () => {
    const ids = await house.pending(3)
    for (const id of ids) await decide(id, 'accepted')
    const [one, two, three] = await waitingFor(cy)
    await house.calls(cy).cases.show({ id: ids[0] ?? '' })
    await house.calls(cy).samples.take({ id: two?.id ?? '' })
    await house.calls(cy).samples.leave({ id: two?.id ?? '' })
    expect((await waitingFor(cy)).map(({ id }) => id)).toEqual([three?.id])
    for (const gone of [one, two]) {
      const taking = house.calls(cy).samples.take({ id: gone?.id ?? '' })
      await expect(taking).rejects.toMatchObject(notThere)
    }
    // Once it is left, the case is shown again.
    expect(await house.calls(cy).cases.list()).toHaveLength(3)
    expect((await waitingFor(di)).map(({ id }) => id)).toEqual([one?.id, two?.id, three?.id])
  })

  it('is one person, however close two come, and another once their time is over', async () => {
    const { id } = await sampled('accepted')
    const came = await Promise.allSettled([
      house.calls(cy).samples.take({ id }),
      house.calls(di).samples.take({ id }),
    ])
    expect(came.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    const isCy = came[0].status === 'fulfilled'
    const [holder, other] = isCy ? [cy, di] : [di, cy]
    const late = { id, answer: 'accepted', reason: 'same' } as const
    expect(await waitingFor(other)).toEqual([])
    // Who has not taken it decides nothing, whoever has it.
    await expect(house.calls(other).samples.decide(late)).rejects.toMatchObject(notThere)
    house.clock.advance(61 * 60_000)
    await house.calls(other).samples.take({ id })
    await expect(house.calls(holder).samples.decide(late)).rejects.toMatchObject({
      code: 'ASSIGNED',
    })
    await expect(house.calls(holder).cases.list()).rejects.toMatchObject(withheld)
    const both = await Promise.allSettled([
      house.calls(other).samples.decide(late),
      house.calls(other).samples.decide({ ...late, answer: 'rejected' }),
    ])
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  })
})

describe('two who differ', () => {
  it('take nothing back: a third sees both, and says that it stands', async () => {
    const { caseId, id } = await differing('accepted')
    expect(await house.calls(officer).cases.show({ id: caseId })).toMatchObject({
      status: 'open',
      decision: 'accepted',
    })
    expect([await differingFor(bob), await differingFor(cy)]).toEqual([[], []])
    const [shown] = await differingFor(officer)
    expect(shown).toMatchObject({
      ...{ id, caseId, state: 'third' },
      first: { said: 'accepted', reason: WHY },
      second: { said: 'rejected', reason: 'another carpet' },
    })
    expect(JSON.stringify(shown)).not.toMatch(/bob|"cy"/)
    expect(await house.calls(di).samples.show({ id })).toEqual(shown)
    for (const one of [cy, bob]) {
      const settling = house.calls(one).samples.settle({ id, outcome: 'stands', reason: 'x' })
      await expect(settling).rejects.toMatchObject(notThere)
    }
    const settled = { id, outcome: 'stands', reason: 'compared again' } as const
    expect(await house.calls(officer).samples.settle(settled)).toMatchObject({ outcome: 'stands' })
    expect(await differingFor(di)).toEqual([])
    const entry = (await house.entries()).find(({ action }) => action === 'sample.settle')
    expect(entry).toMatchObject({ by: 'olle', subject: id, detail: { case: caseId } })
  })

  it('have the case taken back by the third, in the same act', async () => {
    const { caseId, id } = await differing('accepted')
    const { samples } = house.calls(di)
    const without = samples.settle({ id, outcome: 'corrected', reason: 'x' })
    await expect(without).rejects.toMatchObject({ code: 'INVALID_INPUT', field: 'takeBack' })
    const nothing = { id, outcome: 'stands', takeBack: 'not-illegal', reason: 'x' } as const
    await expect(samples.settle(nothing)).rejects.toMatchObject({ field: 'takeBack' })
    // What failed left it waiting.
    expect(await differingFor(di)).toHaveLength(1)
    const corrected = { id, outcome: 'corrected', reason: 'another child' } as const
    await samples.settle({ ...corrected, takeBack: 'not-the-same' })
    expect(await house.calls(di).cases.show({ id: caseId })).toMatchObject({
      status: 'retracted',
      takenBack: 'not-the-same',
    })
  })

  it('have a match accepted that was rejected, by who may decide', async () => {
    const { caseId, id } = await differing('rejected')
    const corrected = { id, outcome: 'corrected', reason: 'it is the same' } as const
    await expect(house.calls(officer).samples.settle(corrected)).rejects.toMatchObject({
      code: 'FORBIDDEN',
    })
    await house.calls(di).samples.settle(corrected)
    expect(await house.calls(di).cases.show({ id: caseId })).toMatchObject({
      status: 'open',
      decision: 'accepted',
    })
  })

  it('are settled as corrected where the first takes the decision back by the existing way', async () => {
    const { caseId, id } = await differing('accepted')
    await house.calls(bob).cases.undo({ id: caseId, reason: 'a slip' })
    expect(await differingFor(di)).toEqual([])
    const entry = (await house.entries()).find(({ action }) => action === 'sample.settle')
    expect(entry).toMatchObject({ by: 'bob', subject: id, detail: { outcome: 'corrected' } })
  })
})

describe('what is drawn', () => {
  it('waits for nobody once the decision is taken back, or the case erased', async () => {
    const [a = '', b = '', c = ''] = await house.pending(3)
    for (const id of [a, b, c]) await decide(id, 'accepted')
    const all = await waitingFor(cy)
    for (const { id } of all) await house.calls(cy).samples.take({ id })
    await house.calls(bob).cases.undo({ id: a, reason: 'a slip' })
    await house.calls(di).cases.close({ id: b, reason: 'not it', takeBack: 'not-the-same' })
    const { store, cases } = house.engine().stages
    await store.transact((tx) => cases.erase(tx, c))
    expect(await waitingFor(cy)).toEqual([])
    for (const { id } of all) {
      const late = house.calls(cy).samples.decide({ id, answer: 'accepted', reason: 'x' })
      await expect(late).rejects.toMatchObject(notThere)
    }
    // Nothing is held back from them any more.
    expect(await house.calls(cy).cases.list()).toHaveLength(2)
    await decide(a, 'rejected')
    expect(await waitingFor(cy)).toHaveLength(1)
  })

  it('is nothing where the policy is off; what was drawn before is still decided again', async () => {
    const ids = await house.pending(2)
    await decide(ids[0] ?? '', 'accepted')
    await house.restart(0)
    await decide(ids[1] ?? '', 'accepted')
    const [left, ...more] = await waitingFor(cy)
    expect(more).toEqual([])
    await house.calls(cy).samples.take({ id: left?.id ?? '' })
    const same = { id: left?.id ?? '', answer: 'accepted', reason: 'same' } as const
    expect(await house.calls(cy).samples.decide(same)).toMatchObject({ state: 'agreed' })
  })
})

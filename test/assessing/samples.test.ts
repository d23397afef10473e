import { describe, expect, it } from 'vitest'
import type { Principal } from '../../src/access/index.ts'
import { type EventStream, NO_SERVER, withheldFrom } from '../../src/operations/index.ts'
import { bob, cy, di, notThere, officer, person, useSampleHouse, WHY } from './sample-house.ts'

const withheld = { code: 'CASE_WITHHELD' }

const { the, decide, waitingFor, differingFor, sampled, differing } = useSampleHouse()

describe('a decision that is decided again', () => {
  it('is shown without what was decided, why, by whom, and of which case', async () => {
    const { caseId, id } = await sampled('accepted')
    const [listed] = await waitingFor(cy)
    expect(listed).toMatchObject({ id, kind: 'match', since: '2026-11-02T08:00:00.000Z' })
    const form = await the().calls(cy).samples.take({ id })
    expect(form).toMatchObject({ state: 'second', url: 'https://media.alpha.example/1/0.jpg' })
    expect(form.matches).toHaveLength(1)
    const shown = await the().calls(cy).samples.show({ id })
    expect(shown).toEqual(form)
    for (const said of [listed, form, shown]) {
      expect(JSON.stringify(said)).not.toMatch(new RegExp(`accepted|${WHY}|bob|${caseId}`))
    }
  })

  it('is over where the second says the same, and the case is as it was', async () => {
    const { caseId, id } = await sampled('accepted')
    const before = await the().engine().stages.cases.get(caseId)
    await the().calls(cy).samples.take({ id })
    const came = await the().calls(cy).samples.decide({ id, answer: 'accepted', reason: 'same' })
    expect(came).toEqual({ id, state: 'agreed', outcome: null })
    expect(await the().calls(cy).cases.show({ id: caseId })).toMatchObject(before)
    expect([await waitingFor(di), await differingFor(di)]).toEqual([[], []])
    const again = the().calls(cy).samples.decide({ id, answer: 'rejected', reason: 'no' })
    await expect(again).rejects.toMatchObject(notThere)
  })

  it('is of an assessment, too, and takes an answer of its kind', async () => {
    const url = 'https://media.alpha.example/new.jpg'
    const said = { url, classification: 'Baseline', reason: WHY, pageItself: true } as const
    const entry = await the().calls(bob).assessments.assess(said)
    const [sample] = await waitingFor(cy)
    const id = sample?.id ?? ''
    expect(sample).toMatchObject({ kind: 'assessment', url })
    const form = await the().calls(cy).samples.take({ id })
    expect(form).toMatchObject({ matches: [] })
    expect(JSON.stringify(form)).not.toMatch(new RegExp(`Baseline|${WHY}|${entry.id}`))
    // It would say of itself that there is a case, and of which class.
    await expect(the().calls(cy).assessments.list()).rejects.toMatchObject(withheld)
    await expect(the().calls(cy).assessments.beforehand({ url })).rejects.toMatchObject(withheld)
    const { samples } = the().calls(cy)
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
    await the().calls(bob).assessments.assess(said)
    const [caseId = ''] = await the().pending(1)
    await decide(caseId, 'accepted')
    const kinds = (await waitingFor(person('vera', 'verifier'))).map(({ kind }) => kind)
    expect(kinds).toEqual(['match'])
  })
})

describe('who decides again', () => {
  it('is shown nothing that names the case until they have', async () => {
    const { caseId, id } = await sampled('accepted')
    const calls = the().calls(cy)
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
    expect(await the().calls(di).cases.list()).toHaveLength(1)
    expect(await the().calls(bob).cases.show({ id: caseId })).toMatchObject({ status: 'open' })
    await the().restart()
    await expect(the().calls(cy).cases.list()).rejects.toMatchObject(withheld)
    await the().calls(cy).samples.decide({ id, answer: 'accepted', reason: 'same' })
    expect(await the().calls(cy).cases.list()).toHaveLength(1)
  })

  it('looks at what is there by the sample alone, and is refused for nothing that became of the case', async () => {
    const { caseId, id } = await sampled('rejected')
    const look = (by: Principal, of: 'sample' | 'case', record: string) => {
      const inBrowser = { ...by, session: { id: `of ${by.id}`, isFresh: true } }
      return the().calls(inBrowser).looks.take({ of, id: record })
    }
    // Not before they have taken it, and nobody else.
    for (const by of [cy, bob]) await expect(look(by, 'sample', id)).rejects.toMatchObject(notThere)
    await the().calls(cy).samples.take({ id })
    expect(await look(cy, 'sample', id)).toMatchObject({ of: 'sample', fault: 'status' })
    await expect(look(cy, 'case', caseId)).rejects.toMatchObject(withheld)
    await expect(look(di, 'sample', id)).rejects.toMatchObject(notThere)
    // A closed case is not looked at by its id: that would have told what was decided.
    await expect(look(di, 'case', caseId)).rejects.toMatchObject({ code: 'CASE_STATE' })
  })

  it('has no stream of events that tells: it ends before the one that would', async () => {
    const { caseId, id } = await sampled('accepted')
    const event = (of: string) => [{ id: '1', event: 'opened', data: { caseId: of } }]
    const events: EventStream = {
      async *pages() {
        yield await Promise.resolve(event('another'))
        yield event(caseId)
      },
      closed: () => undefined,
    }
    const parts = { ...the().engine().stages, ...NO_SERVER }
    const told = async (by: Principal) => {
      const seen: unknown[] = []
      const stream = withheldFrom(parts, by, events)
      for await (const page of stream.pages(new AbortController().signal)) seen.push(...page)
      return seen
    }
    await the().calls(cy).samples.take({ id })
    await expect(told(cy)).rejects.toMatchObject(withheld)
    expect(await told(di)).toHaveLength(2)
    await the().calls(cy).samples.leave({ id })
    expect(await told(cy)).toHaveLength(2)
  })

  it('does not ask for it: what they were shown since, had a part in, or left is not theirs', async () => {
    const ids = await the().pending(3)
    for (const id of ids) await decide(id, 'accepted')
    const [one, two, three] = await waitingFor(cy)
    await the()
      .calls(cy)
      .cases.show({ id: ids[0] ?? '' })
    await the()
      .calls(cy)
      .samples.take({ id: two?.id ?? '' })
    await the()
      .calls(cy)
      .samples.leave({ id: two?.id ?? '' })
    expect((await waitingFor(cy)).map(({ id }) => id)).toEqual([three?.id])
    for (const gone of [one, two]) {
      const taking = the()
        .calls(cy)
        .samples.take({ id: gone?.id ?? '' })
      await expect(taking).rejects.toMatchObject(notThere)
    }
    // Once it is left, the case is shown again.
    expect(await the().calls(cy).cases.list()).toHaveLength(3)
    expect((await waitingFor(di)).map(({ id }) => id)).toEqual([one?.id, two?.id, three?.id])
  })

  it('is one person, however close two come, and another once their time is over', async () => {
    const { id } = await sampled('accepted')
    const came = await Promise.allSettled([
      the().calls(cy).samples.take({ id }),
      the().calls(di).samples.take({ id }),
    ])
    expect(came.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    const isCy = came[0].status === 'fulfilled'
    const [holder, other] = isCy ? [cy, di] : [di, cy]
    const late = { id, answer: 'accepted', reason: 'same' } as const
    expect(await waitingFor(other)).toEqual([])
    // Who has not taken it decides nothing, whoever has it.
    await expect(the().calls(other).samples.decide(late)).rejects.toMatchObject(notThere)
    the().clock.advance(61 * 60_000)
    await the().calls(other).samples.take({ id })
    await expect(the().calls(holder).samples.decide(late)).rejects.toMatchObject({
      code: 'ASSIGNED',
    })
    await expect(the().calls(holder).cases.list()).rejects.toMatchObject(withheld)
    const both = await Promise.allSettled([
      the().calls(other).samples.decide(late),
      the()
        .calls(other)
        .samples.decide({ ...late, answer: 'rejected' }),
    ])
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  })
})

describe('two who differ', () => {
  it('take nothing back: a third sees both, and says that it stands', async () => {
    const { caseId, id } = await differing('accepted')
    expect(await the().calls(officer).cases.show({ id: caseId })).toMatchObject({
      status: 'open',
      decision: 'accepted',
    })
    expect([await differingFor(bob), await differingFor(cy)]).toEqual([[], []])
    const [shown] = await differingFor(officer)
    expect(shown).toMatchObject({
      id,
      caseId,
      state: 'third',
      first: { said: 'accepted', reason: WHY },
      second: { said: 'rejected', reason: 'another carpet' },
    })
    expect(JSON.stringify(shown)).not.toMatch(/bob|"cy"/)
    expect(await the().calls(di).samples.show({ id })).toEqual(shown)
    for (const one of [cy, bob]) {
      const settling = the().calls(one).samples.settle({ id, outcome: 'stands', reason: 'x' })
      await expect(settling).rejects.toMatchObject(notThere)
    }
    const settled = { id, outcome: 'stands', reason: 'compared again' } as const
    expect(await the().calls(officer).samples.settle(settled)).toMatchObject({ outcome: 'stands' })
    expect(await differingFor(di)).toEqual([])
    const entry = (await the().entries()).find(({ action }) => action === 'sample.settle')
    expect(entry).toMatchObject({ by: 'olle', subject: id, detail: { case: caseId } })
  })

  it('have the case taken back by the third, in the same act', async () => {
    const { caseId, id } = await differing('accepted')
    const { samples } = the().calls(di)
    const without = samples.settle({ id, outcome: 'corrected', reason: 'x' })
    await expect(without).rejects.toMatchObject({ code: 'INVALID_INPUT', field: 'takeBack' })
    const nothing = { id, outcome: 'stands', takeBack: 'not-illegal', reason: 'x' } as const
    await expect(samples.settle(nothing)).rejects.toMatchObject({ field: 'takeBack' })
    // What failed left it waiting.
    expect(await differingFor(di)).toHaveLength(1)
    const corrected = { id, outcome: 'corrected', reason: 'another child' } as const
    await samples.settle({ ...corrected, takeBack: 'not-the-same' })
    expect(await the().calls(di).cases.show({ id: caseId })).toMatchObject({
      status: 'retracted',
      takenBack: 'not-the-same',
    })
  })

  it('have a match accepted that was rejected, by who may decide', async () => {
    const { caseId, id } = await differing('rejected')
    const corrected = { id, outcome: 'corrected', reason: 'it is the same' } as const
    await expect(the().calls(officer).samples.settle(corrected)).rejects.toMatchObject({
      code: 'FORBIDDEN',
    })
    await the().calls(di).samples.settle(corrected)
    expect(await the().calls(di).cases.show({ id: caseId })).toMatchObject({
      status: 'open',
      decision: 'accepted',
    })
  })

  it('are settled as corrected where the first takes the decision back by the existing way', async () => {
    const { caseId, id } = await differing('accepted')
    await the().calls(bob).cases.undo({ id: caseId, reason: 'a slip' })
    expect(await differingFor(di)).toEqual([])
    const entry = (await the().entries()).find(({ action }) => action === 'sample.settle')
    expect(entry).toMatchObject({ by: 'bob', subject: id, detail: { outcome: 'corrected' } })
  })
})

describe('what is drawn', () => {
  it('waits for nobody once the decision is taken back, or the case erased', async () => {
    const [a = '', b = '', c = ''] = await the().pending(3)
    for (const id of [a, b, c]) await decide(id, 'accepted')
    const all = await waitingFor(cy)
    for (const { id } of all) await the().calls(cy).samples.take({ id })
    await the().calls(bob).cases.undo({ id: a, reason: 'a slip' })
    await the().calls(di).cases.close({ id: b, reason: 'not it', takeBack: 'not-the-same' })
    const { store, cases } = the().engine().stages
    await store.transact((tx) => cases.erase(tx, c))
    expect(await waitingFor(cy)).toEqual([])
    for (const { id } of all) {
      const late = the().calls(cy).samples.decide({ id, answer: 'accepted', reason: 'x' })
      await expect(late).rejects.toMatchObject(notThere)
    }
    // Nothing is held back from them any more.
    expect(await the().calls(cy).cases.list()).toHaveLength(2)
    await decide(a, 'rejected')
    expect(await waitingFor(cy)).toHaveLength(1)
  })

  it('is nothing where the policy is off; what was drawn before is still decided again', async () => {
    const ids = await the().pending(2)
    await decide(ids[0] ?? '', 'accepted')
    await the().restart(0)
    await decide(ids[1] ?? '', 'accepted')
    const [left, ...more] = await waitingFor(cy)
    expect(more).toEqual([])
    await the()
      .calls(cy)
      .samples.take({ id: left?.id ?? '' })
    const same = { id: left?.id ?? '', answer: 'accepted', reason: 'same' } as const
    expect(await the().calls(cy).samples.decide(same)).toMatchObject({ state: 'agreed' })
  })
})

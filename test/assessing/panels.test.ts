import { beforeEach, describe, expect, it } from 'vitest'
import { OPERATOR } from '../../src/access/index.ts'
import { HOUR_MS } from '../../src/core/index.ts'
import { tipFrom } from './desk.ts'
import { SECRET, TWO, usePanelHouse } from './panel-house.ts'

const house = usePanelHouse()
const { assess, casesOf, clock, engine, listed, person, reopen, waitingFor } = house
let url: string
let other: string
beforeEach(() => {
  ;({ url, other } = house.urls())
})

describe('where the house asks two people', () => {
  it('the first opens nothing and tells nobody, and the second equal one does at once', async () => {
    const [ann, bo] = [await person('A'), await person('B')]
    const tipId = await tipFrom(ann.as(), { url, source: 'public' })
    const first = await assess(ann, 'Baseline', { tipId })
    expect(first).toMatchObject({ state: 'second', caseId: null, assessments: [], tipIds: [tipId] })
    await engine().runDue()
    expect(await casesOf(ann)).toEqual([])
    expect((await ann.as().tips.show({ id: tipId })).status).toBe('new')

    clock.advance(3 * HOUR_MS)
    expect(await waitingFor(ann)).toEqual([])
    expect(await waitingFor(ann, 'true')).toMatchObject([{ id: first.id }])
    const [shown] = await waitingFor(bo)
    expect(shown).toMatchObject({ id: first.id, url, hours: 3 })
    expect(shown?.since).toMatch(/T\d\d:00:00.000Z$/)

    const second = await assess(bo, 'Baseline', { panelId: first.id, reason: 'I see the same' })
    expect(second).toMatchObject({
      status: 'open',
      classification: 'Baseline',
      verdict: 'assessed',
    })
    expect(await ann.as().tips.show({ id: tipId })).toMatchObject({
      status: 'assessed',
      caseId: second.id,
    })
    expect((await bo.as().cases.show({ id: second.id })).assessments).toMatchObject([
      {
        assessor: ann.pseudonym,
        panel: { id: first.id, number: 1 },
        reason: `${SECRET}, as I see it`,
      },
      { assessor: bo.pseudonym, panel: { id: first.id, number: 2 }, reason: 'I see the same' },
    ])
    expect(await waitingFor(bo)).toEqual([])
  })

  it('a third decides where they differ, sees neither, and all three are kept', async () => {
    const [ann, bo, cy] = [await person('A'), await person('B'), await person('C')]
    const { id } = await assess(ann, 'Baseline')
    expect(await assess(bo, 'Harmful')).toMatchObject({ id, state: 'third', assessments: [] })
    expect(await casesOf(ann)).toEqual([])
    expect(await waitingFor(ann)).toEqual([])
    expect(await waitingFor(bo)).toEqual([])
    expect(await waitingFor(cy)).toMatchObject([{ id, state: 'third', assessments: [] }])
    for (const one of [ann, bo]) {
      await expect(assess(one, 'National')).rejects.toMatchObject({ code: 'SAME_PERSON' })
    }
    const decided = await assess(cy, 'National')
    expect(decided).toMatchObject({ status: 'open', classification: 'National' })
    const kept = (await listed(cy)).map(({ assessor, classification, caseId }) => [
      assessor,
      classification,
      caseId,
    ])
    expect(kept).toEqual([
      [ann.pseudonym, 'Baseline', decided.id],
      [bo.pseudonym, 'Harmful', decided.id],
      [cy.pseudonym, 'National', decided.id],
    ])
  })

  it('two who see nothing illegal dismiss the tip, and one alone cannot', async () => {
    const [ann, bo] = [await person('A'), await person('B')]
    const tipId = await tipFrom(ann.as(), { url, source: 'public' })
    const { id } = await assess(ann, 'Baseline', { tipId })
    const dismissal = bo.as().tips.dismiss({ id: tipId, reason: 'nothing there' })
    await expect(dismissal).rejects.toMatchObject({ code: 'CONFLICT' })
    await ann.as().assessments.withdraw({ id, reason: 'another picture' })
    const again = await assess(ann, 'Ignore', { tipId })
    const ended = await assess(bo, 'Ignore')
    expect(ended).toMatchObject({ id: again.id, state: 'agreed', caseId: null })
    expect(await bo.as().tips.show({ id: tipId })).toMatchObject({
      status: 'dismissed',
      dismissed: { why: 'not-illegal' },
    })
    expect(await casesOf(bo)).toEqual([])
    expect(await listed(bo)).toMatchObject([
      { assessor: ann.pseudonym, classification: 'Ignore', caseId: null },
      { assessor: bo.pseudonym, classification: 'Ignore', caseId: null },
    ])
  })

  it('a question that must be equal makes two of one class differ', async () => {
    await reopen(TWO, ['made', 'shown'])
    const [ann, bo, cy] = [await person('A'), await person('B'), await person('C')]
    await assess(ann, 'Baseline', { answers: { made: 'ai', shown: ['activity', 'posing'] } })
    const differs = await assess(bo, 'Baseline', { answers: { made: 'ai' } })
    expect(differs).toMatchObject({ state: 'third' })
    const decided = await assess(cy, 'Baseline', { answers: { made: 'ai' } })
    expect(decided).toMatchObject({ status: 'open' })
    await assess(ann, 'Baseline', {
      url: other,
      answers: { made: 'ai', shown: ['activity', 'posing'] },
    })
    const same = { made: 'ai', shown: ['posing', 'activity'], age: 'infant', child: 'yes' }
    expect(await assess(bo, 'Baseline', { url: other, answers: same })).toMatchObject({
      status: 'open',
    })
    await reopen(TWO)
  })

  it('asks one where one is enough', async () => {
    const ann = await person('A')
    expect(await assess(ann, 'Harmful')).toMatchObject({ status: 'open' })
    await expect(assess(ann, 'Baseline')).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  it('keeps what either knows of the child', async () => {
    const [ann, bo] = [await person('A'), await person('B')]
    await assess(ann, 'Baseline', { circumstances: { ownRequest: true, childCountry: 'SE' } })
    const told = { ownRequest: false, childCountry: null, offenderCountry: 'US' }
    const opened = await assess(bo, 'Baseline', { circumstances: told })
    expect(opened).toMatchObject({
      circumstances: { ownRequest: true, childCountry: 'SE', offenderCountry: 'US' },
    })
  })
})

describe('who may be the second', () => {
  it('is not the first by another key, nor by a machine of theirs', async () => {
    const ann = await person('A')
    await assess(ann, 'Baseline')
    const key = { id: 'another-key', source: null }
    const roles = ['analyst'] as const
    const again = engine().as({ ...ann, kind: 'person', roles, key })
    const said = { url, classification: 'Baseline' as const, reason: 'the same' }
    await expect(again.assessments.assess(said)).rejects.toMatchObject({ code: 'SAME_PERSON' })
    const { people: adding } = engine().as(OPERATOR)
    const machine = { name: 'Desk', pseudonym: 'M-1', kind: 'machine' as const, roles }
    const owned = await adding.add({ ...machine, owner: ann.id })
    const mine = engine().as({ ...owned, roles })
    await expect(mine.assessments.assess(said)).rejects.toMatchObject({ code: 'SAME_PERSON' })
    const nobodys = engine().as({ ...(await adding.add({ ...machine, pseudonym: 'M-2' })), roles })
    await expect(nobodys.assessments.assess(said)).rejects.toMatchObject({ code: 'SAME_PERSON' })
    const elsewhere = { ...said, url: other }
    await expect(nobodys.assessments.assess(elsewhere)).rejects.toMatchObject({
      code: 'SAME_PERSON',
    })
  })

  it('is nobody whom the first made a principal, nor who made the first one', async () => {
    const ann = await person('A', 'admin')
    const roles = ['analyst'] as const
    const named = { name: 'A puppet', pseudonym: 'P-1', kind: 'person' as const, roles }
    const { id } = await ann.as().people.add(named)
    const principal = { id, pseudonym: 'P-1', kind: 'person', roles } as const
    const puppet = { ...principal, as: () => engine().as(principal) }
    await assess(ann, 'Baseline')
    expect(await waitingFor(puppet)).toEqual([])
    await expect(assess(puppet, 'Baseline')).rejects.toMatchObject({ code: 'SAME_PERSON' })
    await assess(puppet, 'Baseline', { url: other })
    await expect(assess(ann, 'Baseline', { url: other })).rejects.toMatchObject({
      code: 'SAME_PERSON',
    })
  })

  it('is one of two who come at once: the other is told that it is over, or is the third', async () => {
    const [ann, bo, cy] = [await person('A'), await person('B'), await person('C')]
    await assess(ann, 'Baseline')
    const both = await Promise.allSettled([assess(bo, 'Baseline'), assess(cy, 'Baseline')])
    const rejected = both.flatMap((one) =>
      one.status === 'rejected' ? [one.reason as unknown] : [],
    )
    expect(rejected).toMatchObject([{ code: 'CONFLICT' }])
    expect(await casesOf(ann)).toHaveLength(1)
    await assess(ann, 'Baseline', { url: other })
    const apart = await Promise.all([
      assess(bo, 'National', { url: other }),
      assess(cy, 'National', { url: other }),
    ])
    const [waits, opened] = apart.toSorted((one) => ('state' in one ? -1 : 1))
    expect(waits).toMatchObject({ state: 'third', assessments: [] })
    expect(opened).toMatchObject({ classification: 'National', status: 'open' })
  })

  it('means what waits, and not what has come to the URL since', async () => {
    const [ann, bo] = [await person('A'), await person('B')]
    const { id: panelId } = await assess(ann, 'Baseline')
    await ann.as().assessments.withdraw({ id: panelId, reason: 'another picture' })
    const late = assess(bo, 'Baseline', { panelId })
    await expect(late).rejects.toMatchObject({ code: 'CONFLICT', field: 'panelId' })
    expect(await waitingFor(bo)).toEqual([])
  })

  it('may be whoever likes, once the first has taken it back; nobody else takes it back', async () => {
    const [ann, bo] = [await person('A'), await person('B')]
    const { id } = await assess(ann, 'Baseline')
    const others = bo.as().assessments.withdraw({ id, reason: 'not mine' })
    await expect(others).rejects.toMatchObject({ code: 'CONFLICT' })
    await ann.as().assessments.withdraw({ id, reason: 'another picture' })
    expect(await bo.as().assessments.panel({ id })).toMatchObject({ state: 'withdrawn' })
    const anew = await assess(ann, 'National')
    expect(anew.id).not.toBe(id)
    expect(await assess(bo, 'Harmful')).toMatchObject({ id: anew.id, state: 'third' })
    const late = ann.as().assessments.withdraw({ id: anew.id, reason: 'too late' })
    await expect(late).rejects.toMatchObject({ code: 'CONFLICT' })
  })
})

import { beforeEach, describe, expect, it } from 'vitest'
import { readQuestions } from '../../src/assessing/index.ts'
import { HOUR_MS } from '../../src/core/index.ts'
import { policyFiles } from '../../src/policy/index.ts'
import { namedOperations } from '../../src/operations/index.ts'
import type { UpkeepReport } from '../../src/watch/index.ts'
import { tipFrom } from './desk.ts'
import { type Colleague, SECRET, TWO, usePanelHouse } from './panel-house.ts'

const house = usePanelHouse()
const { assess, casesOf, clock, entries, lay, listed, person, reopen, waitingFor } = house
let url: string
let other: string
beforeEach(() => {
  ;({ url, other } = house.urls())
})

describe('what the second can see', () => {
  it('is the same before and after the first has assessed, whatever they ask, but that it waits', async () => {
    const ann = await person('A')
    const roles = ['officer', 'verifier', 'auditor', 'pipeline', 'statistics', 'exchange'] as const
    const bo = await person('B', ...roles)
    const tipId = await tipFrom(ann.as(), { url, source: 'public', note: 'a call' })
    await ann.as().tipAssignments.take({ id: tipId })
    await ann.as().tipAssignments.putBack({ id: tipId })

    const before = await allThatIsShown(bo, tipId)
    const first = await assess(ann, 'Baseline', { tipId, answers: { age: 'infant', child: 'yes' } })
    const after = await allThatIsShown(bo, tipId)
    const changed = [...after].filter(([name, text]) => before.get(name) !== text)
    expect(changed.map(([name]) => name)).toEqual(['assessments.waiting', 'system.upkeep'])
    // Of the queues as well no more than that one more waits for somebody.
    const otherQueues = (said: ReadonlyMap<string, string>) => {
      const { queues } = JSON.parse(said.get('system.upkeep') ?? '') as UpkeepReport
      return queues.filter(({ name }) => name !== 'assessments')
    }
    expect(otherQueues(after)).toEqual(otherQueues(before))
    expect(before.size).toBeGreaterThan(30)

    const panel = await bo.as().assessments.panel({ id: first.id })
    const shown = `${after.get('assessments.waiting') ?? ''} ${JSON.stringify(panel)}`
    expect(shown).toContain(url)
    for (const told of [ann.id, ann.pseudonym, SECRET, 'infant', ':17']) {
      expect(shown).not.toContain(told)
    }
    expect(shown).not.toMatch(/Baseline|National|Harmful|Ignore/)
    // The audit says that somebody assessed something, and of what they assessed nothing.
    const acts = (await entries()).filter(
      ({ by, action }) => by === ann.id && action !== 'tip.submit',
    )
    const given = acts.filter(({ action }) => action === 'assessment.give')
    expect(given).toMatchObject([{ detail: {} }])
    for (const told of [first.id, tipId, url, 'Baseline', SECRET]) {
      expect(JSON.stringify(given)).not.toContain(told)
    }
    expect(JSON.stringify(await entries()).split(first.id)).toHaveLength(2)
  })

  it('is what others said only once all have said theirs', async () => {
    const [ann, bo, cy] = [await person('A'), await person('B'), await person('C')]
    const { id } = await assess(ann, 'Baseline')
    await assess(bo, 'Harmful')
    const waiting = JSON.stringify(await cy.as().assessments.panel({ id }))
    for (const told of [ann.id, bo.id, 'Baseline', 'Harmful', SECRET]) {
      expect(waiting).not.toContain(told)
    }
    await assess(cy, 'Harmful')
    expect(await cy.as().assessments.panel({ id })).toMatchObject({
      state: 'decided',
      assessments: [
        { assessor: ann.pseudonym },
        { assessor: bo.pseudonym },
        { assessor: cy.pseudonym },
      ],
    })
  })
})

/** Every operation that reads with no more than what the tip gives, by name: what it answers, or refuses. */
async function allThatIsShown(who: Colleague, tipId: string): Promise<Map<string, string>> {
  const shown = new Map<string, string>()
  const calls = who.as() as unknown as Readonly<
    Record<string, Readonly<Record<string, (input: object) => Promise<unknown>>>>
  >
  const asked: [string, object][] = namedOperations().flatMap(([name, one]) =>
    one.kind === 'call' && one.method === 'GET'
      ? [[name, one.path.includes(':id') ? { id: tipId } : {}]]
      : [],
  )
  const others: [string, object][] = [
    ['assessments.beforehand', { url }],
    ['cases.ofUrl', { url }],
    ['find.records', { words: 'host.example' }],
  ]
  for (const [name, input] of [...asked, ...others]) {
    // Reading is audited, and each act takes room on the disk: these differ whatever was said.
    if (name.startsWith('audit.') || name === 'system.health') continue
    const [topic = '', call = ''] = name.split('.')
    const asking = calls[topic]?.[call]
    if (asking === undefined) throw new Error(`there is no ${name}`)
    const answer = await asking(input).catch((error: unknown) => String(error))
    shown.set(name, JSON.stringify(answer))
  }
  return shown
}

describe('a child in danger now', () => {
  it('waits for nobody, whoever says so first or second', async () => {
    const [ann, bo] = [await person('A'), await person('B')]
    const circumstances = { inDangerNow: true }
    expect(await assess(ann, 'Baseline', { circumstances })).toMatchObject({ status: 'open' })
    await assess(ann, 'Baseline', { url: other })
    const opened = await assess(bo, 'National', { url: other, circumstances })
    expect(opened).toMatchObject({ status: 'open', classification: 'National' })
    expect(await waitingFor(bo)).toEqual([])
    expect((await bo.as().cases.show({ id: opened.id })).assessments).toHaveLength(2)
    const last = `${other}?last`
    await assess(ann, 'Baseline', { url: last })
    const mine = await assess(ann, 'Baseline', { url: last, circumstances })
    expect(mine).toMatchObject({ status: 'open' })
    const audit = await entries()
    const called = audit.filter(({ action }) => action === 'duty.call').map(({ by }) => by)
    expect(called).toEqual([ann.id, bo.id, ann.id])
  })
})

describe('what waits', () => {
  it('is late after a day, until another person has assessed it', async () => {
    const [ann, bo] = [await person('A'), await person('B')]
    const late = async () => (await house.engine().stages.watch.health()).late?.assessments
    // What earlier tests have left waiting is late by then.
    clock.advance(30 * HOUR_MS)
    const before = (await late()) ?? 0
    await assess(ann, 'Baseline')
    clock.advance(23 * HOUR_MS)
    await assess(ann, 'Baseline', { url: other })
    expect(await late()).toBe(before)
    clock.advance(2 * HOUR_MS)
    expect(await late()).toBe(before + 1)
    await assess(bo, 'Harmful')
    expect(await late()).toBe(before + 1)
    await assess(await person('C'), 'Harmful')
    expect(await late()).toBe(before)
    await assess(bo, 'Baseline', { url: other })
  })

  it('keeps the rule that it began under, also through a restart', async () => {
    const [ann, bo] = [await person('A'), await person('B')]
    const { id } = await assess(ann, 'Baseline', { answers: { made: 'ai' } })
    await reopen('{ Baseline: one, National: one, Harmful: one, Ignore: one }', ['made'])
    expect(await waitingFor(bo)).toMatchObject([{ id, state: 'second' }])
    const opened = await assess(bo, 'Baseline', { answers: { made: 'drawn' } })
    expect(opened).toMatchObject({ status: 'open' })
    expect(await assess(bo, 'Baseline', { url: other })).toMatchObject({ status: 'open' })
    await reopen(TWO)
  })

  it('stands as it was where the second one fails midway', async () => {
    const [ann, bo] = [await person('A'), await person('B')]
    const { id } = await assess(ann, 'Baseline')
    const tipId = '01234567-89ab-7def-8123-456789abcdef'
    await expect(assess(bo, 'Baseline', { tipId })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await waitingFor(bo)).toMatchObject([{ id, state: 'second' }])
    expect(await casesOf(bo)).toEqual([])
  })

  it('is not given to its first author by the queue of tips, and is to others', async () => {
    const [ann, bo] = [await person('A'), await person('B')]
    const tipId = await tipFrom(ann.as(), { url, source: 'public' })
    await ann.as().tipAssignments.take({ id: tipId })
    await assess(ann, 'Baseline', { tipId })
    const next = async (who: Colleague) =>
      (await who.as().tipAssignments.next({ count: 50 })).map(({ id }) => id)
    expect(await next(ann)).not.toContain(tipId)
    expect(await next(bo)).toContain(tipId)
  })

  it('is asked of media on a page one by one, and the tip has every case', async () => {
    const [ann, bo] = [await person('A'), await person('B')]
    const page = 'http://host.example/page'
    const tipId = await tipFrom(ann.as(), { url: page, source: 'public' })
    const media = [url, other]
    const said = {
      url: page,
      media,
      classification: 'Baseline',
      reason: 'as I see it',
      tipId,
    } as const
    const first = await ann.as().assessments.assessPage(said)
    expect(first).toMatchObject([{ state: 'second' }, { state: 'second' }])
    const one = await assess(bo, 'Baseline')
    const beside = await assess(bo, 'Baseline', { url: other })
    const { caseIds, status } = await bo.as().tips.show({ id: tipId })
    expect([status, caseIds]).toEqual(['assessed', [one.id, beside.id]])
  })

  it('is erased with its case, and without one after as long', async () => {
    const [ann, bo] = [await person('A'), await person('B')]
    await assess(ann, 'Ignore')
    const { id } = await assess(bo, 'Ignore')
    clock.advance(20 * 365 * 24 * HOUR_MS)
    const admin = await person('X', 'admin')
    const lines = await admin.as().retention.apply({})
    expect(
      lines.find(({ type }) => type === 'assessments without a case')?.records,
    ).toBeGreaterThan(0)
    await expect(bo.as().assessments.panel({ id })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await listed(bo)).toEqual([])
  })
})

describe('the file of the house', () => {
  it.each([
    [
      'two of one class alone',
      '{ Baseline: two, National: one }',
      [],
      /two people for Baseline alone/,
    ],
    ['a number that is none', '{ Baseline: three }', [], /cases\.Baseline/],
    ['no such class', '{ Worst: two }', [], /Worst/],
    ['no such question', TWO, ['haircut'], /equal: there is no question haircut/],
  ])('is refused with %s', (_what, cases, equal, message) => {
    const policy = lay(cases, equal)
    expect(() => readQuestions(policyFiles(policy))).toThrow(message)
    lay(TWO)
  })

  it('as shipped asks one person, and all that is asked of many', () => {
    const { second } = readQuestions(policyFiles('/nonexistent'))
    const cases = { Baseline: 'one', National: 'one', Harmful: 'one', Ignore: 'one' }
    expect(second).toMatchObject({ cases, questions: [] })
  })
})

it('is assessed without naming the tip, which says of a child what the second was not told', async () => {
  const [ann, bo] = [await person('A'), await person('B')]
  const child = { url, source: 'public', note: 'it is me', ownRequest: true }
  const tipId = await tipFrom(ann.as(), child)
  const { id } = await assess(ann, 'Baseline', { tipId })
  const entry = await assess(bo, 'Baseline', { panelId: id })
  expect(entry).toMatchObject({ circumstances: { ownRequest: true } })
  const tip = await ann.as().tips.show({ id: tipId })
  expect(tip).toMatchObject({ status: 'assessed', caseId: entry.id })
})

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { OPERATOR, type Role } from '../../src/access/index.ts'
import { type AssessmentOutcome, readQuestions } from '../../src/assessing/index.ts'
import type { AuditEntry } from '../../src/audit/index.ts'
import { configWith } from '../../src/config.ts'
import { HOUR_MS, ManualClock, policyFiles } from '../../src/core/index.ts'
import { createEngine, type Engine } from '../../src/engine.ts'
import { type LocalCalls, namedOperations } from '../../src/operations/index.ts'
import type { Classification } from '../../src/register/index.ts'
import { tipFrom } from './desk.ts'

const TWO = '{ Baseline: two, National: two, Harmful: one, Ignore: two }'
/** What the first says of it, and nobody else. */
const SECRET = 'the blue wall behind the bed'

let directory: string
let clock: ManualClock
let engine: Engine
/** Of each test its own: one engine serves all of them. */
let test = 0
let url: string
let other: string
let people: string[]
beforeEach(() => {
  test += 1
  people = []
  url = `http://host.example/${test}/a.jpg`
  other = `http://host.example/${test}/b.jpg`
})
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'hindra-panels-'))
  mkdirSync(join(directory, 'policy'))
  clock = new ManualClock(Date.UTC(2026, 10, 2, 8, 17))
  await open(TWO)
})
afterAll(async () => {
  await engine.shutdown()
  rmSync(directory, { recursive: true, force: true })
})

function lay(cases: string, equal: readonly string[] = []): void {
  const policy = `version: "1"\ncases: ${cases}\nequal: [${equal.join()}]\n`
  writeFileSync(join(directory, 'policy', 'second-assessments.yaml'), policy)
}

async function open(cases: string, equal: readonly string[] = []): Promise<void> {
  lay(cases, equal)
  engine = await createEngine({
    config: configWith({ data: directory, 'pool.threads': 1, 'takedown.dutyAddress': 'd@d.example' }),
    dataKey: Buffer.alloc(32, 4),
    clock,
    resolver: { resolve: () => Promise.resolve(['127.0.0.1']) },
  })
}

async function reopen(cases: string, equal: readonly string[] = []): Promise<void> {
  await engine.shutdown()
  await open(cases, equal)
}

interface Colleague {
  readonly id: string
  readonly pseudonym: string
  readonly as: () => LocalCalls
}

async function person(letter: string, ...more: readonly Role[]): Promise<Colleague> {
  const pseudonym = `${letter}-${test}`
  const roles = ['analyst', ...more] as const
  const named = { name: `The person ${pseudonym}`, pseudonym, kind: 'person' as const, roles }
  const { id } = await engine.as(OPERATOR).people.add(named)
  people.push(id)
  return { id, pseudonym, as: () => engine.as({ id, pseudonym, kind: 'person', roles }) }
}

function assess(
  who: Colleague,
  classification: Classification,
  more: Partial<Parameters<LocalCalls['assessments']['assess']>[0]> = {},
): Promise<AssessmentOutcome> {
  const said = { url, classification, reason: `${SECRET}, as I see it`, ...more }
  return who.as().assessments.assess(said)
}

/** Of this test alone. */
async function waitingFor(who: Colleague, mine?: 'true') {
  const all = await who.as().assessments.waiting({ ...(mine && { mine }), limit: 1_000 })
  return all.filter((one) => one.url.includes(`/${test}/`))
}
async function listed(who: Colleague) {
  const all = await who.as().assessments.list({ limit: 1_000 })
  return all.filter(({ by }) => people.includes(by))
}
const casesOf = (who: Colleague) => who.as().cases.ofUrl({ url })

describe('where the house asks two people', () => {
  it('the first opens nothing and tells nobody, and the second equal one does at once', async () => {
    const [ann, bo] = [await person('A'), await person('B')]
    const tipId = await tipFrom(ann.as(), { url, source: 'public' })
    const first = await assess(ann, 'Baseline', { tipId })
    expect(first).toMatchObject({ state: 'second', caseId: null, assessments: [], tipIds: [tipId] })
    await engine.runDue()
    expect(await casesOf(ann)).toEqual([])
    expect((await ann.as().tips.show({ id: tipId })).status).toBe('new')

    clock.advance(3 * HOUR_MS)
    expect(await waitingFor(ann)).toEqual([])
    expect(await waitingFor(ann, 'true')).toMatchObject([{ id: first.id }])
    const [shown] = await waitingFor(bo)
    expect(shown).toMatchObject({ id: first.id, url, hours: 3 })
    expect(shown?.since).toMatch(/T\d\d:00:00.000Z$/)

    const second = await assess(bo, 'Baseline', { panelId: first.id, reason: 'I see the same' })
    expect(second).toMatchObject({ status: 'open', classification: 'Baseline', verdict: 'assessed' })
    expect(await ann.as().tips.show({ id: tipId })).toMatchObject({
      status: 'assessed',
      caseId: second.id,
    })
    expect((await bo.as().cases.show({ id: second.id })).assessments).toMatchObject([
      { assessor: ann.pseudonym, panel: { id: first.id, number: 1 }, reason: `${SECRET}, as I see it` },
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
    const kept = (await listed(cy)).map(({ assessor, classification, caseId }) => [assessor, classification, caseId])
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
    await assess(ann, 'Baseline', { url: other, answers: { made: 'ai', shown: ['activity', 'posing'] } })
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
    const again = engine.as({ ...ann, kind: 'person', roles, key })
    const said = { url, classification: 'Baseline' as const, reason: 'the same' }
    await expect(again.assessments.assess(said)).rejects.toMatchObject({ code: 'SAME_PERSON' })
    const { people: adding } = engine.as(OPERATOR)
    const machine = { name: 'Desk', pseudonym: 'M-1', kind: 'machine' as const, roles }
    const owned = await adding.add({ ...machine, owner: ann.id })
    const mine = engine.as({ ...owned, roles })
    await expect(mine.assessments.assess(said)).rejects.toMatchObject({ code: 'SAME_PERSON' })
    const nobodys = engine.as({ ...(await adding.add({ ...machine, pseudonym: 'M-2' })), roles })
    await expect(nobodys.assessments.assess(said)).rejects.toMatchObject({ code: 'SAME_PERSON' })
    const elsewhere = { ...said, url: other }
    await expect(nobodys.assessments.assess(elsewhere)).rejects.toMatchObject({ code: 'SAME_PERSON' })
  })

  it('is nobody whom the first made a principal, nor who made the first one', async () => {
    const ann = await person('A', 'admin')
    const roles = ['analyst'] as const
    const named = { name: 'A puppet', pseudonym: 'P-1', kind: 'person' as const, roles }
    const { id } = await ann.as().people.add(named)
    const principal = { id, pseudonym: 'P-1', kind: 'person', roles } as const
    const puppet = { ...principal, as: () => engine.as(principal) }
    await assess(ann, 'Baseline')
    expect(await waitingFor(puppet)).toEqual([])
    await expect(assess(puppet, 'Baseline')).rejects.toMatchObject({ code: 'SAME_PERSON' })
    await assess(puppet, 'Baseline', { url: other })
    await expect(assess(ann, 'Baseline', { url: other })).rejects.toMatchObject({ code: 'SAME_PERSON' })
  })

  it('is one of two who come at once: the other is told that it is over, or is the third', async () => {
    const [ann, bo, cy] = [await person('A'), await person('B'), await person('C')]
    await assess(ann, 'Baseline')
    const both = await Promise.allSettled([assess(bo, 'Baseline'), assess(cy, 'Baseline')])
    const rejected = both.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []))
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
    expect(changed.map(([name]) => name)).toEqual(['assessments.waiting'])
    expect(before.size).toBeGreaterThan(30)

    const panel = await bo.as().assessments.panel({ id: first.id })
    const shown = `${after.get('assessments.waiting') ?? ''} ${JSON.stringify(panel)}`
    expect(shown).toContain(url)
    for (const told of [ann.id, ann.pseudonym, SECRET, 'infant', ':17']) {
      expect(shown).not.toContain(told)
    }
    expect(shown).not.toMatch(/Baseline|National|Harmful|Ignore/)
    // The audit says that somebody assessed something, and of what they assessed nothing.
    const acts = (await entries()).filter(({ by, action }) => by === ann.id && action !== 'tip.submit')
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
      assessments: [{ assessor: ann.pseudonym }, { assessor: bo.pseudonym }, { assessor: cy.pseudonym }],
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
    ['find.find', { words: 'host.example' }],
  ]
  for (const [name, input] of [...asked, ...others]) {
    // Reading is audited, and takes memory and time: these differ by themselves.
    if (name.startsWith('audit.') || name === 'system.health') continue
    const [topic = '', call = ''] = name.split('.')
    const answer = await calls[topic]?.[call]?.(input).catch((error: unknown) => String(error))
    shown.set(name, JSON.stringify(answer))
  }
  return shown
}

async function entries(): Promise<readonly AuditEntry[]> {
  const found: AuditEntry[] = []
  for (let after: string | undefined; ; ) {
    const page = await engine.stages.audit.entries({ ...(after !== undefined && { after }) })
    found.push(...page)
    after = page.at(-1)?.cursor
    if (after === undefined) return found
  }
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
    const said = { url: page, media, classification: 'Baseline', reason: 'as I see it', tipId } as const
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
    expect(lines.find(({ type }) => type === 'assessments without a case')?.records).toBeGreaterThan(0)
    await expect(bo.as().assessments.panel({ id })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await listed(bo)).toEqual([])
  })
})

describe('the file of the house', () => {
  it.each([
    ['two of one class alone', '{ Baseline: two, National: one }', [], /two people for Baseline alone/],
    ['a number that is none', '{ Baseline: three }', [], /cases\.Baseline/],
    ['no such class', '{ Worst: two }', [], /Worst/],
    ['no such question', TWO, ['haircut'], /equal: there is no question haircut/],
  ])('is refused with %s', (_what, cases, equal, message) => {
    lay(cases, equal)
    expect(() => readQuestions(policyFiles(join(directory, 'policy')))).toThrow(message)
    lay(TWO)
  })

  it('as shipped asks one person, and all that is asked of many', () => {
    const { second } = readQuestions(policyFiles('/nonexistent'))
    const cases = { Baseline: 'one', National: 'one', Harmful: 'one', Ignore: 'one' }
    expect(second).toMatchObject({ cases, questions: [] })
  })
})

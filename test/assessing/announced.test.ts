import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Principal } from '../../src/access/index.ts'
import type { Circumstances } from '../../src/cases/index.ts'
import { configWith } from '../../src/config.ts'
import { HOUR_MS, isoTime, ManualClock } from '../../src/core/index.ts'
import { createEngine, type Engine } from '../../src/engine.ts'
import { parseTip } from '../../src/intake/index.ts'
import type { Classification } from '../../src/register/index.ts'
import type { Announcement, Notice } from '../../src/takedown/index.ts'
import { type MailServer, openMailServer } from '../takedown/mail-server.ts'
import { ALPHA, BETA } from '../takedown/world.ts'

const ann: Principal = {
  id: 'ann',
  pseudonym: 'A-1',
  kind: 'person',
  roles: ['analyst', 'officer', 'auditor'],
}
const GAMMA = {
  name: 'Gamma Net',
  country: 'TV',
  abuseContact: 'abuse@gamma.example',
  domains: ['gamma.example'],
  networks: ['203.0.113.0/24'],
}

let directory: string
let mail: MailServer
let clock: ManualClock
let engine: Engine
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'hindra-announced-'))
  mail = await openMailServer()
  // A Monday, 10:00 in Stockholm.
  clock = new ManualClock(Date.UTC(2026, 10, 2, 9))
  const config = configWith({
    data: directory,
    'pool.threads': 1,
    'trace.providers': [ALPHA, BETA, GAMMA],
    'mail.port': mail.port,
    'mail.timeoutSeconds': 5,
    'mail.from': 'notices@hotline.example',
    'mail.organisation': 'Hotline Testland',
    'takedown.quietFrom': '20:00',
    'takedown.quietTo': '07:00',
    'route.addresses': { police: 'police@police.example' },
  })
  const resolver = { resolve: () => Promise.resolve([]) }
  engine = await createEngine({ config, clock, dataKey: Buffer.alloc(32, 4), resolver })
})
afterAll(async () => {
  await engine.shutdown()
  await mail.close()
  rmSync(directory, { recursive: true, force: true })
})

async function assessed(
  url: string,
  classification: Classification = 'Baseline',
  circumstances: Partial<Circumstances> = {},
): Promise<string> {
  const judged = { url, classification, circumstances, reason: 'as tested' }
  return (await engine.as(ann).assessments.assess(judged)).id
}
const announced = (id: string) => engine.as(ann).cases.announce({ id })
const notices = (caseId: string) => engine.as(ann).notices.list({ caseId })
const told = (one: Pick<Notice, 'role' | 'recipient'>) => `${one.role} ${one.recipient}`

/** What was said beforehand of each notice is what became of it in the round that followed, at this time. */
function expectKept(said: Announcement, became: readonly Notice[]): void {
  expect(became.map(told).toSorted()).toEqual(said.recipients.map(told).toSorted())
  for (const { at, waitsFor, ...one } of said.recipients) {
    const notice = became.find((other) => told(other) === told(one))
    const now = isoTime(clock.now())
    if (waitsFor.length === 0) {
      expect([told(one), notice?.state, notice?.sentAt, at]).toEqual([told(one), 'sent', now, now])
    } else {
      expect([told(one), notice?.sentAt, notice?.heldUntil]).toEqual([told(one), null, at])
    }
  }
}

describe('what is announced of a case is what then leaves', () => {
  it.each<[string, string, Classification, Partial<Circumstances>, string | null]>([
    ['a host at home', 'https://alpha.example/1.jpg', 'Baseline', {}, 'home'],
    ['a hotline abroad', 'https://beta.example/2.jpg', 'Baseline', {}, 'abroad-with-a-hotline'],
    ['no hotline abroad', 'https://gamma.example/3.jpg', 'Baseline', {}, 'abroad-direct'],
    ['no crime', 'https://alpha.example/4.jpg', 'Harmful', {}, 'harmful-not-illegal'],
    [
      'a child that asks',
      'https://alpha.example/5.jpg',
      'National',
      { ownRequest: true },
      'child-asks',
    ],
    [
      'a child in danger',
      'https://gamma.example/6.jpg',
      'Baseline',
      { inDangerNow: true, childMunicipality: '0180' },
      'in-danger-now',
    ],
    ['a child at home', 'https://gamma.example/7.jpg', 'National', { childCountry: 'SE' }, 'home'],
    ['an account', 'https://gamma.example/8', 'National', { account: true }, 'threatening-account'],
    [
      'an offender at home',
      'https://beta.example/9.jpg',
      'Baseline',
      { offenderCountry: 'SE' },
      'home',
    ],
    ['a host that nobody finds', 'https://nowhere.example/10.jpg', 'Baseline', {}, null],
  ])('for %s', async (_what, url, classification, circumstances, rule) => {
    const id = await assessed(url, classification, circumstances)
    const said = await announced(id)
    expect(said.rule).toBe(rule)
    await engine.runDue()
    expectKept(said, await notices(id))
  })

  it('for the end of a hold by the police, and says so also once it waits', async () => {
    const id = await assessed('https://alpha.example/held.jpg')
    const said = await announced(id)
    const host = said.recipients.find(({ role }) => role === 'host')
    expect(host?.waitsFor.join()).toMatch(/the police, until/)
    await engine.runDue()
    const waiting = (await announced(id)).recipients.find(({ role }) => role === 'host')
    expect(waiting).toMatchObject({ state: 'held', at: host?.at })
    clock.advance(Date.parse(host?.at ?? '') - clock.now())
    await engine.runDue()
    const sent = (await announced(id)).recipients.find(({ role }) => role === 'host')
    expect(sent).toMatchObject({ state: 'sent', at: host?.at, waitsFor: [] })
  })

  it('for hours of rest: the first minute behind them', async () => {
    clock.advance(12 * HOUR_MS)
    const id = await assessed('https://gamma.example/night.jpg')
    const host = (await announced(id)).recipients.find(({ role }) => role === 'host')
    expect(host?.waitsFor).toEqual(['the end of the hours of rest'])
    expect(host?.waits).toEqual([{ for: 'rest', until: null }])
    await engine.runDue()
    expect((await notices(id)).find(({ role }) => role === 'host')?.sentAt).toBeNull()
    clock.advance(Date.parse(host?.at ?? '') - clock.now())
    await engine.runDue()
    expect((await notices(id)).find(({ role }) => role === 'host')?.sentAt).toBe(host?.at)
  })

  it('for the emergency stop, which holds all of it', async () => {
    await engine.as(ann).notices.stop({ reason: 'a drill' })
    const id = await assessed('https://gamma.example/stopped.jpg')
    const stopped = await announced(id)
    expect([stopped.hindrance, stopped.held]).toEqual([
      'stopped',
      expect.stringMatching(/stopped since/),
    ])
    await engine.runDue()
    expect((await notices(id)).every(({ sentAt }) => sentAt === null)).toBe(true)
    await engine.as(ann).notices.resume()
    expect(await announced(id)).toMatchObject({ hindrance: null, held: null })
  })

  it('for a case that was closed: nobody is told first any more', async () => {
    const id = await assessed('https://gamma.example/closed.jpg')
    await engine.as(ann).cases.close({ id, reason: 'as tested' })
    const closed = await announced(id)
    expect([closed.hindrance, closed.held]).toEqual([
      'over',
      expect.stringMatching(/the case is closed/),
    ])
    await engine.runDue()
    expect(await notices(id)).toEqual([])
  })
})

describe('what a URL is known for', () => {
  it('is nothing where nobody knows it, and opens nothing', async () => {
    const url = 'https://unheard.example/of.jpg'
    expect(await engine.as(ann).assessments.beforehand({ url })).toEqual({
      cases: [],
      assessments: [],
      tips: [],
      atHost: { host: 'unheard.example', open: 0, over: 0, newest: [], whole: true },
      sameFile: [],
    })
    expect(await engine.as(ann).cases.ofUrl({ url })).toEqual([])
  })

  it('is its cases, assessments, tips and those at its host, what was dismissed and closed too', async () => {
    const url = 'https://shared.example/a.jpg'
    const { id: tipId } = await engine.stages.tipDesk.take(ann, parseTip({ url }))
    await engine.as(ann).tips.dismiss({ id: tipId, reason: 'as tested' })
    const over = await assessed(url, 'National')
    await engine.as(ann).cases.close({ id: over, reason: 'as tested' })
    const beside = await assessed('https://shared.example/b.jpg')
    const report = await engine.as(ann).assessments.beforehand({ url })
    expect(report).toMatchObject({
      cases: [{ id: over, status: 'closed' }],
      assessments: [{ caseId: over, classification: 'National' }],
      tips: [{ id: tipId, status: 'dismissed' }],
      atHost: { open: 1, over: 1, newest: [{ id: beside }, { id: over }] },
    })
    expect(JSON.stringify(report)).not.toContain('as tested')
    // Nothing of another host of its domain, though the same index finds that.
    await assessed('https://cdn.shared.example/c.jpg')
    const again = await engine.as(ann).assessments.beforehand({ url })
    expect(again.atHost).toMatchObject({ open: 1, over: 1, whole: true })
    const { atHost } = await engine.as(ann).assessments.beforehand({
      url: 'https://cdn.shared.example/other.jpg',
    })
    expect(atHost).toMatchObject({ host: 'cdn.shared.example', open: 1, over: 0 })
  })

  it('is the item of the same file, by the SHA-256 of a tip or by one that is given', async () => {
    const sha256 = 'ab'.repeat(32)
    const hashes = [{ type: 'sha256', value: sha256 }] as const
    await engine.as(ann).items.propose({ hashes, classification: 'Baseline' })
    const [item] = await engine.as(ann).items.list({})
    const url = 'https://copies.example/c.jpg'
    const { assessments } = engine.as(ann)
    expect((await assessments.beforehand({ url })).sameFile).toEqual([])
    const known = { id: item?.id, status: 'proposed' }
    const given = await assessments.beforehand({ url, sha256 })
    expect(given.sameFile).toMatchObject([{ ...known, cases: [] }])
    await engine.stages.tipDesk.take(ann, parseTip({ url, hashes }))
    // The tip's hash leads to a match for the review band, which is a case of the item.
    const brought = await assessments.beforehand({ url })
    expect(brought.sameFile).toMatchObject([{ ...known, cases: [{ verdict: 'review' }] }])
  })
})

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import type { Principal, Role } from '../../src/access/index.ts'
import { configWith } from '../../src/config.ts'
import { ManualClock, MINUTE_MS } from '../../src/core/index.ts'
import { createEngine, type Engine } from '../../src/engine.ts'
import { type MailServer, openMailServer } from '../takedown/mail-server.ts'
import { ALPHA } from '../takedown/world.ts'

const FLOOD = 6

function person(id: string, ...roles: Role[]): Principal {
  return { id, pseudonym: id, kind: 'person', roles }
}
const ann = person('ann', 'analyst', 'officer', 'auditor')
const bob = person('bob', 'verifier')
const crawler = person('crawler', 'crawler-verdict')
const pipeline = person('pipeline', 'pipeline')

let directory: string
let mail: MailServer
let clock: ManualClock
let engine: Engine
let flooding: string
let quiet: string
const warnings: string[] = []
const media: Record<'flooding' | 'quiet', Buffer> = {
  flooding: Buffer.alloc(0),
  quiet: Buffer.alloc(0),
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'hindra-flood-'))
  mail = await openMailServer()
  clock = new ManualClock(Date.UTC(2026, 10, 2, 8))
  const config = configWith({
    data: directory,
    'pool.threads': 1,
    'mail.port': mail.port,
    'trace.providers': [{ ...ALPHA, country: 'TV' }],
    'register.floodCasesPerHour': FLOOD - 1,
  })
  engine = await createEngine({
    config,
    clock,
    dataKey: Buffer.alloc(32, 4),
    resolver: { resolve: () => Promise.resolve(['192.0.2.7']) },
    warn: (message) => warnings.push(message),
  })
  media.flooding = await sceneJpeg(1)
  media.quiet = await sceneJpeg(2)
  flooding = await verified(media.flooding)
  quiet = await verified(media.quiet)
})
afterAll(async () => {
  await engine.shutdown()
  await mail.close()
  rmSync(directory, { recursive: true, force: true })
})

async function verified(bytes: Buffer): Promise<string> {
  const { id } = await engine.stages.curation.propose(ann, {
    media: bytes,
    classification: 'Baseline',
  })
  await engine.stages.curation.verify(bob, { itemId: id })
  return id
}

async function seen(name: keyof typeof media, path: string): Promise<string> {
  const url = `https://media.alpha.example/${name}/${path}.jpg`
  const answer = await engine
    .as(crawler)
    .sightings.submit({ url, media: new Uint8Array(media[name]) })
  return answer.caseId ?? ''
}

function mailed(): string {
  return mail.received.map(({ parsed }) => parsed.text ?? '').join('\n')
}

async function kindsOf(caseIds: readonly string[]): Promise<readonly string[]> {
  const alerts = await engine.as(pipeline).alerts.list({ limit: 1_000 })
  return alerts
    .filter(({ caseId }) => caseId !== null && caseIds.includes(caseId))
    .map(({ kind }) => kind)
}

describe('an item that suddenly floods', () => {
  const held: string[] = []

  it('is held back and announced before a notice leaves, and nothing else is', async () => {
    for (let n = 0; n < FLOOD; n += 1) held.push(await seen('flooding', String(n)))
    const other = await seen('quiet', '1')
    await engine.runDue()
    expect(mailed()).toContain('/quiet/1.jpg')
    expect(mailed()).not.toContain('/flooding/')
    expect((await engine.as(ann).cases.show({ id: other })).decision).toBe('not-needed')
    for (const id of held) {
      expect(await engine.as(ann).cases.show({ id })).toMatchObject({
        decision: 'pending',
        notices: [],
      })
    }
    expect(warnings).toEqual([expect.stringContaining(`item ${flooding} floods`)])
    expect((await kindsOf(held)).filter((kind) => kind === 'review')).toHaveLength(FLOOD)
  })

  it('is seen in the item, in statistics, health and gauges', async () => {
    const item = await engine.as(ann).items.show({ id: flooding })
    expect(item).toMatchObject({ matching: 'review', quarantinedAt: '2026-11-02T08:00:00.000Z' })
    expect(item.history.at(-1)).toMatchObject({ action: 'quarantine', by: 'hindra' })
    expect(await engine.stages.stats.quarter()).toMatchObject({
      quarantined: 1,
      onePersonLists: [],
    })
    expect((await engine.stages.watch.health()).cautions).toMatchObject({ quarantined: 1 })
    expect(await engine.stages.watch.gauges()).toMatchObject({ quarantined: 1 })
  })

  it('waits for a person from then on, whose yes lets a notice go', async () => {
    clock.advance(MINUTE_MS)
    const later = await seen('flooding', 'later')
    expect((await engine.as(ann).cases.show({ id: later })).decision).toBe('pending')
    await engine
      .as(ann)
      .cases.decide({ id: held[0] ?? '', decision: 'accepted', reason: 'looked at: it is' })
    await engine.runDue()
    expect(mailed()).toContain('/flooding/0.jpg')
    expect(mailed()).not.toContain('/flooding/1.jpg')
    expect(mailed()).not.toContain('/flooding/later.jpg')
  })

  it('decides again alone once it is released', async () => {
    const { possible } = await engine.as(ann).items.show({ id: flooding })
    expect(possible).toContainEqual(
      expect.objectContaining({ action: 'release', butNotYou: 'needs item:verify' }),
    )
    await engine.as(bob).items.release({ id: flooding, reason: 'it is everywhere today' })
    const again = await seen('flooding', 'again')
    await engine.runDue()
    expect((await engine.as(ann).cases.show({ id: again })).decision).toBe('not-needed')
    expect(mailed()).toContain('/flooding/again.jpg')
    expect(await engine.stages.stats.quarter()).toMatchObject({ quarantined: 0 })
    expect((await engine.as(ann).items.show({ id: quiet })).quarantinedAt).toBeNull()
  })
})

describe('what can be done with an item', () => {
  it('is told to whoever asks, with what keeps that person from it', async () => {
    const [both, second] = [person('both', 'analyst', 'verifier'), person('eve', 'verifier')]
    const officer = person('ola', 'officer')
    const bytes = await sceneJpeg(3)
    const { id } = await engine.stages.curation.propose(both, {
      media: bytes,
      classification: 'Baseline',
    })
    const obstacles = async (by: Principal) =>
      Object.fromEntries(
        (await engine.as(by).items.show({ id })).possible.map(({ action, butNotYou }) => [
          action,
          butNotYou,
        ]),
      )
    expect(await obstacles(both)).toEqual({
      verify: 'a second person verifies: who proposed an item cannot',
      retract: 'needs item:retract',
      disable: null,
      join: null,
      group: null,
    })
    expect(await obstacles(second)).toMatchObject({ verify: null, group: 'needs item:propose' })
    await engine
      .as(officer)
      .lists.change({ name: 'own', fourEyes: false, reason: 'one of us is on leave' })
    expect((await obstacles(both))['verify']).toBeNull()
    await engine.stages.curation.verify(both, { itemId: id })
    expect(await engine.stages.stats.quarter()).toMatchObject({ onePersonLists: ['own'] })
    expect(Object.keys(await obstacles(both))).toEqual([
      'dispute',
      'retract',
      'disable',
      'join',
      'group',
    ])
    await engine.stages.curation.dispute(both, { itemId: id }, 'a doubt')
    expect((await obstacles(officer))['retract']).toBeNull()
    await engine.stages.curation.retract(officer, { itemId: id }, 'a mistake')
    expect(await obstacles(both)).toEqual({})
    const { history } = await engine.as(ann).items.show({ id })
    expect(history.map(({ action, by, reason }) => [action, by, reason])).toEqual([
      ['propose', 'both', null],
      ['verify', 'both', null],
      ['dispute', 'both', 'a doubt'],
      ['retract', 'ola', 'a mistake'],
    ])
  })
})

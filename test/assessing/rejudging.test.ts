import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import type { Principal, Role } from '../../src/access/index.ts'
import { configWith } from '../../src/config.ts'
import { HOUR_MS, ManualClock } from '../../src/core/index.ts'
import { createEngine, type Engine } from '../../src/engine.ts'
import { createFakeRelay } from '../simulation/relay.ts'

function person(id: string, ...roles: Role[]): Principal {
  return { id, pseudonym: id, kind: 'person', roles }
}
const ann = person('ann', 'analyst', 'officer', 'auditor', 'pipeline')
const bob = person('bob', 'verifier')
const crawler = person('crawler', 'crawler-verdict')
const PROVIDER = {
  name: 'Alpha',
  country: 'TV',
  abuseContact: 'abuse@alpha.example',
  networks: ['192.0.2.0/24'],
}
const url = (path: string) => `https://media.alpha.example/${path}`

let directory: string
let clock: ManualClock
let engine: Engine
let relay = createFakeRelay()

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hindra-rejudging-'))
  clock = new ManualClock(Date.UTC(2026, 10, 2, 8))
  relay = createFakeRelay()
})
afterEach(async () => {
  await engine.shutdown()
  await rm(directory, { recursive: true, force: true })
})

async function start(settings: Readonly<Record<string, unknown>> = {}): Promise<void> {
  engine = await createEngine({
    config: configWith({
      data: directory,
      'pool.threads': 1,
      'trace.providers': [PROVIDER],
      'trace.registries': false,
      'recheck.missGapHours': 1,
      'retention.nightly': false,
      // The copy is at distance 10, beyond what a hash confirms by default.
      'match.confirmRadius': 16,
      ...settings,
    }),
    dataKey: Buffer.alloc(32, 3),
    clock,
    transport: relay.transport,
    resolver: { resolve: () => Promise.resolve(['192.0.2.7']) },
    fetcher: {
      fetch: (finalUrl) =>
        Promise.resolve({
          status: 404,
          bytes: new Uint8Array(Buffer.from('<h1>Not found</h1>')),
          contentType: 'text/html',
          finalUrl,
          address: '192.0.2.7',
        }),
      close: () => Promise.resolve(),
    },
  })
}
async function again(settings: Readonly<Record<string, unknown>>): Promise<void> {
  await engine.shutdown()
  await start(settings)
}
const corrections = () =>
  relay.taken.filter(({ raw }) => Buffer.from(raw).includes('X-Hindra-Step: correction')).length

/** One case by equal bytes, one by a near hash that is told, one the same that is gone and closed. */
async function opened(): Promise<Record<'exact' | 'near' | 'closed', string>> {
  const media = await sceneJpeg(1, { width: 480, height: 360 })
  // Two pixels less on each side: PDQ distance 10.
  const inner = { left: 2, top: 2, width: 476, height: 356 }
  const copy = await sharp(media).extract(inner).jpeg({ quality: 80 }).toBuffer()
  const item = await engine.stages.curation.propose(ann, { media, classification: 'Baseline' })
  await engine.stages.curation.verify(bob, { itemId: item.id })
  const submit = async (path: string, bytes: Uint8Array, verdict: string) => {
    const answer = await engine
      .as(crawler)
      .sightings.submit({ url: url(path), media: new Uint8Array(bytes) })
    expect(answer.verdict).toBe(verdict)
    return answer.caseId ?? ''
  }
  const ids = {
    exact: await submit('exact.jpg', media, 'exact'),
    near: await submit('near.jpg', copy, 'confirmed'),
    closed: await submit('closed.jpg', copy, 'confirmed'),
  }
  await engine.as(ann).notices.send()
  await engine.as(ann).cases.close({ id: ids.closed, reason: 'it is done' })
  return ids
}

describe('a changed rule of matching', () => {
  it('leaves alone what stands, and does nothing twice', async () => {
    await start()
    const { near } = await opened()
    await again({ 'match.agreementReview': 0.66 })
    await engine.runDue()
    expect(await engine.as(ann).rejudgements.list({})).toEqual([])
    expect(await engine.as(ann).cases.show({ id: near })).toMatchObject({ decision: 'not-needed' })
    expect(
      (await engine.as(ann).cases.show({ id: near })).history.some(({ reason }) =>
        reason?.includes('rule'),
      ),
    ).toBe(false)
  })

  it('holds what it would not confirm, open and closed, and sends nothing until a person decides', async () => {
    await start()
    const ids = await opened()
    const sent = relay.taken.length
    await again({ 'match.confirmRadius': 0, 'match.confirmQualityMin': 100 })
    const dry = await engine.as(ann).rejudgements.judge({ dryRun: true })
    expect(dry).toMatchObject({ dryRun: true, falls: 2, untold: 0 })
    expect(dry.found.map(({ caseId }) => caseId)).toEqual([ids.near, ids.closed])
    expect(await engine.as(ann).rejudgements.list({})).toEqual([])
    expect(await engine.as(ann).cases.show({ id: ids.near })).toMatchObject({
      decision: 'not-needed',
    })

    clock.advance(30 * HOUR_MS)
    await engine.runDue()
    const waiting = await engine.as(ann).rejudgements.list({})
    expect(waiting).toMatchObject([
      {
        caseId: ids.near,
        status: 'in-progress',
        outcome: 'falls',
        verdict: 'review',
        recipients: 1,
        told: [{ step: 'notice', recipient: 'abuse@alpha.example' }],
      },
      { caseId: ids.closed, status: 'closed', outcome: 'falls', recipients: 1 },
    ])
    expect(waiting[0]?.reason).toContain('a hash alone does not confirm')
    expect(relay.taken.length - sent).toBe(0)
    expect(await engine.as(ann).cases.show({ id: ids.near })).toMatchObject({ decision: 'pending' })
    expect(await engine.as(ann).cases.show({ id: ids.exact })).toMatchObject({
      decision: 'not-needed',
    })
    const kinds = (await engine.as(ann).alerts.list({ limit: 1_000 })).filter(
      ({ caseId }) => caseId === ids.near,
    )
    expect(kinds.at(-1)?.kind).toBe('review')

    await engine
      .as(ann)
      .rejudgements.accept({ id: ids.closed, takeBack: 'not-the-same', reason: 'another picture' })
    await engine.as(ann).rejudgements.dismiss({ id: ids.near, reason: 'the same, I looked' })
    await engine.runDue()
    expect(corrections()).toBe(1)
    expect(await engine.as(ann).cases.show({ id: ids.closed })).toMatchObject({
      status: 'retracted',
      takenBack: 'not-the-same',
    })
    expect(await engine.as(ann).cases.show({ id: ids.near })).toMatchObject({
      decision: 'accepted',
    })
    expect(await engine.as(ann).rejudgements.list({})).toEqual([])
    // What a person vouched for no rule takes back.
    expect(await engine.as(ann).rejudgements.judge({ dryRun: false })).toMatchObject({
      falls: 0,
      untold: 0,
    })
    const actions = (await engine.as(ann).audit.list({ limit: 1_000 })).map(({ action }) => action)
    expect(actions).toEqual(
      expect.arrayContaining(['case.rejudge', 'case.take-back', 'case.decide']),
    )
  })

  it('is settled by the ordinary decision, which corrects what it rejects', async () => {
    await start()
    const { near } = await opened()
    await again({ 'match.confirmRadius': 0 })
    await engine.runDue()
    await engine.as(ann).cases.decide({ id: near, decision: 'rejected', reason: 'not the same' })
    await engine.runDue()
    expect(await engine.as(ann).cases.show({ id: near })).toMatchObject({ status: 'retracted' })
    expect(corrections()).toBe(1)
  })

  it('waits for nobody where the case was taken back, or its item', async () => {
    await start()
    const { near, closed } = await opened()
    await again({ 'match.confirmRadius': 0 })
    await engine.runDue()
    await engine
      .as(ann)
      .cases.close({ id: closed, reason: 'another picture', takeBack: 'not-the-same' })
    expect(
      (await engine.as(ann).rejudgements.list({ limit: 1 })).map(({ caseId }) => caseId),
    ).toEqual([near])
    const twice = engine
      .as(ann)
      .rejudgements.accept({ id: closed, takeBack: 'not-the-same', reason: 'another picture' })
    await expect(twice).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const { subject } = await engine.as(ann).cases.show({ id: near })
    await engine.stages.curation.retract(ann, { itemId: subject.id }, 'it is harmless')
    expect(await engine.as(ann).cases.show({ id: near })).toMatchObject({ status: 'retracted' })
    expect(await engine.as(ann).rejudgements.list({})).toEqual([])
  })

  it('that is changed back releases what it held', async () => {
    await start()
    const { near, closed } = await opened()
    await again({ 'match.confirmRadius': 0 })
    await engine.runDue()
    expect(await engine.as(ann).rejudgements.list({})).toHaveLength(2)
    await again({})
    await engine.runDue()
    expect(await engine.as(ann).rejudgements.list({})).toEqual([])
    expect(await engine.as(ann).cases.show({ id: near })).toMatchObject({ decision: 'not-needed' })
    expect(await engine.as(ann).cases.show({ id: closed })).toMatchObject({ status: 'closed' })
    expect(corrections()).toBe(0)
  })

  it('holds what comes back at a URL that was removed', async () => {
    await start()
    const { near } = await opened()
    for (let look = 0; look < 3; look += 1) {
      clock.advance(4 * HOUR_MS)
      await engine.as(ann).cases.recheck({ caseId: near })
    }
    expect(await engine.as(ann).cases.show({ id: near })).toMatchObject({ status: 'removed' })
    await again({ 'match.confirmRadius': 0 })
    await engine.runDue()
    expect(await engine.as(ann).cases.show({ id: near })).toMatchObject({
      status: 'removed',
      decision: 'pending',
    })
  })
})

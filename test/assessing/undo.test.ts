import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import type { Principal, Role } from '../../src/access/index.ts'
import { configWith } from '../../src/config.ts'
import { ManualClock } from '../../src/core/index.ts'
import { createEngine, type Engine } from '../../src/engine.ts'
import { createSmtpTransport, type MailTransport } from '../../src/takedown/index.ts'
import { type MailServer, openMailServer } from '../takedown/mail-server.ts'
import { tipFrom } from './desk.ts'

const RACES = 50

function person(id: string, ...roles: Role[]): Principal {
  return { id, pseudonym: id, kind: 'person', roles }
}
const ann = person('ann', 'analyst', 'officer', 'auditor', 'pipeline')
const bob = person('bob', 'analyst', 'verifier')
const crawler = person('crawler', 'crawler-verdict')
const url = (path: string) => `https://media.alpha.example/${path}`
const reason = 'a slip of the hand'

let directory: string
let clock: ManualClock
let engine: Engine
let mail: MailServer

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hindra-undo-'))
  clock = new ManualClock(Date.UTC(2026, 10, 2, 12))
  mail = await openMailServer()
  engine = await start()
})
afterEach(async () => {
  await engine.shutdown()
  await mail.close()
  await rm(directory, { recursive: true, force: true })
})

/** @param wrap What stands between Hindra and the relay */
function start(wrap: (transport: MailTransport) => MailTransport = (one) => one): Promise<Engine> {
  const config = configWith({
    data: directory,
    'pool.threads': 1,
    'mail.port': mail.port,
    'mail.timeoutSeconds': 5,
    'takedown.urlsPerMailMax': 1,
    'takedown.mailsPerRecipientDay': 1_000,
    'trace.registries': false,
    'trace.providers': [
      {
        name: 'Alpha',
        country: 'TV',
        abuseContact: 'abuse@alpha.example',
        networks: ['192.0.2.0/24'],
      },
    ],
    'retention.nightly': false,
  })
  return createEngine({
    config,
    dataKey: Buffer.alloc(32, 3),
    clock,
    transport: wrap(createSmtpTransport(config.mail)),
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

/** Cases of which a person must say whether they are the same, one at each URL. */
async function pending(...paths: readonly string[]): Promise<readonly string[]> {
  const media = await sceneJpeg(1, { width: 480, height: 360 })
  // Two pixels less on each side: too far for a hash to confirm, near enough to ask.
  const inner = { left: 2, top: 2, width: 476, height: 356 }
  const copy = await sharp(media).extract(inner).jpeg({ quality: 80 }).toBuffer()
  const item = await engine.stages.curation.propose(ann, { media, classification: 'Baseline' })
  await engine.stages.curation.verify(bob, { itemId: item.id })
  const ids: string[] = []
  for (const path of paths) {
    const answer = await engine
      .as(crawler)
      .sightings.submit({ url: url(path), media: new Uint8Array(copy) })
    expect(answer.verdict).toBe('review')
    ids.push(answer.caseId ?? '')
  }
  return ids
}

const decide = (id: string, decision: 'accepted' | 'rejected', calls = engine.as(bob)) =>
  calls.cases.decide({ id, decision, reason: 'looked' })
const undo = (id: string, by = bob) => engine.as(by).cases.undo({ id, reason })
const told = (path: string) =>
  mail.received.filter(({ parsed }) => (parsed.text ?? '').includes(`/${path}`)).length
const barred = { code: 'UNDO_BARRED' }

describe('what a person said of a case', () => {
  it('waits again as if it had not been said, and whoever would have been told is not', async () => {
    const [a = '', b = ''] = await pending('a.jpg', 'b.jpg')
    await decide(a, 'accepted')
    await decide(b, 'rejected')
    expect(await engine.as(bob).cases.undoable({ id: a })).toEqual({
      caseId: a,
      act: 'accepted',
      bar: null,
    })
    expect(await undo(a)).toMatchObject({ status: 'open', decision: 'pending' })
    expect(await undo(b)).toMatchObject({ status: 'open', decision: 'pending', closedReason: null })
    await engine.as(ann).notices.send()
    expect(mail.received).toEqual([])
    const shown = await engine.as(bob).cases.show({ id: b })
    expect(shown.history.map((event) => event.reason)).toEqual(
      expect.arrayContaining(['looked', reason]),
    )
    const alerts = await engine.as(ann).alerts.list({ limit: 100 })
    const ofA = alerts.filter(({ caseId }) => caseId === a).map(({ kind }) => kind)
    expect(ofA).toEqual(['review', 'opened', 'review'])
    // What was taken back can be said again, and is then told as ever.
    await decide(a, 'accepted')
    await decide(b, 'rejected')
    await engine.as(ann).notices.send()
    expect([told('a.jpg'), told('b.jpg')]).toEqual([1, 0])
  })

  it('is taken back by nobody else, not twice, and not once a letter has left', async () => {
    const [a = '', b = ''] = await pending('a.jpg', 'b.jpg')
    await expect(undo(a)).rejects.toMatchObject(barred)
    await decide(a, 'accepted')
    await expect(undo(a, ann)).rejects.toMatchObject(barred)
    await decide(b, 'rejected')
    await undo(b)
    await expect(undo(b)).rejects.toMatchObject(barred)
    await engine.as(ann).notices.send()
    expect(told('a.jpg')).toBe(1)
    await expect(undo(a)).rejects.toMatchObject(barred)
    expect(await engine.as(bob).cases.undoable({ id: a })).toMatchObject({ bar: 'left' })
    expect(await engine.as(bob).cases.show({ id: a })).toMatchObject({ decision: 'accepted' })
  })

  it('stays where a colleague works on it meanwhile, or has ended the case', async () => {
    const [a = ''] = await pending('a.jpg')
    await decide(a, 'accepted')
    await engine.as(ann).caseAssignments.take({ id: a })
    await expect(undo(a)).rejects.toMatchObject({ code: 'ASSIGNED' })
    await engine.as(ann).caseAssignments.putBack({ id: a })
    await engine.as(ann).cases.close({ id: a, reason: 'seen to' })
    await expect(undo(a)).rejects.toMatchObject(barred)
  })

  it('is undone or told, and never both, however close the two come', {
    timeout: 120_000,
  }, async () => {
    const paths = Array.from(
      { length: RACES },
      (_, index) => `race-${String(index).padStart(3, '0')}.jpg`,
    )
    const ids = await pending(...paths)
    for (const id of ids) await decide(id, 'accepted')
    const sending = engine.as(ann).notices.send()
    const undone: boolean[] = []
    for (const [index, id] of ids.toReversed().entries()) {
      // Some at once, some after the next turn: before, amid and behind the letters.
      if (index % 3 === 0) await new Promise((resolve) => setImmediate(resolve))
      try {
        await undo(id)
        undone.unshift(true)
      } catch (error) {
        expect(error).toMatchObject(barred)
        undone.unshift(false)
      }
    }
    await sending
    await engine.as(ann).notices.send()
    for (const [index, path] of paths.entries()) {
      const { decision } = await engine.stages.cases.get(ids[index] ?? '')
      expect([path, decision, told(path)]).toEqual(
        undone[index] === true ? [path, 'pending', 0] : [path, 'accepted', 1],
      )
    }
  })

  it('stays undone after a crash; and where a crash leaves open whether a letter went, nothing is', async () => {
    const [a = '', b = ''] = await pending('a.jpg', 'b.jpg')
    await decide(a, 'accepted')
    await undo(a)
    await decide(b, 'accepted')
    await engine.shutdown()
    const broken = () => Promise.reject(new Error('the line broke'))
    engine = await start((transport) => ({ ...transport, send: broken, close: () => undefined }))
    await engine.as(ann).notices.send()
    await expect(undo(b)).rejects.toMatchObject(barred)
    await engine.shutdown()
    engine = await start()
    await expect(undo(b)).rejects.toMatchObject(barred)
    await engine.as(ann).notices.send()
    expect(told('a.jpg')).toBe(0)
    expect(await engine.stages.cases.get(a)).toMatchObject({ decision: 'pending' })
  })
})

describe('an assessment', () => {
  const judged = { classification: 'Baseline', reason: 'as seen', pageItself: true } as const
  const tell = (path: string) => tipFrom(engine.as(ann), { url: url(path) })
  const assess = (path: string, tipId: string, circumstances = {}) =>
    engine.as(bob).assessments.assess({ url: url(path), tipId, ...judged, circumstances })

  it('is taken back with its case, and every tip that it answered is in the queue again', async () => {
    const tipId = await tell('new.jpg')
    const again = await tell('new.jpg')
    const { id } = await assess('new.jpg', tipId)
    const later = await tell('new.jpg')
    expect(await engine.as(ann).tips.list({ queue: 'true' })).toEqual([])
    expect(await undo(id)).toMatchObject({ status: 'closed', closedReason: reason })
    const queue = await engine.as(ann).tips.list({ queue: 'true' })
    expect(queue.map((tip) => tip.id).sort()).toEqual([tipId, again, later].sort())
    await engine.as(ann).notices.send()
    expect(mail.received).toEqual([])
    expect(await assess('new.jpg', tipId)).toMatchObject({ id, status: 'open' })
    await engine.as(ann).notices.send()
    expect(told('new.jpg')).toBe(1)
  })

  it('of a child in danger stays: whoever has duty was called', async () => {
    const { id } = await assess('live.jpg', await tell('live.jpg'), { inDangerNow: true })
    expect(await engine.as(bob).cases.undoable({ id })).toMatchObject({ bar: 'called' })
    await expect(undo(id)).rejects.toMatchObject(barred)
  })
})

describe('a tip that was dismissed', () => {
  it('waits again at its place, once, and says who dismissed it in the audit alone', async () => {
    const calls = engine.as(bob)
    const id = await tipFrom(engine.as(ann), { url: url('dull.jpg') })
    await expect(calls.tips.reopen({ id, reason })).rejects.toMatchObject({ code: 'CONFLICT' })
    await calls.tips.dismiss({ id, reason: 'the wrong one', why: 'gone' })
    const both = await Promise.allSettled([
      calls.tips.reopen({ id, reason }),
      engine.as(ann).tips.reopen({ id, reason }),
    ])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await calls.tips.list({ queue: 'true' })).toMatchObject([{ id, status: 'new' }])
    expect((await calls.tips.show({ id })).dismissed).toBeUndefined()
    const audited = await engine.as(ann).audit.list({ limit: 1_000 })
    expect(audited.filter(({ action }) => action === 'tip.reopen')).toMatchObject([
      { subject: id, detail: { reason, from: 'dismissed', to: 'new' } },
    ])
  })

  it('is known at once where a case works on its URL by now', async () => {
    const calls = engine.as(bob)
    const id = await tipFrom(engine.as(ann), { url: url('both.jpg') })
    await calls.tips.dismiss({ id, reason: 'the wrong one' })
    const judged = { classification: 'Baseline', reason: 'as seen', pageItself: true } as const
    const { id: caseId } = await calls.assessments.assess({ url: url('both.jpg'), ...judged })
    expect(await calls.tips.reopen({ id, reason })).toMatchObject({ status: 'known', caseId })
  })
})

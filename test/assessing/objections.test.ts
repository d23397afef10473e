import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { OPERATOR, type Principal, type Role } from '../../src/access/index.ts'
import { configWith } from '../../src/config.ts'
import { HOUR_MS, ManualClock } from '../../src/core/index.ts'
import { createEngine, type Engine } from '../../src/engine.ts'
import { sceneJpeg } from '../../fixtures/index.ts'
import { storedText } from '../stored-text.ts'
import { type MailServer, openMailServer } from '../takedown/mail-server.ts'
import { reply } from '../takedown/mails-back.ts'
import { ALPHA } from '../takedown/world.ts'

const DAY_MS = 24 * HOUR_MS
const WORDS = 'It is a picture of my own child.'
const auditor: Principal = {
  id: 'aud',
  pseudonym: 'aud',
  kind: 'person',
  roles: ['auditor', 'admin', 'pipeline'],
}

let directory: string
let mail: MailServer
let clock: ManualClock
let engine: Engine
let people: Record<'anna' | 'berit' | 'olga' | 'vera', Principal>

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'hindra-objections-'))
  for (const name of ['new', 'cur', 'tmp']) {
    mkdirSync(join(directory, 'mails', name), { recursive: true })
  }
  mail = await openMailServer()
  clock = new ManualClock(Date.UTC(2026, 10, 2, 8))
  engine = await start()
  people = {
    anna: await person('anna', 'analyst'),
    berit: await person('berit', 'analyst'),
    olga: await person('olga', 'officer'),
    vera: await person('vera', 'verifier', 'analyst'),
  }
})
afterEach(async () => {
  await engine.shutdown()
  await mail.close()
  rmSync(directory, { recursive: true, force: true })
})

function start(): Promise<Engine> {
  const config = configWith({
    data: directory,
    'pool.threads': 1,
    // In no hotline's country: the provider is told at once, and INTERPOL's file waits.
    'trace.providers': [{ ...ALPHA, country: 'TV' }],
    'trace.registries': false,
    'mail.port': mail.port,
    'mail.timeoutSeconds': 5,
    'mail.from': 'notices@hotline.example',
    'inbox.maildir': join(directory, 'mails'),
    'retention.caseDays': 60,
  })
  const resolver = { resolve: () => Promise.resolve([]) }
  return createEngine({ config, clock, dataKey: Buffer.alloc(32, 4), resolver })
}

async function restarted(): Promise<void> {
  await engine.shutdown()
  engine = await start()
}

async function person(pseudonym: string, ...roles: readonly Role[]): Promise<Principal> {
  const named = { name: `The person ${pseudonym}`, pseudonym, kind: 'person' as const, roles }
  const { id } = await engine.as(OPERATOR).people.add(named)
  return { id, pseudonym, kind: 'person', roles: [...roles] }
}

async function machine(pseudonym: string, owner: Principal): Promise<Principal> {
  const roles = ['analyst'] as const
  const named = { name: pseudonym, pseudonym, kind: 'machine' as const, roles, owner: owner.id }
  const { id } = await engine.as(OPERATOR).people.add(named)
  return { id, pseudonym, kind: 'machine', roles: [...roles] }
}

/** A case that somebody assessed, of which its host was told. */
async function toldCase(by: Principal, path = '1.jpg'): Promise<string> {
  const url = `https://media.alpha.example/${path}`
  const assessed = { url, classification: 'Baseline', reason: 'as seen' } as const
  const { id } = await engine.as(by).assessments.assess(assessed)
  await engine.runDue()
  return id
}

async function objected(caseId: string, more: object = {}): Promise<string> {
  const given = { objector: 'uploader', way: 'phone', words: WORDS, caseId, ...more } as const
  return (await engine.as(people.olga).objections.add(given)).id
}

const decide = (by: Principal, id: string, decision: 'upheld' | 'rejected' = 'rejected') =>
  engine.as(by).objections.decide({
    id,
    decision,
    reason: 'It was looked at again.',
    ...(decision === 'upheld' ? { takeBack: 'not-the-same' } : {}),
  })
const refusalOf = (answer: Promise<unknown>) =>
  answer.then(
    () => undefined,
    (error: unknown) => error as { code: string; message: string },
  )
const subjects = () => mail.received.map(({ parsed }) => parsed.subject ?? '')
const mailed = (word: RegExp) => subjects().filter((subject) => word.test(subject)).length

describe('an objection whose time is over', () => {
  it('is late until it is decided, and so is an answer that nobody tells', async () => {
    const id = await objected(await toldCase(people.anna))
    const late = async () => (await engine.stages.watch.health()).late
    expect(await late()).toEqual({ objections: 0, assessments: 0, errands: 0 })
    const { decideBy } = await engine.as(people.anna).objections.show({ id })
    clock.advance(Date.parse(decideBy) - clock.now())
    expect(await late()).toMatchObject({ objections: 1 })
    const { errands } = (await late()) ?? { errands: -1 }
    await decide(people.berit, id)
    expect(await late()).toMatchObject({ objections: 0, errands })
    const waiting = await engine.as(people.olga).waiting.list({})
    expect(waiting.map(({ kind }) => kind)).toContain('answer')
    clock.advance(4 * DAY_MS)
    expect(await late()).toMatchObject({ objections: 0, errands: waiting.length })
  })
})

describe('who decides on an objection', () => {
  it('is not whoever assessed what it is against, who is told who can', async () => {
    const id = await objected(await toldCase(people.anna))
    const refusal = await refusalOf(decide(people.anna, id))
    expect(refusal?.code).toBe('SAME_PERSON')
    expect(refusal?.message).toMatch(/berit, olga, vera can$/)
    expect((await engine.as(people.anna).objections.show({ id })).mayDecide).toEqual([
      'berit',
      'olga',
      'vera',
    ])
    expect(mailed(/invändning|objection/i)).toBe(0)
    expect(await decide(people.berit, id)).toMatchObject({
      objection: { state: 'rejected', decidedBy: people.berit.id },
      caseStatus: 'in-progress',
      standingItem: null,
    })
  })

  it('is neither they by a machine of theirs, nor whoever owns the machine that assessed', async () => {
    const robot = await machine('anna-robot', people.anna)
    const id = await objected(await toldCase(robot))
    expect(await refusalOf(decide(people.anna, id))).toMatchObject({ code: 'SAME_PERSON' })
    expect(await refusalOf(decide(robot, id))).toMatchObject({ code: 'FORBIDDEN' })
    const beritRobot = await machine('berit-robot', people.berit)
    expect(await refusalOf(decide(beritRobot, id))).toMatchObject({ code: 'FORBIDDEN' })
    await decide(people.berit, id)
  })

  it('is nobody who proposed, verified, decided on the match, or told it by hand', async () => {
    const scene = await sceneJpeg(1, { width: 480, height: 360 })
    const media = () => new Uint8Array(scene)
    const { curation } = engine.stages
    const item = await curation.propose(people.anna, { media: media(), classification: 'Baseline' })
    await curation.verify(people.vera, { itemId: item.id })
    const url = 'https://media.alpha.example/2.jpg'
    const crawler: Principal = { ...auditor, id: 'crawl', roles: ['crawler-verdict'] }
    const { caseId = '' } = await engine.as(crawler).sightings.submit({ url, media: media() })
    await engine.runDue()
    const byHand = (await engine.as(people.olga).notices.list({ caseId })).find(
      ({ state }) => state === 'queued',
    )
    await engine.as(people.olga).notices.markTold({ id: byHand?.id ?? '' })
    const id = await objected(caseId)
    for (const by of [people.anna, people.vera, people.olga]) {
      expect([by.pseudonym, (await refusalOf(decide(by, id)))?.code]).toEqual([
        by.pseudonym,
        'SAME_PERSON',
      ])
    }
    expect(await decide(people.berit, id, 'upheld')).toMatchObject({
      caseStatus: 'retracted',
      standingItem: item.id,
    })
  })

  it('is a question that says what to do where the house has nobody left', async () => {
    const id = await objected(await toldCase(people.anna))
    for (const { id: gone } of [people.berit, people.olga, people.vera]) {
      await engine.as(OPERATOR).people.deactivate({ id: gone })
    }
    const refusal = await refusalOf(decide(people.anna, id))
    expect(refusal).toMatchObject({ code: 'SAME_PERSON' })
    expect(refusal?.message).toContain('nobody else in this house can: give the role analyst')
    expect(refusal?.message).toContain('hindra people add')
    const carla = await person('carla', 'analyst')
    expect((await decide(carla, id)).objection.state).toBe('rejected')
  })

  it.each(['verifier', 'auditor', 'intake'] as const)('is no %s', async (role) => {
    const id = await objected(await toldCase(people.anna))
    const other = await person(`a-${role}`, role)
    expect(await refusalOf(decide(other, id))).toMatchObject({ code: 'FORBIDDEN' })
  })
})

describe('an objection that is upheld', () => {
  it('ends the case, corrects whoever was told, and answers in Swedish, each once', async () => {
    const caseId = await toldCase(people.anna)
    const id = await objected(caseId, { contact: 'eva@uploader.example', language: 'sv' })
    await decide(people.berit, id, 'upheld')
    await engine.runDue()
    await engine.runDue()
    const entry = await engine.as(people.anna).cases.show({ id: caseId })
    expect(entry).toMatchObject({ status: 'retracted', takenBack: 'not-the-same' })
    expect(mailed(/Correction|Rättelse/)).toBe(1)
    expect(mailed(/Er invändning bifalls/)).toBe(1)
    const { letter } = await engine.as(people.anna).objections.show({ id })
    expect(letter?.body.replace(/\s+/g, ' ')).toContain('får veta att den var fel')
    expect(await refusalOf(decide(people.berit, id, 'upheld'))).toMatchObject({ code: 'CONFLICT' })
    expect(await refusalOf(decide(people.vera, id))).toMatchObject({ code: 'CONFLICT' })
  })

  it('is decided by one of two who decide at once, and answered once', async () => {
    const caseId = await toldCase(people.anna)
    const id = await objected(caseId, { contact: 'eva@uploader.example' })
    const both = await Promise.allSettled([
      decide(people.berit, id, 'upheld'),
      decide(people.vera, id, 'rejected'),
    ])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const lost = both.find((one) => one.status === 'rejected')
    expect(lost).toMatchObject({ reason: { code: 'CONFLICT' } })
    await engine.runDue()
    expect(mailed(/objection/i)).toBe(1)
  })

  it('after another took the case back is answered, and corrects nobody twice', async () => {
    const caseId = await toldCase(people.anna)
    const first = await objected(caseId, { contact: 'eva@uploader.example' })
    const second = await objected(caseId, { contact: 'ulf@uploader.example' })
    await decide(people.berit, first, 'upheld')
    await engine.runDue()
    expect(await decide(people.vera, second, 'upheld')).toMatchObject({ caseStatus: 'retracted' })
    await engine.runDue()
    expect(mailed(/Correction|Rättelse/)).toBe(1)
    expect(mailed(/Your objection is upheld/)).toBe(2)
  })

  it('says why the case falls, and only then', async () => {
    const id = await objected(await toldCase(people.anna))
    const reason = 'It was looked at again.'
    const calls = engine.as(people.berit).objections
    for (const said of [
      { decision: 'upheld' },
      { decision: 'rejected', takeBack: 'not-illegal' },
    ] as const) {
      expect(await refusalOf(calls.decide({ id, reason, ...said }))).toMatchObject({
        code: 'INVALID_INPUT',
        field: 'takeBack',
      })
    }
    expect(await refusalOf(calls.decide({ id, reason: ' ', decision: 'rejected' }))).toMatchObject({
      code: 'INVALID_INPUT',
    })
    expect((await calls.show({ id })).state).toBe('open')
  })
})

describe('a reply of a host', () => {
  it('becomes an objection once a person marks it, and once only', async () => {
    const caseId = await toldCase(people.anna)
    const [letter] = mail.received
    const headers = [`In-Reply-To: ${letter?.parsed.messageId ?? ''}`]
    const raw = reply('notices@hotline.example', headers, ['This is a film that we sell.'])
    writeFileSync(join(directory, 'mails', 'new', randomUUID()), raw.join('\r\n'))
    clock.advance(HOUR_MS)
    await engine.runDue()
    const [notice] = await engine.as(people.anna).notices.list({ caseId })
    const { replies } = await engine.as(people.anna).notices.show({ id: notice?.id ?? '' })
    expect(await engine.as(people.anna).objections.list({})).toEqual([])
    clock.advance(5 * HOUR_MS)
    const marked = {
      noticeId: notice?.id ?? '',
      replyId: replies[0]?.id ?? '',
      objector: 'host',
    } as const
    const added = await engine.as(people.anna).objections.add(marked)
    expect(added).toMatchObject({
      caseId,
      way: 'mail',
      receivedAt: replies[0]?.at,
      contact: 'abuse@alpha.example',
    })
    expect(added.words).toContain('This is a film that we sell.')
    expect(await refusalOf(engine.as(people.berit).objections.add(marked))).toMatchObject({
      code: 'CONFLICT',
    })
  })
})

describe('an objection on the disk', () => {
  it('is answered once where Hindra dies between the decision and the mail', async () => {
    const caseId = await toldCase(people.anna)
    const id = await objected(caseId, { contact: 'eva@uploader.example' })
    await decide(people.berit, id)
    await restarted()
    expect(await engine.runDue()).toMatchObject({ objectionsAnswered: 1 })
    await restarted()
    expect(await engine.runDue()).toMatchObject({ objectionsAnswered: 0 })
    expect(mailed(/objection/i)).toBe(1)
  })

  it('is sealed, keeps its case while it is open, and goes with it', async () => {
    const caseId = await toldCase(people.anna)
    const id = await objected(caseId, { contact: 'eva@uploader.example' })
    await engine.as(people.anna).cases.close({ id: caseId, reason: 'gone' })
    clock.advance(90 * DAY_MS)
    await engine.as(auditor).retention.apply()
    expect((await engine.as(people.anna).objections.show({ id })).isOverdue).toBe(true)
    await decide(people.berit, id)
    await engine.runDue()
    await engine.shutdown()
    expect(storedText(directory)).not.toMatch(/my own child|eva@uploader|looked at again/)
    engine = await start()
    clock.advance(90 * DAY_MS)
    await engine.as(auditor).retention.apply()
    expect(await engine.as(people.anna).objections.list({})).toEqual([])
    expect(await refusalOf(engine.as(people.anna).objections.show({ id }))).toMatchObject({
      code: 'NOT_FOUND',
    })
    expect(await refusalOf(objected(caseId))).toMatchObject({ code: 'NOT_FOUND' })
  })

  it('is in the audit by who did what, without a word of it', async () => {
    const id = await objected(await toldCase(people.anna), { contact: 'eva@uploader.example' })
    await decide(people.berit, id)
    await engine.runDue()
    const entries = await engine.as(auditor).audit.list({})
    const ofIt = entries.filter(({ subject }) => subject === id)
    expect(ofIt.map(({ action, by }) => [action, by])).toEqual([
      ['objection.add', people.olga.id],
      ['objection.rejected', people.berit.id],
      ['objection-letter.queue', people.berit.id],
      ['objection-letter.told', 'hindra'],
    ])
    expect(JSON.stringify(entries)).not.toMatch(/my own child|eva@uploader|looked at again/)
  })
})

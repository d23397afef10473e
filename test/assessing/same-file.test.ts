import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import type { LocalCalls } from '../../src/operations/index.ts'
import { type Host, httpHost } from '../intake/hosts.ts'
import { type Desk, openDesk, tipFrom } from './desk.ts'

let host: Host
let desk: Desk
let ann: LocalCalls
let bo: LocalCalls
let vera: LocalCalls
/** What the host has at each path now. */
const at = new Map<string, Buffer>()
const pictures: Buffer[] = []
let made = 0
const said = { classification: 'Baseline', reason: 'as seen' } as const

beforeAll(async () => {
  for (const seed of [51, 52, 53]) pictures.push(await sceneJpeg(seed, { width: 160, height: 120 }))
  host = await httpHost((request, response) => {
    const bytes = at.get(request.url ?? '')
    const isPage = request.url?.startsWith('/page') === true
    response.statusCode = bytes === undefined ? 404 : 200
    response.setHeader('content-type', isPage ? 'text/html' : 'image/jpeg')
    response.end(bytes)
  })
  desk = await openDesk({
    'fetch.allowNetworks': ['127.0.0.0/8'],
    'fetch.allowPorts': [host.port],
    'batches.assessMax': 30,
  })
  ann = await desk.person('A-1', 'analyst')
  bo = await desk.person('B-2', 'analyst')
  vera = await desk.person('V-3', 'verifier', 'analyst')
})
afterAll(async () => {
  await desk.close()
  await host.close()
})
beforeEach(() => {
  made += 1
})

/** A URL of this test alone, at which the host shows one of the pictures. */
function shows(name: string, picture: number): string {
  const path = `/${made}/${name}.jpg`
  at.set(path, pictures[picture] ?? Buffer.of())
  return host.origin + path
}

function pathOf(url: string): string {
  return url.slice(host.origin.length)
}

/** Tips on as many URLs that show one picture, at which Hindra has looked. */
async function seen(count: number, picture: number): Promise<string[]> {
  const ids: string[] = []
  for (let number = 0; number < count; number += 1) {
    const id = await tipFrom(ann, { url: shows(`${picture}-${number}`, picture) })
    expect(await ann.tips.look({ id })).toMatchObject({ shows: 'file', verdict: 'none' })
    ids.push(id)
  }
  return ids
}

async function statusesOf(ids: readonly string[]): Promise<readonly string[]> {
  return Promise.all(ids.map(async (id) => (await ann.tips.show({ id })).status))
}

const casesNow = async () => (await ann.cases.list({ limit: 1_000 })).length

describe('one word on one file that many tips show', () => {
  it('opens a case each, once the number was said, and each entry names the batch', async () => {
    const ids = await seen(4, 0)
    const [first = ''] = ids
    const query = { alike: first, status: 'new' } as const
    expect(await ann.tips.list(query)).toHaveLength(4)
    const before = await casesNow()
    const tried = await ann.assessments.assessMany({ query, said, dryRun: true })
    expect(tried).toMatchObject({ found: 4, leftOut: [] })
    expect(await casesNow()).toBe(before)
    const done = await ann.assessments.assessMany({ query, said, count: 4 })
    expect(done).toMatchObject({ state: 'done', done: 4, leftOut: [] })
    expect(await statusesOf(ids)).toEqual(ids.map(() => 'assessed'))
    const opened = (await desk.audit('case.open')).slice(-4)
    expect(opened.map(({ detail }) => detail['batch'])).toEqual(ids.map(() => done.batchId))
    const remembered = (await desk.audit('case.remember')).slice(-4)
    expect(remembered.map(({ subject }) => subject)).toEqual(opened.map(({ subject }) => subject))
    // Nothing twice: the number is that of none now.
    await expect(ann.assessments.assessMany({ query, said, count: 4 })).rejects.toMatchObject({
      code: 'CONFLICT',
    })
    expect(await casesNow()).toBe(before + 4)
  })

  it('is refused as a whole where one shows something else, which is named', async () => {
    const ids = await seen(3, 1)
    const [stranger = ''] = await seen(1, 2)
    const all = [...ids, stranger]
    const before = await casesNow()
    for (const how of [{ dryRun: true }, { count: 4 }]) {
      await expect(ann.assessments.assessMany({ ids: all, said, ...how })).rejects.toMatchObject({
        code: 'EVIDENCE_DIFFERS',
        message: expect.stringMatching(new RegExp(`^1 of 4 [^:]*: ${stranger}$`)) as string,
      })
    }
    expect(await statusesOf(all)).toEqual(all.map(() => 'new'))
    expect(await casesNow()).toBe(before)
  })

  it('takes no sender’s word for what is at a URL', async () => {
    const [known = ''] = await seen(1, 0)
    const value = createHash('sha256')
      .update(pictures[0] ?? '')
      .digest('hex')
    const claimed = await tipFrom(ann, {
      url: shows('claimed', 2),
      hashes: [{ type: 'sha256', value }],
    })
    const ids = [known, claimed]
    await expect(ann.assessments.assessMany({ ids, said, dryRun: true })).rejects.toMatchObject({
      code: 'NOT_LOOKED_AT',
      message: expect.stringContaining(claimed) as string,
      remedy: expect.stringContaining('hindra tips look') as string,
    })
    expect((await ann.tips.list({ alike: known })).map(({ id }) => id)).not.toContain(claimed)
    await ann.tips.look({ id: claimed })
    await expect(ann.assessments.assessMany({ ids, said, count: 2 })).rejects.toMatchObject({
      code: 'EVIDENCE_DIFFERS',
    })
  })

  it('leaves out what its host shows otherwise by then, and judges it in no way', async () => {
    const ids = await seen(3, 0)
    const [, swapped = '', gone = ''] = ids
    const before = await casesNow()
    at.set(pathOf((await ann.tips.show({ id: swapped })).url ?? ''), pictures[2] ?? Buffer.of())
    at.delete(pathOf((await ann.tips.show({ id: gone })).url ?? ''))
    const done = await ann.assessments.assessMany({ ids, said, count: 3 })
    expect(done).toMatchObject({
      done: 1,
      leftOut: [
        { id: swapped, code: 'CONFLICT' },
        { id: gone, code: 'CONFLICT' },
      ],
    })
    expect(await statusesOf([swapped, gone])).toEqual(['new', 'new'])
    expect(await casesNow()).toBe(before + 1)
  })

  it('is refused where somebody judged one in between, and passes by what a colleague holds', async () => {
    const ids = await seen(3, 0)
    const [first = '', second = '', third = ''] = ids
    const query = { alike: first, status: 'new' } as const
    const { found } = await ann.assessments.assessMany({ query, said, dryRun: true })
    await bo.tips.dismiss({ id: third, reason: 'a colleague was quicker' })
    await expect(ann.assessments.assessMany({ query, said, count: found })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('1 fewer than') as string,
    })
    await bo.tipAssignments.take({ id: second })
    await expect(ann.tips.look({ id: second })).rejects.toMatchObject({ code: 'ASSIGNED' })
    const named = { ids: [first, second, third], said, count: 3 }
    expect(await ann.assessments.assessMany(named)).toMatchObject({
      done: 1,
      leftOut: [
        { id: second, code: 'ASSIGNED' },
        { id: third, code: 'CONFLICT' },
      ],
    })
    expect(await statusesOf(ids)).toEqual(['assessed', 'new', 'dismissed'])
  })

  it('goes on where it broke off, on the file that it began with', async () => {
    const ids = await seen(15, 1)
    const named = { ids, said, count: 15 }
    expect(await ann.assessments.assessMany(named)).toMatchObject({ state: 'running', done: 10 })
    // Between the calls, as after a crash, one of those that are left is looked at anew.
    const [left = ''] = ids.slice(-1)
    at.set(pathOf((await ann.tips.show({ id: left })).url ?? ''), pictures[2] ?? Buffer.of())
    await ann.tips.look({ id: left })
    expect(await ann.assessments.assessMany(named)).toMatchObject({
      state: 'done',
      done: 14,
      leftOut: [{ id: left }],
    })
    expect((await desk.audit('tip.assessed')).slice(-14).map(({ subject }) => subject)).toEqual(
      ids.slice(0, -1),
    )
  })

  it('asks what one assessment asks, and is nobody’s but an analyst’s', async () => {
    const ids = await seen(2, 0)
    const answers = { nothing: 'asked' }
    const wrong = { ids, said: { ...said, answers }, dryRun: true }
    expect(await ann.assessments.assessMany(wrong)).toMatchObject({
      leftOut: [{ code: 'INVALID_INPUT' }, { code: 'INVALID_INPUT' }],
    })
    const officer = await desk.person(`O-${made}`, 'officer')
    await expect(officer.assessments.assessMany({ ids, said, count: 2 })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    })
    await expect(
      ann.assessments.assessMany({
        ids: [...ids, ...Array.from({ length: 30 }, (_, n) => `tip-${n}`)],
        said,
        dryRun: true,
      }),
    ).rejects.toMatchObject({ message: expect.stringContaining('batches.assessMax') as string })
  })

  it('groups nothing but single files: a page is judged by itself', async () => {
    const picture = shows('shown', 0)
    at.set('/page', Buffer.from(`<!doctype html><img src="${picture}">`))
    const page = await tipFrom(ann, { url: `${host.origin}/page` })
    expect(await ann.tips.look({ id: page })).toMatchObject({ shows: 'page', alike: 0 })
    const [direct = ''] = await seen(1, 0)
    await expect(
      ann.assessments.assessMany({ ids: [direct, page], said, dryRun: true }),
    ).rejects.toMatchObject({ code: 'NOT_LOOKED_AT' })
    const words = await tipFrom(ann, { words: 'seen in an app', category: 'other' })
    await expect(ann.tips.look({ id: words })).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  it('dismisses what shows one file as well, and lists the files that many show', async () => {
    const placeholder = await sceneJpeg(90 + made, { width: 64, height: 64 })
    pictures.push(placeholder)
    const ids = await seen(3, pictures.length - 1)
    const groups = await ann.tips.groups()
    expect(groups.find(({ first }) => first === ids[0])?.tipIds).toEqual(ids)
    const query = { alike: ids[0] ?? '', status: 'new' } as const
    const reason = { reason: 'the sign of the host that it was removed' }
    expect(await ann.tips.dismissMany({ query, said: reason, count: 3 })).toMatchObject({ done: 3 })
    expect(await statusesOf(ids)).toEqual(ids.map(() => 'dismissed'))
  })
})

describe('one decision on many cases', () => {
  /** Cases that wait, of a proposed item that was seen at so many URLs. */
  async function waiting(count: number, picture: number, media?: Buffer): Promise<string[]> {
    const by = { id: 'crawler', pseudonym: 'C', kind: 'machine', roles: ['analyst'] } as const
    const ids: string[] = []
    for (let number = 0; number < count; number += 1) {
      const url = shows(`seen-${picture}-${number}${media === undefined ? '' : '-media'}`, picture)
      const sighting = media === undefined ? { url } : { url, media: new Uint8Array(media) }
      const answer = await desk.engine.stages.seeing.sightings.submit(by, sighting)
      expect(answer.verdict).toBe('review')
      ids.push(answer.caseId ?? '')
    }
    return ids
  }

  const decided = { decision: 'rejected', reason: 'looked at: it is not that child' } as const

  beforeAll(async () => {
    for (const seed of [71, 72]) {
      const picture = await sceneJpeg(seed, { width: 320, height: 240 })
      pictures[seed] = picture
      await vera.items.propose({ media: picture.toString('base64'), classification: 'Baseline' })
    }
  })

  it('is one word on one file: what waits for it is found, and each entry names the batch', async () => {
    const ids = await waiting(3, 71)
    const query = { alike: ids[0] ?? '' }
    expect(await ann.cases.decideMany({ query, said: decided, dryRun: true })).toMatchObject({
      found: 3,
      leftOut: [],
    })
    const done = await ann.cases.decideMany({ query, said: decided, count: 3 })
    expect(done).toMatchObject({ state: 'done', done: 3 })
    for (const id of ids) expect(await ann.cases.show({ id })).toMatchObject({ status: 'closed' })
    const entries = (await desk.audit('case.decide')).slice(-3)
    expect(entries.map(({ subject, detail }) => [subject, detail['batch']])).toEqual(
      ids.map((id) => [id, done.batchId]),
    )
  })

  it('is refused as a whole where one case stands on other bytes, or on what a client handed in', async () => {
    const ids = await waiting(2, 71)
    const [stranger = ''] = await waiting(1, 72)
    const slipped = { ids: [...ids, stranger], said: decided }
    for (const how of [{ dryRun: true }, { count: 3 }]) {
      await expect(ann.cases.decideMany({ ...slipped, ...how })).rejects.toMatchObject({
        code: 'EVIDENCE_DIFFERS',
        message: expect.stringContaining(stranger) as string,
      })
    }
    // The bytes are those of the others, and nobody but the client says that its URL shows them.
    const [handed = ''] = await waiting(1, 0, pictures[71])
    const claimed = { ids: [...ids, handed], said: decided, count: 3 }
    await expect(ann.cases.decideMany(claimed)).rejects.toMatchObject({
      code: 'NOT_LOOKED_AT',
      message: expect.stringContaining(handed) as string,
    })
    const { found } = await ann.cases.decideMany({
      query: { alike: ids[0] ?? '' },
      said: decided,
      dryRun: true,
    })
    expect(found).toBe(2)
    for (const id of [...ids, stranger, handed]) {
      expect(await ann.cases.show({ id })).toMatchObject({ decision: 'pending' })
    }
  })

  it('takes what a client handed in once Hindra itself was shown the same bytes there', async () => {
    const ids = await waiting(1, 71)
    const [handed = ''] = await waiting(1, 71, pictures[71])
    const both = { ids: [...ids, handed], said: decided }
    await expect(ann.cases.decideMany({ ...both, dryRun: true })).rejects.toMatchObject({
      code: 'NOT_LOOKED_AT',
      message: expect.stringContaining(handed) as string,
    })
    const looked = await desk.engine.stages.recheck.runCase('hindra', handed)
    expect(looked).toMatchObject({ outcome: 'present', cause: 'same-file' })
    expect(await ann.cases.decideMany({ ...both, count: 2 })).toMatchObject({ done: 2 })
  })

  it('leaves out what a colleague works on, or has decided', async () => {
    const ids = await waiting(3, 72)
    const [a = '', b = '', c = ''] = ids
    await bo.caseAssignments.take({ id: a })
    await bo.cases.decide({ id: b, decision: 'accepted', reason: 'a colleague' })
    expect(await ann.cases.decideMany({ ids, said: decided, count: 3 })).toMatchObject({
      done: 1,
      leftOut: [
        { id: a, code: 'ASSIGNED' },
        { id: b, code: 'CASE_STATE' },
      ],
    })
    expect(await ann.cases.show({ id: c })).toMatchObject({ status: 'closed' })
    expect(await ann.cases.show({ id: b })).toMatchObject({ decision: 'accepted' })
  })
})

describe('taking many, and putting them back', () => {
  it('is by a number, too, and gives back what is one’s own alone', async () => {
    const ids = await seen(3, 0)
    await bo.tipAssignments.take({ id: ids[0] ?? '' })
    const query = { alike: ids[0] ?? '', status: 'new' } as const
    const cy = await desk.person(`C-${made}`, 'analyst')
    const open = await ann.cases.list({ status: 'open', limit: 1 })
    await cy.caseAssignments.take({ id: open[0]?.id ?? '' })
    const { found } = await cy.tipAssignments.takeMany({ query, said: {}, dryRun: true })
    const taken = await cy.tipAssignments.takeMany({ query, said: {}, count: found })
    expect(taken.leftOut.every(({ code }) => code === 'ASSIGNED')).toBe(true)
    expect(taken.leftOut.map(({ id }) => id)).toContain(ids[0])
    expect(taken.done).toBe(found - taken.leftOut.length)
    const mine = { query: { mine: 'true' }, said: {} } as const
    const back = await cy.tipAssignments.putBackMany({ ...mine, count: taken.done })
    expect(back).toMatchObject({ done: taken.done, leftOut: [] })
    expect(await cy.assignments.list({ mine: 'true' })).toMatchObject([{ kind: 'case' }])
    expect(await cy.caseAssignments.putBackMany({ ...mine, count: 1 })).toMatchObject({ done: 1 })
    const notMine = { ids: [ids[0] ?? ''], said: {}, count: 1 }
    expect(await cy.tipAssignments.putBackMany(notMine)).toMatchObject({
      done: 0,
      leftOut: [{ code: 'CONFLICT' }],
    })
  })

  it('takes cases that the filters of the list find', async () => {
    const query = { status: 'open', decision: 'not-needed' } as const
    const dan = await desk.person(`D-${made}`, 'analyst')
    const { found, leftOut } = await dan.caseAssignments.takeMany({ query, said: {}, dryRun: true })
    const done = await dan.caseAssignments.takeMany({ query, said: {}, count: found })
    expect(done.done).toBe(found - leftOut.length)
    expect(done.done).toBeGreaterThan(0)
  })
})

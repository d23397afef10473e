import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sceneJpeg, transforms } from '../../fixtures/index.ts'
import { HOUR_MS, isoTime, SeededRandom } from '../../src/core/index.ts'
import type { LocalCalls } from '../../src/operations/index.ts'
import { type Desk, openDesk } from '../assessing/desk.ts'
import { ALPHA } from '../takedown/world.ts'
import { solved } from './house.ts'

const DAY_MS = 24 * HOUR_MS
const OF_A_REQUEST = { aboutMe: true, words: 'Det är jag på bilden', category: 'other' } as const

let desk: Desk
let page: LocalCalls
let ann: LocalCalls
let bob: LocalCalls

beforeAll(async () => {
  desk = await openDesk({
    'tipline.workBits': 8,
    'tipline.ownRequestsPerDay': 3,
    'trace.providers': [{ ...ALPHA, country: 'TV' }],
    'mail.port': 1,
  })
  page = await desk.person('page', 'reporter')
  ann = await desk.person('ann', 'analyst', 'officer', 'exchange', 'hma-curator')
  bob = await desk.person('bob', 'verifier')
})
afterAll(() => desk.close())
beforeEach(() => {
  // Each on a day of its own.
  desk.clock.advance(DAY_MS)
})

/** What a browser makes of a file, which stays with it. */
async function hashesOf(media: Uint8Array) {
  const { views } = await desk.engine.stages.pool.fingerprint(media, {})
  const [whole] = views
  const sha256 = createHash('sha256').update(media).digest('hex')
  return [
    { type: 'pdq', value: whole?.pdq ?? '', quality: whole?.quality ?? 0 },
    { type: 'sha256', value: sha256 },
  ] as const
}

async function ask(...pictures: Uint8Array[]) {
  const { receipt } = await page.tipline.tell({
    ...OF_A_REQUEST,
    pictures: await Promise.all(pictures.map(hashesOf)),
    work: solved(await page.tipline.challenge()),
  })
  const [newest] = (await ann.tips.list({ limit: 1_000 })).slice(-1)
  return { receipt, tipId: newest?.id ?? '' }
}

const verdictOf = async (media: Uint8Array) =>
  (await ann.sightings.scan({ url: 'https://seen.example/x.jpg', media })).verdict
const HOST = 'https://media.alpha.example'
const seenAt = (name: string, media: Uint8Array) =>
  ann.sightings.submit({ url: `${HOST}/${name}`, media })
const casesAt = async (name: string) =>
  (await ann.cases.list({ limit: 1_000 })).filter(({ url }) => url === `${HOST}/${name}`)
/** Notices of what was seen there, once all that is due is done. */
async function noticesAt(name: string) {
  await desk.engine.runDue()
  const found = []
  for (const { id } of await casesAt(name)) found.push(...(await ann.notices.list({ caseId: id })))
  return found
}
const look = (receipt: string) => page.tipline.look({ receipt })
const waiting = async (kind: string) =>
  (await ann.waiting.list({})).filter((errand) => errand.kind === kind)

const base64 = (media: Uint8Array) => Buffer.from(media).toString('base64')

async function register(media: Uint8Array): Promise<string> {
  const { id } = await ann.items.propose({ media: base64(media), classification: 'Baseline' })
  await bob.items.verify({ id })
  return id
}

describe('a child that asks for pictures of itself', () => {
  it('stands first, and its picture is looked for once a person has accepted, as a review alone', async () => {
    const picture = await sceneJpeg(21)
    const { receipt, tipId } = await ask(picture)
    expect((await ann.tips.list({ queue: 'true' }))[0]).toMatchObject({
      id: tipId,
      ownRequest: true,
      place: { lane: 'own-request' },
    })
    expect((await waiting('own-request')).filter(({ about }) => about === tipId)).toMatchObject([
      { urgent: true },
    ])
    expect(await verdictOf(picture)).toBe('none')
    expect(await look(receipt)).toMatchObject({ state: 'own-received', canWithdraw: true })

    expect(await ann.ownRequests.accept({ id: tipId })).toMatchObject({
      state: 'accepted',
      pictures: 1,
      entered: 1,
      until: isoTime(desk.clock.now() + 180 * DAY_MS),
    })
    expect((await waiting('own-request')).map(({ about }) => about)).not.toContain(tipId)
    expect(await verdictOf(picture)).toBe('review')
    const answer = await seenAt('a.jpg', picture)
    expect(answer).toMatchObject({ verdict: 'review' })
    const [entry] = await casesAt('a.jpg')
    expect(entry).toMatchObject({ decision: 'pending', verdict: 'review' })
    expect(await noticesAt('a.jpg')).toEqual([])
    await ann.cases.decide({ id: entry?.id ?? '', decision: 'accepted', reason: 'it is the child' })
    // A person's word on the case alone sends nothing: what leaves needs the picture assessed or registered.
    expect(await noticesAt('a.jpg')).toEqual([])
    expect(await look(receipt)).toMatchObject({ state: 'own-accepted' })
  })

  it('is verified, vetted, exported, fed and changed by nobody', async () => {
    const { tipId } = await ask(await sceneJpeg(22))
    await ann.ownRequests.accept({ id: tipId })
    const list = 'own-requests'
    const [item] = await ann.items.list({ list })
    const conflict = { code: 'CONFLICT' }
    await expect(bob.items.verify({ id: item?.id ?? '' })).rejects.toMatchObject(conflict)
    await expect(ann.listExports.begin({ list, reason: 'x' })).rejects.toMatchObject(conflict)
    await expect(ann.lists.vet({ name: list, reason: 'x' })).rejects.toMatchObject(conflict)
    await expect(
      ann.lists.change({ name: list, reason: 'x', reviewOnly: [] }),
    ).rejects.toMatchObject(conflict)
    const digest = '0'.repeat(64)
    await expect(
      ann.imports.begin({ list, format: 'hindra', digest, dryRun: false }),
    ).rejects.toMatchObject(conflict)
    const media = base64(await sceneJpeg(23))
    await expect(
      ann.items.propose({ media, classification: 'Baseline', list }),
    ).rejects.toMatchObject(conflict)
    expect(await ann.lists.show({ name: list })).toMatchObject({
      vettedBy: [],
      keepsFeatures: false,
    })
  })

  it('changes its mind by the receipt, and nothing of the picture is left', async () => {
    const picture = await sceneJpeg(24)
    const { receipt, tipId } = await ask(picture)
    await ann.ownRequests.accept({ id: tipId })
    await seenAt('b.jpg', picture)
    const view = await page.tipline.withdraw({ receipt })
    expect(view).toMatchObject({ state: 'own-withdrawn', canWithdraw: false })
    expect(await verdictOf(picture)).toBe('none')
    expect(await casesAt('b.jpg')).toMatchObject([{ status: 'retracted' }])
    expect((await waiting('tip-message')).map(({ about }) => about)).toContain(tipId)
    await expect(page.tipline.withdraw({ receipt })).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(ann.ownRequests.accept({ id: tipId })).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  it('is declined by a person, before and after', async () => {
    const picture = await sceneJpeg(25)
    const { receipt, tipId } = await ask(picture)
    await ann.ownRequests.decline({ id: tipId, reason: 'a landscape' })
    expect(await look(receipt)).toMatchObject({ state: 'own-declined' })
    const again = await ask(picture)
    await ann.ownRequests.accept({ id: again.tipId })
    expect(await verdictOf(picture)).toBe('review')
    await ann.ownRequests.decline({ id: again.tipId, reason: 'it is not the child' })
    expect(await verdictOf(picture)).toBe('none')
    // Nothing hung on it: the register does not remember it either.
    const held = await ann.items.list({ list: 'own-requests', limit: 1_000 })
    const tips = held.flatMap(({ entries }) => entries.map((entry) => entry.tipId))
    expect(tips).not.toContain(again.tipId)
  })

  it('is over when its time is, which no person need see to', async () => {
    const picture = await sceneJpeg(26)
    const { receipt, tipId } = await ask(picture)
    await ann.ownRequests.accept({ id: tipId })
    desk.clock.advance(179 * DAY_MS)
    await desk.engine.runDue()
    expect(await look(receipt)).toMatchObject({ state: 'own-accepted' })
    desk.clock.advance(DAY_MS)
    await desk.engine.runDue()
    expect(await look(receipt)).toMatchObject({ state: 'own-ended' })
    expect(await verdictOf(picture)).toBe('none')
    const ended = await ann.ownRequests.list({ state: 'ended', limit: 1_000 })
    expect(ended.find((request) => request.tipId === tipId)).toMatchObject({ until: null })
  })

  it('goes with its tip when retention erases that', async () => {
    const picture = await sceneJpeg(27)
    const { receipt, tipId } = await ask(picture)
    await ann.ownRequests.accept({ id: tipId })
    await ann.tips.dismiss({ id: tipId, reason: 'done' })
    desk.clock.advance(100 * DAY_MS)
    const admin = await desk.person('root', 'admin')
    await admin.retention.apply({})
    expect(await look(receipt)).toMatchObject({ state: 'own-accepted' })
    desk.clock.advance(266 * DAY_MS)
    await admin.retention.apply({})
    await expect(look(receipt)).rejects.toMatchObject({ code: 'RECEIPT_UNKNOWN' })
    await desk.engine.runDue()
    expect(await verdictOf(picture)).toBe('none')
  })

  it('is accepted by no machine, nor twice, nor where no child asks', async () => {
    const { tipId } = await ask(await sceneJpeg(28))
    const calls = desk.engine.as({ id: 'm', pseudonym: 'm', kind: 'machine', roles: ['analyst'] })
    await expect(calls.ownRequests.accept({ id: tipId })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    })
    const both = await Promise.allSettled([
      ann.ownRequests.accept({ id: tipId }),
      ann.ownRequests.accept({ id: tipId }),
    ])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const plain = await ann.tips.submit({ url: 'https://plain.example/' })
    const id = 'id' in plain ? plain.id : ''
    await expect(ann.ownRequests.accept({ id })).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  it('waits behind nobody when many ask: the rest of a flood waits for a person', async () => {
    const asked = []
    for (const seed of [31, 32, 33, 34, 36]) asked.push(await ask(await sceneJpeg(seed)))
    const mine = async () => (await ann.ownRequests.list({ limit: 1_000 })).slice(-5)
    const states = async () => (await mine()).map(({ state }) => state)
    expect(await states()).toEqual(['asked', 'asked', 'asked', 'held-back', 'held-back'])
    const day = isoTime(desk.clock.now()).slice(0, 10)
    expect((await waiting('own-requests')).filter(({ about }) => about === day)).toHaveLength(1)
    const queue = await ann.tips.list({ queue: 'true', limit: 1_000 })
    const lanes = asked.map(({ tipId }) => queue.find(({ id }) => id === tipId)?.place?.lane)
    expect(lanes).toEqual(['own-request', 'own-request', 'own-request', 'public', 'public'])
    // Whoever is held back reads the same.
    const [first, , , third] = asked
    const [one, other] = [await look(first?.receipt ?? ''), await look(third?.receipt ?? '')]
    expect(other.says).toBe(one.says)
    await ann.ownRequests.accept({ id: third?.tipId ?? '' })
    expect(await ann.tips.show({ id: third?.tipId ?? '' })).toMatchObject({ ownRequest: true })
    desk.clock.advance(DAY_MS)
    await ask(await sceneJpeg(35))
    expect((await states()).at(-1)).toBe('asked')
  })
})

describe('an offender', () => {
  it('who asks with a picture of the register learns nothing, and changes nothing of what it is', async () => {
    const known = await sceneJpeg(41)
    const copy = await transforms.reencode(known, new SeededRandom(1))
    const itemId = await register(known)
    const before = await ann.items.show({ id: itemId })
    const [ofKnown, ofCopy] = [await ask(known), await ask(copy)]
    const ofOther = await ask(await sceneJpeg(42))
    const bare = async () => {
      const views = []
      for (const { receipt } of [ofKnown, ofCopy, ofOther]) {
        views.push({ ...(await look(receipt)), receivedAt: '' })
      }
      return views
    }
    const [one, ...others] = await bare()
    for (const other of others) expect(other).toEqual(one)

    // What the register has is looked for already; a copy of it is entered, and weighs nothing beside it.
    expect(await ann.ownRequests.accept({ id: ofKnown.tipId })).toMatchObject({ entered: 0 })
    await ann.ownRequests.accept({ id: ofCopy.tipId })
    await ann.ownRequests.accept({ id: ofOther.tipId })
    const [accepted, ...alike] = await bare()
    for (const other of alike) expect(other).toEqual(accepted)
    expect(await verdictOf(known)).toBe('exact')
    const scanned = await ann.sightings.scan({ url: 'https://seen.example/y.jpg', media: copy })
    expect(scanned.verdict).not.toBe('none')
    const answer = await seenAt('known.jpg', known)
    expect(answer).toMatchObject({ verdict: 'exact' })
    const [entry] = (await casesAt('known.jpg')).filter(({ subject }) => subject.id === itemId)
    expect(entry).toMatchObject({ verdict: 'exact', decision: 'not-needed', status: 'open' })

    for (const { receipt } of [ofKnown, ofCopy]) await page.tipline.withdraw({ receipt })
    expect(await verdictOf(known)).toBe('exact')
    const after = await ann.items.show({ id: itemId })
    expect(after.entries).toEqual(before.entries)
    expect(after.status).toBe('verified')
    // Its notice goes, as if nobody had asked: what the others above wait for can come.
    expect(await noticesAt('known.jpg')).not.toEqual([])
  })

  it('who asked before the register had the picture keeps it from nothing, and takes nothing out', async () => {
    const picture = await sceneJpeg(43)
    const { receipt, tipId } = await ask(picture)
    await ann.ownRequests.accept({ id: tipId })
    const { id, entries } = await ann.items.propose({
      media: base64(picture),
      classification: 'Baseline',
    })
    expect(entries.map(({ list }) => list).sort()).toEqual(['own', 'own-requests'])
    const [own] = entries.filter(({ list }) => list === 'own')
    await bob.items.verify({ id, entryId: own?.id ?? '' })
    expect(await verdictOf(picture)).toBe('exact')
    const opened = await seenAt('c.jpg', picture)
    expect(opened).toMatchObject({ verdict: 'exact' })
    await page.tipline.withdraw({ receipt })
    expect(await verdictOf(picture)).toBe('exact')
    expect((await ann.items.show({ id })).status).toBe('verified')
    const [entry] = await casesAt('c.jpg')
    expect(entry).toMatchObject({ status: 'open', decision: 'not-needed' })
  })

  it("who asks with somebody else's picture brings it before a person, and no further", async () => {
    const portrait = await sceneJpeg(44)
    const { tipId } = await ask(portrait)
    await ann.ownRequests.accept({ id: tipId })
    await seenAt('portrait.jpg', portrait)
    for (let day = 0; day < 3; day += 1) {
      desk.clock.advance(DAY_MS)
      expect(await noticesAt('portrait.jpg')).toEqual([])
    }
    const [entry] = await casesAt('portrait.jpg')
    expect(entry).toMatchObject({ verdict: 'review', decision: 'pending' })
  })

  it('who asks for a plain picture, that would find thousands, is refused by what is known of it', async () => {
    const { tipId } = await ask(await sceneJpeg(45))
    const plain = {
      ...OF_A_REQUEST,
      pictures: [[{ type: 'pdq', value: '0'.repeat(64), quality: 0 } as const]],
      work: solved(await page.tipline.challenge()),
    }
    await page.tipline.tell(plain)
    const [newest] = (await ann.tips.list({ limit: 1_000 })).slice(-1)
    await expect(ann.ownRequests.accept({ id: newest?.id ?? '' })).rejects.toMatchObject({
      code: 'CONFLICT',
    })
    expect(await ann.ownRequests.accept({ id: tipId })).toMatchObject({ entered: 1 })
  })
})

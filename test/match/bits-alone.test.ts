import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { filmMp4, sceneJpeg } from '../../fixtures/index.ts'
import type { Principal, Role } from '../../src/access/index.ts'
import { configWith } from '../../src/config.ts'
import { createEngine, type Engine } from '../../src/engine.ts'
import { fingerprintMedia } from '../../src/fingerprint/index.ts'

function person(id: string, ...roles: Role[]): Principal {
  return { id, pseudonym: id, kind: 'person', roles }
}
const ann = person('ann', 'analyst', 'officer')
const cleo = person('cleo', 'officer')
const bob = person('bob', 'verifier')
const robot: Principal = { ...person('robot', 'officer'), kind: 'machine' }
const LIST = { name: 'partner' }
const reason = 'we saw how they make and check them'

let directory: string
let engine: Engine

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hindra-bits-'))
  engine = await createEngine({
    config: configWith({ data: directory, 'pool.threads': 1, 'features.store': false }),
    dataKey: Buffer.alloc(32, 3),
  })
  await engine.as(ann).lists.create({ ...LIST, kind: 'partner', arrivesAs: 'verified' })
})
afterEach(async () => {
  await engine.shutdown()
  await rm(directory, { recursive: true, force: true })
})

async function pdqOf(media: Uint8Array): Promise<{ value: string; quality: number }> {
  const { views } = await fingerprintMedia(media, configWith({}).decode)
  const whole = views.find(({ name }) => name === 'whole')
  if (whole === undefined) throw new Error('no hash')
  return { value: whole.pdq, quality: whole.quality }
}

/** The partner says the hash of a picture that nobody here has. */
async function listed(media: Uint8Array): Promise<string> {
  const { id } = await engine.stages.curation.propose(ann, {
    list: LIST.name,
    key: 'P-1',
    classification: 'Baseline',
    hashes: [{ type: 'pdq', ...(await pdqOf(media)) }],
  })
  return id
}

async function scanned(media: Uint8Array) {
  const url = 'https://host.example/1.jpg'
  const { matches } = await engine.as(ann).sightings.scan({ url, media: Uint8Array.from(media) })
  return matches.map(({ itemId, verdict, reason: why }) => ({ itemId, verdict, why }))
}

describe('a hash of a list whose picture nobody here has seen', () => {
  it('confirms once two persons have vetted the list, and not after', async () => {
    const itemId = await listed(await sceneJpeg(2))
    const copy = await sceneJpeg(2, { quality: 70 })
    const review = [
      { itemId, verdict: 'review', why: expect.stringContaining('vetted') as unknown },
    ]
    const most = async () => (await engine.as(ann).items.show({ id: itemId })).reach[0]?.most
    expect(await scanned(copy)).toEqual(review)
    expect(await most()).toContain('hindra lists vet')
    const unvetted = async () => (await engine.stages.watch.health()).unvettedLists
    expect(await unvetted()).toEqual(['partner'])
    await engine.as(ann).lists.vet({ ...LIST, reason })
    expect(await scanned(copy)).toEqual(review)
    await expect(engine.as(ann).lists.vet({ ...LIST, reason })).rejects.toMatchObject({
      code: 'SAME_PERSON',
    })
    expect(await engine.as(cleo).lists.vet({ ...LIST, reason })).toMatchObject({
      vettedBy: ['ann', 'cleo'],
    })
    expect(await unvetted()).toEqual([])
    expect(await scanned(copy)).toMatchObject([{ itemId, verdict: 'confirmed' }])
    expect(await most()).toMatch(/^bits only: confirmed only within/)
    await engine.as(ann).lists.unvet({ ...LIST, reason: 'they changed their tool' })
    expect(await scanned(copy)).toEqual(review)
  })

  it('confirms by the frames of a film on the same terms', async () => {
    const film = await filmMp4(5, { seconds: 12 })
    const { views } = await fingerprintMedia(Uint8Array.from(film), configWith({}).decode)
    const { id: itemId } = await engine.stages.curation.propose(ann, {
      list: LIST.name,
      key: 'F-1',
      classification: 'Baseline',
      hashes: views.flatMap(({ pdq, quality, seconds }) =>
        seconds === undefined ? [] : [{ type: 'pdq', value: pdq, quality, seconds } as const],
      ),
    })
    expect(await scanned(film)).toMatchObject([
      { itemId, verdict: 'review', why: expect.stringContaining('vetted') as unknown },
    ])
    await engine.as(ann).lists.vet({ ...LIST, reason })
    await engine.as(cleo).lists.vet({ ...LIST, reason })
    expect(await scanned(film)).toMatchObject([{ itemId, verdict: 'confirmed' }])
  })

  it('confirms nothing by its own hash, though another picture of the item was hashed here', async () => {
    const own = await sceneJpeg(3)
    const { id } = await engine.stages.curation.propose(ann, {
      media: Uint8Array.from(own),
      classification: 'Baseline',
    })
    await engine.stages.curation.verify(bob, { itemId: id })
    const other = await sceneJpeg(4)
    const partners = await listed(other)
    await engine.stages.curation.join(ann, id, partners, 'the same child')
    expect(await scanned(await sceneJpeg(3, { quality: 70 }))).toMatchObject([
      { verdict: 'confirmed' },
    ])
    expect(await scanned(await sceneJpeg(4, { quality: 70 }))).toMatchObject([
      { verdict: 'review', why: expect.stringContaining('vetted') as unknown },
    ])
  })
})

describe('to vet a list', () => {
  it('is for persons, of lists that accuse, and ends with a change of its policy', async () => {
    const vet = (by: Principal, name: string) => engine.as(by).lists.vet({ name, reason })
    await expect(vet(robot, 'partner')).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await expect(vet(ann, 'allow')).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    await expect(vet(ann, 'nobody')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(engine.as(ann).lists.unvet({ ...LIST, reason })).rejects.toMatchObject({
      code: 'CONFLICT',
    })
    await vet(ann, 'partner')
    await vet(cleo, 'partner')
    await expect(vet(person('dan', 'officer'), 'partner')).rejects.toMatchObject({
      code: 'CONFLICT',
    })
    await engine.as(ann).lists.change({ ...LIST, arrivesAs: 'proposed', reason: 'a new contract' })
    const { vettedBy, history } = await engine.as(ann).lists.show(LIST)
    expect(vettedBy).toEqual([])
    expect(history.map((event) => event.vettedBy)).toEqual([[], ['ann'], ['ann', 'cleo'], []])
  })
})

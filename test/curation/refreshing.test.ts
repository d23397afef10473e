import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createHash } from 'node:crypto'
import { filmMp4, sceneJpeg } from '../../fixtures/index.ts'
import type { Principal, Role } from '../../src/access/index.ts'
import { configWith } from '../../src/config.ts'
import { createEngine, type Engine } from '../../src/engine.ts'
import { wrapped } from '../match/wrapped.ts'

function person(id: string, ...roles: Role[]): Principal {
  return { id, pseudonym: id, kind: 'person', roles }
}
const ann = person('ann', 'analyst', 'officer', 'auditor', 'exchange')
const bob = person('bob', 'verifier')
const crawler = person('crawler', 'crawler-verdict')
const url = 'https://host.example/1.jpg'

let directory: string
let engine: Engine

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hindra-refreshing-'))
  engine = await opened(false)
})
afterEach(async () => {
  await engine.shutdown()
  await rm(directory, { recursive: true, force: true })
})

function opened(keepsFeatures: boolean): Promise<Engine> {
  return createEngine({
    config: configWith({ data: directory, 'pool.threads': 1, 'features.store': keepsFeatures }),
    dataKey: Buffer.alloc(32, 3),
    resolver: { resolve: () => Promise.resolve([]) },
  })
}
async function withFeatures(): Promise<void> {
  await engine.shutdown()
  engine = await opened(true)
}
async function known(media: Uint8Array): Promise<string> {
  const item = await engine.stages.curation.propose(ann, {
    media: new Uint8Array(media),
    classification: 'Baseline',
  })
  await engine.stages.curation.verify(bob, { itemId: item.id })
  return item.id
}
const evidenceOf = async (id: string) =>
  (await engine.as(ann).items.show({ id })).entries[0]?.evidence

it('happens by itself where the same bytes are seen, if features are kept', async () => {
  const media = await sceneJpeg(1)
  const id = await known(media)
  const submit = (bytes: Uint8Array) =>
    engine.as(crawler).sightings.submit({
      url,
      media: new Uint8Array(bytes),
      fetchedAt: new Date(0).toISOString(),
    })
  await submit(media)
  expect(await evidenceOf(id)).toBe('picture')
  await withFeatures()
  // Neither a copy of it, nor a scan, which leaves no record.
  await submit(await sceneJpeg(1, { quality: 60 }))
  await engine.as(ann).sightings.scan({ url, media: new Uint8Array(media) })
  expect(await evidenceOf(id)).toBe('picture')
  expect(await submit(media)).toMatchObject({ verdict: 'exact' })
  expect(await evidenceOf(id)).toBe('features')
  const entries = await engine.as(ann).audit.list({ limit: 1_000 })
  expect(entries.filter(({ action }) => action === 'item.refresh')).toMatchObject([
    { by: 'hindra', subject: id, detail: { added: 'features' } },
  ])
  expect((await engine.as(ann).lists.show({ name: 'own' })).evidence).toMatchObject({
    features: 1,
    picture: 0,
  })
})

it('gives an entry of somebody else what its bytes show, and keeps what was said of it', async () => {
  await withFeatures()
  const media = await sceneJpeg(2)
  const digest = (kind: string) => createHash(kind).update(media).digest('hex')
  await engine.as(ann).lists.create({ name: 'partner', kind: 'partner', arrivesAs: 'verified' })
  const { id } = await engine.stages.curation.propose(ann, {
    list: 'partner',
    key: 'P-1',
    classification: 'National',
    hashes: [
      { type: 'sha256', value: digest('sha256') },
      { type: 'photodna', value: 'AAECAwQFBgcICQoLDA0ODw==' },
    ],
  })
  expect(await evidenceOf(id)).toBe('bytes')
  const copy = await sceneJpeg(2, { quality: 60 })
  expect(await engine.as(ann).sightings.scan({ url, media: new Uint8Array(copy) })).toMatchObject({
    verdict: 'none',
  })
  expect(await engine.stages.refreshing.refresh(ann, new Uint8Array(media))).toEqual({
    itemId: id,
    added: ['features', 'hashes', 'digests'],
  })
  const [entry] = (await engine.as(ann).items.show({ id })).entries
  expect(entry).toMatchObject({
    list: 'partner',
    classification: 'National',
    status: 'verified',
    evidence: 'features',
    proposedBy: 'ann',
    verifiedBy: null,
    quality: 100,
  })
  expect(entry?.hashTypes).toEqual(expect.arrayContaining(['sha256', 'photodna', 'pdq']))
  expect(await engine.as(ann).sightings.scan({ url, media: new Uint8Array(copy) })).toMatchObject({
    verdict: 'confirmed',
  })
  expect(await engine.stages.refreshing.refresh(ann, new Uint8Array(media))).toEqual({
    itemId: id,
    added: [],
  })
})

it('keeps no features where the house keeps none, and does nothing for bits that were never a file', async () => {
  const media = await sceneJpeg(3)
  const id = await known(media)
  expect(await engine.stages.refreshing.refresh(ann, new Uint8Array(media))).toEqual({
    itemId: id,
    added: [],
  })
  const md5 = createHash('md5')
    .update(await sceneJpeg(4))
    .digest('hex')
  await engine.stages.curation.propose(ann, {
    hashes: [{ type: 'md5', value: md5 }],
    classification: 'Baseline',
  })
  await expect(
    engine.stages.refreshing.refresh(ann, new Uint8Array(await sceneJpeg(4))),
  ).rejects.toMatchObject({
    code: 'NOT_FOUND',
  })
  const sent = { media: Buffer.from(media).toString('base64') }
  await expect(engine.as(bob).items.refresh(sent)).rejects.toMatchObject({ code: 'FORBIDDEN' })
})

it('gives a film of before the digest of its coded pictures, by which it is found in another file', async () => {
  const media = await filmMp4(6, { seconds: 4, width: 320, height: 240 })
  const { register, store, pool, refreshing } = engine.stages
  const fingerprint = { ...(await pool.fingerprint(new Uint8Array(media))) }
  delete fingerprint.track
  const { id } = await register.propose(ann, { fingerprint, classification: 'Baseline' })
  await store.transact((tx) => register.verify(tx, bob, { itemId: id }))
  const entry = async () => (await engine.as(ann).items.show({ id })).entries[0]
  const scan = async () =>
    engine.as(ann).sightings.scan({ url, media: new Uint8Array(await wrapped(media, 'matroska')) })
  expect(await entry()).toMatchObject({ trackless: true })
  const { reach } = await engine.as(ann).items.show({ id })
  expect(reach.flatMap(({ said }) => said)).toContainEqual({ says: 'film-without-track' })
  expect((await scan()).matches).toMatchObject([{ method: 'film' }])
  const { added } = await refreshing.refresh(ann, new Uint8Array(media))
  expect(added).toEqual(['track'])
  expect(await entry()).not.toHaveProperty('trackless')
  expect((await scan()).matches).toMatchObject([{ method: 'track', verdict: 'confirmed' }])
  expect((await refreshing.refresh(ann, new Uint8Array(media))).added).toEqual([])
})

it('does so by itself where the very film is seen, though no known film has one yet', async () => {
  await withFeatures()
  const media = await filmMp4(7, { seconds: 4, width: 160, height: 120 })
  const { register, store, pool } = engine.stages
  const fingerprint = { ...(await pool.fingerprint(new Uint8Array(media), { features: true })) }
  delete fingerprint.track
  const { id } = await register.propose(ann, { fingerprint, classification: 'Baseline' })
  await store.transact((tx) => register.verify(tx, bob, { itemId: id }))
  const fetchedAt = new Date(0).toISOString()
  await engine.as(crawler).sightings.submit({ url, media: new Uint8Array(media), fetchedAt })
  expect((await engine.as(ann).items.show({ id })).entries[0]).not.toHaveProperty('trackless')
})

it('does not touch what every list has retracted', async () => {
  const media = await filmMp4(5, { seconds: 4, fps: 5, width: 160, height: 120 })
  const id = await known(media)
  expect((await engine.as(ann).lists.show({ name: 'own' })).evidence).toMatchObject({ film: 1 })
  await engine.stages.curation.dispute(bob, { itemId: id }, 'a doubt')
  await engine.stages.curation.retract(ann, { itemId: id }, 'a mistake')
  expect((await engine.as(ann).lists.show({ name: 'own' })).evidence).toMatchObject({ film: 0 })
  await expect(engine.stages.refreshing.refresh(ann, new Uint8Array(media))).rejects.toMatchObject({
    code: 'NOT_FOUND',
  })
})

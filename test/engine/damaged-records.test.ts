import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import type { Principal, Role } from '../../src/access/index.ts'
import { type Config, configWith, storeDirectory } from '../../src/config.ts'
import { ManualClock } from '../../src/core/index.ts'
import { createEngine, type Engine } from '../../src/engine.ts'
import { refusalOf } from '../../src/exchange/prepare.ts'
import { openRoutes } from '../../src/http/open-routes.ts'
import type { Key, Store } from '../../src/store/index.ts'
import { openHosted } from '../recheck/hosted.ts'
import { flipOnDisk } from '../store/on-disk.ts'
import { type MailServer, openMailServer } from '../takedown/mail-server.ts'
import { ALPHA } from '../takedown/world.ts'

function person(id: string, ...roles: Role[]): Principal {
  return { id, pseudonym: id, kind: 'person', roles }
}
const ann = person('ann', 'analyst', 'officer', 'auditor')
const bob = person('bob', 'verifier')
const crawler = person('crawler', 'crawler-verdict')
const pipeline = person('pipeline', 'pipeline')

const SEEDS = { damaged: 1, whole: 2, caseDamaged: 3 } as const
type Name = keyof typeof SEEDS

let directory: string
let mail: MailServer
let config: Config
let engine: Engine
const media = new Map<Name, Buffer>()
const items = new Map<Name, string>()
const cases = new Map<Name, string>()
const warnings: string[] = []

function start(): Promise<Engine> {
  return createEngine({
    config,
    clock: new ManualClock(Date.UTC(2026, 10, 2, 8)),
    dataKey: Buffer.alloc(32, 4),
    resolver: { resolve: () => Promise.resolve(['192.0.2.7']) },
    warn: (message) => warnings.push(message),
  })
}

/** Damages a record as a disk would: one bit, near the end, where the sealed part is. */
async function damage(store: Store, key: Key): Promise<void> {
  await store.transact(async (tx) => {
    const value = Buffer.from((await tx.get(key)) ?? [])
    const position = value.length - 20
    value.writeUInt8(value.readUInt8(position) ^ 1, position)
    tx.put(key, value)
  })
}

function submit(name: Name, path: string) {
  return engine.as(crawler).sightings.submit({
    url: `https://media.alpha.example/${name}/${path}.jpg`,
    media: new Uint8Array(media.get(name) ?? []),
  })
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'hindra-damaged-'))
  mail = await openMailServer()
  config = configWith({
    data: directory,
    'pool.threads': 1,
    'mail.port': mail.port,
    'trace.providers': [{ ...ALPHA, country: 'TV' }],
  })
  engine = await start()
  for (const name of Object.keys(SEEDS) as Name[]) {
    media.set(name, await sceneJpeg(SEEDS[name]))
    const { id } = await engine.stages.curation.propose(ann, {
      media: media.get(name) ?? Buffer.of(),
      classification: 'Baseline',
    })
    await engine.stages.curation.verify(bob, { itemId: id })
    items.set(name, id)
    cases.set(name, (await submit(name, '1')).caseId ?? '')
  }
  await engine.shutdown()
  await flipOnDisk(
    storeDirectory(config),
    ['item', items.get('damaged') ?? ''],
    ['case', cases.get('caseDamaged') ?? ''],
  )
  rmSync(join(directory, 'known.sealed'), { force: true })
  engine = await start()
})
afterAll(async () => {
  await engine.shutdown()
  await mail.close()
  rmSync(directory, { recursive: true, force: true })
})

describe('a damaged item', () => {
  it('is set aside and named, and the others are found', async () => {
    expect(warnings).toEqual([
      `the record item/${items.get('damaged')} is damaged, and is left out`,
    ])
    expect((await engine.as(ann).items.list({})).map(({ id }) => id)).toEqual([
      items.get('whole'),
      items.get('caseDamaged'),
    ])
    expect(await submit('whole', '2')).toMatchObject({ verdict: 'exact' })
    expect(await submit('damaged', '2')).toMatchObject({ verdict: 'none' })
    await expect(
      engine.as(ann).items.show({ id: items.get('damaged') ?? '' }),
    ).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
  })

  it('lets no notice leave of its case, and holds up no other; nor does a damaged case', async () => {
    const report = await engine.runDue()
    expect(report.problems).toEqual([])
    const text = mail.received.map(({ parsed }) => parsed.text ?? '').join('\n')
    expect(text).toContain('/whole/1.jpg')
    expect(text).not.toContain('/damaged/')
    expect(text).not.toContain('/caseDamaged/')
    const listed = (await engine.as(ann).cases.list({})).map(({ id }) => id)
    expect(listed).toContain(cases.get('damaged'))
    expect(listed).not.toContain(cases.get('caseDamaged'))
  })

  it('is told: in health, which stays ready, in gauges, and by an alert once', async () => {
    await engine.stages.watch.tellOfDamage()
    await engine.stages.watch.tellOfDamage()
    const records = [`item/${items.get('damaged')}`, `case/${cases.get('caseDamaged')}`]
    const alerts = await engine.as(pipeline).alerts.list({ limit: 1_000 })
    expect(alerts.flatMap(({ record }) => record ?? [])).toEqual(records)
    expect(await engine.stages.watch.gauges()).toMatchObject({ damaged: 2 })
    expect(await engine.stages.watch.health()).toMatchObject({ ready: true, damaged: 2 })
    const ready = openRoutes(engine.stages.watch).find(({ path }) => path === '/readyz')
    expect(await ready?.answer()).toEqual({ status: 200, body: { ready: true, damaged: 2 } })
  })
})

describe('what grants something', () => {
  it('grants nothing where it is damaged: a key, a person, a list; and lists do without', async () => {
    const { access, register, store } = engine.stages
    const anna = await access.addPerson(ann, {
      kind: 'person',
      name: 'Anna',
      pseudonym: 'A-1',
      roles: ['analyst'],
    })
    const whole = await access.createKey(ann, anna.id, 'whole')
    const broken = await access.createKey(ann, anna.id, 'broken')
    await damage(store, ['key', broken.id])
    await expect(engine.authenticate(broken.secret)).rejects.toMatchObject({
      code: 'STORE_CORRUPT',
    })
    expect(await engine.authenticate(whole.secret)).toMatchObject({ id: anna.id })
    expect((await access.keys()).map(({ id }) => id)).toEqual([whole.id])
    await damage(store, ['person', anna.id])
    await expect(engine.authenticate(whole.secret)).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
    expect(await access.people()).toEqual([])

    await store.transact((tx) =>
      register.lists.create(tx, ann, { name: 'theirs', kind: 'partner' }),
    )
    await damage(store, ['list', 'theirs'])
    const lists = await store.transact((tx) => register.lists.all(tx))
    expect(lists.map(({ name }) => name)).toEqual(['allow', 'own', 'own-requests'])
    const line = { line: 7, key: 'a' }
    const error = await store
      .transact((tx) => register.read(tx, items.get('damaged') ?? ''))
      .catch((thrown: unknown) => thrown)
    expect(refusalOf(line, error)).toMatchObject({ change: 'refused', ...line })
  })
})

describe('a look at what a damaged item found', () => {
  it('never says that it is gone', async () => {
    const hosted = await openHosted({ 'features.store': false })
    try {
      const scene = media.get('whole') ?? Buffer.of()
      const itemId = await hosted.know(scene)
      hosted.show('/a.jpg', { body: scene })
      const found = await hosted.see('/a.jpg')
      hosted.show('/a.jpg', { status: 404 })
      expect(await hosted.look(found?.id ?? '')).toMatchObject({ outcome: 'gone' })
      await damage(hosted.engine.stages.store, ['item', itemId])
      expect(await hosted.look(found?.id ?? '')).toMatchObject({
        outcome: 'unverifiable',
        reason: 'an item that it was found by is damaged in the store',
      })
      expect(await hosted.follow(found?.id ?? '', 8)).not.toMatchObject({ status: 'removed' })
    } finally {
      await hosted.close()
    }
  })
})

import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Principal, Role } from '../../src/access/index.ts'
import { type Config, configWith, storeDirectory } from '../../src/config.ts'
import { ManualClock } from '../../src/core/index.ts'
import { createEngine, type Engine } from '../../src/engine.ts'
import { sceneJpeg } from '../../fixtures/index.ts'
import { dataKey, dataRange } from '../../src/store/layout.ts'
import { encodeKey } from '../../src/store/tuple.ts'
import { onDisk } from '../store/on-disk.ts'

function person(id: string, ...roles: Role[]): Principal {
  return { id, pseudonym: id, kind: 'person', roles }
}
const ann = person('ann', 'analyst', 'officer', 'auditor')
const bob = person('bob', 'verifier')
const crawler = person('crawler', 'crawler-verdict')

let directory: string
let config: Config
let engine: Engine
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

async function known(seed: number): Promise<{ id: string; media: Buffer }> {
  const media = await sceneJpeg(seed)
  const { id } = await engine.stages.curation.propose(ann, { media, classification: 'Baseline' })
  await engine.stages.curation.verify(bob, { itemId: id })
  return { id, media }
}

const verdictOf = async (media: Buffer, name: string) =>
  (
    await engine.as(crawler).sightings.submit({
      url: `https://media.alpha.example/${name}.jpg`,
      media: new Uint8Array(media),
    })
  ).verdict

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'hindra-replayed-'))
  config = configWith({ data: directory, 'pool.threads': 1 })
  engine = await start()
})
afterAll(async () => {
  await engine.shutdown()
  rmSync(directory, { recursive: true, force: true })
})

describe('who has the disk and not the data key', () => {
  it('cannot undo a revocation, a change of roles or a retraction by older copies of the records', async () => {
    const add = (name: string) =>
      engine.stages.access.addPerson(ann, {
        kind: 'person',
        name,
        pseudonym: name,
        roles: ['officer'],
      })
    const [anna, otto, eva] = [await add('Anna'), await add('Otto'), await add('Eva')]
    const [annas, ottos, evas] = [
      await engine.stages.access.createKey(ann, anna.id, 'revoked'),
      await engine.stages.access.createKey(ann, otto.id, 'of whom the roles change'),
      await engine.stages.access.createKey(ann, eva.id, 'as it was'),
    ]
    const retracted = await known(1)
    const kept = await known(2)
    expect(await verdictOf(retracted.media, 'a')).toBe('exact')
    await engine.shutdown()
    const places = [
      ['key', annas.id],
      ['person', otto.id],
      ['item', retracted.id],
    ].map((key) => dataKey(encodeKey(key)))
    const old = await onDisk(storeDirectory(config), (db) => db.getMany(places))
    const snapshot = join(directory, 'known.sealed')
    copyFileSync(snapshot, `${snapshot}.old`)

    engine = await start()
    await engine.stages.access.revokeKey(ann, annas.id)
    await engine.stages.access.setRoles(ann, otto.id, ['analyst'])
    await engine.stages.curation.retract(ann, { itemId: retracted.id }, 'no abuse')
    await engine.shutdown()
    await onDisk(storeDirectory(config), async (db) => {
      for (const [n, place] of places.entries()) await db.put(place, old[n] ?? Buffer.of())
      expect((await db.iterator(dataRange()).all()).length).toBeGreaterThan(20)
    })
    copyFileSync(`${snapshot}.old`, snapshot)

    engine = await start()
    for (const { secret } of [annas, ottos]) {
      await expect(engine.authenticate(secret)).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
    }
    expect(await engine.authenticate(evas.secret)).toMatchObject({ id: eva.id })
    expect(await verdictOf(retracted.media, 'b')).toBe('none')
    expect(await verdictOf(kept.media, 'c')).toBe('exact')
    const how = 'is not the copy that was written last'
    expect(new Set(engine.stages.store.damaged())).toEqual(
      new Set([
        `key/${annas.id}, ${how}`,
        `person/${otto.id}, ${how}`,
        `item/${retracted.id}, ${how}`,
      ]),
    )
    expect(warnings).toContain(`the record key/${annas.id} ${how}, and is left out`)
  })
})

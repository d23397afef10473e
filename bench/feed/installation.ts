import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { sceneJpeg } from '../../fixtures/index.ts'
import { OPERATOR, type Role } from '../../src/access/index.ts'
import { createAudit } from '../../src/audit/index.ts'
import { type Config, configWith, storeDirectory } from '../../src/config.ts'
import { createIds, systemClock, systemRandom } from '../../src/core/index.ts'
import { createEngine } from '../../src/engine.ts'
import { indexSource } from '../../src/index/index.ts'
import { openKnownSet } from '../../src/known/index.ts'
import { createRegister, type IndexedItem } from '../../src/register/index.ts'
import { openDataKeys, openLevelStore } from '../../src/store/index.ts'
import { pictureOf } from '../startup/register.ts'

const DATA_KEY = Buffer.alloc(32, 1)
const PLANTED = 4

/** A data directory whose register is as large as it is to be, and who may use it. */
export interface Installation {
  readonly env: Readonly<Record<string, string>>
  readonly crawlerKey: string
  readonly monitorKey: string
  /** PDQ hashes of items that are really there, each verified. */
  readonly planted: readonly string[]
}

/**
 * A few pictures go through the register as ever; the rest is made up and stands in the saved known
 * set alone, which is what a start reads: to propose a million takes half an hour.
 */
export async function makeInstallation(
  directory: string,
  items: number,
  seed: number,
): Promise<Installation> {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const config = configWith({ data: directory, 'pool.threads': 1 })
  const engine = await createEngine({ config, dataKey: DATA_KEY })
  const principal = async (...roles: Role[]) => {
    const name = roles.join(' ')
    const described = { name, pseudonym: name, kind: 'person', roles } as const
    const { id } = await engine.as(OPERATOR).people.add(described)
    const { secret } = await engine.as(OPERATOR).keys.create({ personId: id, label: 'bench' })
    return { key: secret, by: await engine.authenticate(secret) }
  }
  const [analyst, verifier] = [await principal('analyst'), await principal('verifier')]
  for (let place = 0; place < PLANTED; place += 1) {
    const media = await sceneJpeg(seed * 100 + place)
    const { id } = await engine.stages.curation.propose(analyst.by, {
      media,
      classification: 'Baseline',
    })
    await engine.stages.curation.verify(verifier.by, { itemId: id })
  }
  const { key: crawlerKey } = await principal('crawler-verdict')
  const { key: monitorKey } = await principal('monitor')
  await engine.shutdown()
  // What was saved just now would be believed, and gone on from.
  rmSync(knownSetFile(config))
  const planted = await fillKnownSet(config, items - PLANTED, seed)
  const env = {
    HINDRA_DATA: directory,
    HINDRA_DATA_KEY_VALUE: DATA_KEY.toString('base64'),
    // The bench plants more hits than a crawler may have.
    HINDRA_LIMITS_HASH_HITS_PER_HOUR: '0',
  }
  return { env, crawlerKey, monitorKey, planted }
}

function knownSetFile({ data }: Config): string {
  return join(data, 'known.sealed')
}

/** Saves a known set of what is in the register and `count` more; the hashes of the former. */
async function fillKnownSet(config: Config, count: number, seed: number): Promise<string[]> {
  const store = await openLevelStore({ directory: storeDirectory(config) })
  const context = {
    store,
    sealer: (await openDataKeys(store, DATA_KEY, systemRandom)).sealer,
    clock: systemClock,
    random: systemRandom,
    newId: createIds(systemClock, systemRandom),
  }
  const register = createRegister(context, createAudit(context))
  const planted: string[] = []
  async function* allIndexed(): AsyncGenerator<IndexedItem> {
    for await (const item of register.allIndexed()) {
      planted.push(item.fingerprints[0]?.views.find(({ name }) => name === 'whole')?.pdq ?? '')
      yield item
    }
    for (let place = 0; place < count; place += 1) yield madeUp(context.newId(), place, seed)
  }
  const known = await openKnownSet(
    context,
    { ...register, allIndexed },
    {
      indexes: indexSource('exact'),
      snapshot: {
        file: knownSetFile(config),
        snapshotMinutes: 60,
        snapshotChanges: 1,
        erasureSeconds: 60,
      },
    },
  )
  await known.close()
  await context.store.close()
  return planted
}

function madeUp(id: string, place: number, seed: number): IndexedItem {
  const { views, ...picture } = pictureOf(place, seed)
  const whole = views.filter(({ name }) => name === 'whole')
  return { id, revision: 1, isOwn: true, fingerprints: [{ ...picture, views: whole }] }
}

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import type { Principal, Role } from '../../src/access/index.ts'
import { configWith } from '../../src/config.ts'
import { createEngine, type Engine } from '../../src/engine.ts'
import type { ClientHash } from '../../src/intake/index.ts'
import { tableResolver } from '../intake/table-resolver.ts'
import { type Host, httpHost } from '../intake/hosts.ts'

/** A hash as NCMEC's exchange writes one. */
const PHOTODNA = 'AAECAwQFBgcICQoLDA0ODw=='

function person(id: string, ...roles: Role[]): Principal {
  return { id, pseudonym: id, kind: 'person', roles }
}
const ann = person('ann', 'analyst', 'intake')
const bob = person('bob', 'verifier')
const ola = person('ola', 'officer')

let host: Host
let directory: string
let engine: Engine
let itemId: string
let asked = 0

beforeAll(async () => {
  const picture = await sceneJpeg(7)
  host = await httpHost((request, response) => {
    asked += 1
    if (request.url === '/gone.jpg') response.writeHead(404).end()
    else response.writeHead(200).end(picture)
  })
  directory = await mkdtemp(join(tmpdir(), 'hindra-opaque-'))
  const config = configWith({
    data: directory,
    'pool.threads': 1,
    'fetch.allowNetworks': ['127.0.0.1/32'],
    'fetch.allowPorts': [host.port],
    'sightings.attemptsMax': 1,
  })
  const resolver = tableResolver({ 'host.example': ['127.0.0.1'] })
  engine = await createEngine({ config, dataKey: Buffer.alloc(32, 3), resolver })
  itemId = await verified({ type: 'photodna', value: PHOTODNA })
})
afterAll(async () => {
  await engine.shutdown()
  await host.close()
  await rm(directory, { recursive: true, force: true })
})

async function verified(hash: { type: 'photodna'; value: string }): Promise<string> {
  const { id } = await engine.stages.curation.propose(ann, {
    hashes: [hash],
    classification: 'Baseline',
  })
  await engine.stages.curation.verify(bob, { itemId: id })
  return id
}

function seen(path: string, ...hashes: readonly ClientHash[]) {
  return { url: `http://host.example:${String(host.port)}${path}`, hashes }
}

async function casesAt(path: string) {
  return (await engine.as(ann).cases.list({ limit: 1_000 })).filter(({ url }) => url.endsWith(path))
}

describe('a hash that Hindra cannot compute', () => {
  it.each(['/other.jpg', '/gone.jpg'])(
    'that equals a known one asks a person: %s',
    async (path) => {
      const line = seen(path, { type: 'photodna', value: PHOTODNA })
      expect(await engine.as(ann).sightings.submit(line)).toEqual({ verdict: 'pending' })
      await engine.runDue()
      expect(await casesAt(path)).toMatchObject([
        {
          verdict: 'review',
          decision: 'pending',
          matches: [{ itemId, method: 'opaque', clientSupplied: true }],
        },
      ])
    },
  )

  it('that equals none says nothing: Hindra looks itself', async () => {
    const before = asked
    const line = seen('/unknown.jpg', { type: 'photodna', value: 'AAAA' })
    expect(await engine.as(ann).sightings.submit(line)).toEqual({ verdict: 'none' })
    expect(asked).toBe(before + 1)
    const other = seen('/unknown.jpg', { type: 'netclean', value: PHOTODNA })
    expect(await engine.as(ann).sightings.submit(other)).toEqual({ verdict: 'none' })
  })

  it('beside media tells whoever guesses at the register nothing', async () => {
    const media = new Uint8Array(await sceneJpeg(8))
    const line = { ...seen('/media.jpg', { type: 'photodna', value: PHOTODNA }), media }
    expect(await engine.as(ann).sightings.submit(line)).toEqual({ verdict: 'none' })
  })

  it('makes a tip known as other hashes of a client do', async () => {
    const tip = { source: 'hotline', priority: 2 } as const
    const hash = { type: 'photodna', value: PHOTODNA } as const
    const receipt = await engine.stages.tipDesk.take(ann, { ...tip, ...seen('/tip.jpg', hash) })
    const [found] = await casesAt('/tip.jpg')
    expect(found).toMatchObject({ verdict: 'review', decision: 'pending' })
    expect(receipt).toMatchObject({ caseId: found?.id })
  })

  it('is found in no item that was retracted, and in each that has it', async () => {
    const value = 'BBBBBBBB'
    const [first, second] = [
      await verified({ type: 'photodna', value }),
      (
        await engine.stages.curation.propose(ann, {
          hashes: [
            { type: 'photodna', value },
            { type: 'md5', value: 'b'.repeat(32) },
          ],
          classification: 'Baseline',
          key: 'second',
        })
      ).id,
    ]
    const scan = async () =>
      (await engine.as(ann).sightings.scan(seen('/scan.jpg', { type: 'photodna', value }))).matches
    expect((await scan()).map(({ itemId: id }) => id).sort()).toEqual([first, second].sort())
    await engine.stages.curation.dispute(bob, { itemId: first }, 'a doubt')
    await engine.stages.curation.retract(ola, { itemId: first }, 'a mistake')
    expect((await scan()).map(({ itemId: id }) => id)).toEqual([second])
    // What is only proposed would not borrow the standing of what two persons verified, and so be silenced.
    const joining = { id: itemId, other: second, reason: 'one picture in two encodings' }
    await expect(engine.as(bob).items.join(joining)).rejects.toMatchObject({ code: 'CONFLICT' })
    expect((await scan()).map(({ itemId: id }) => id)).toEqual([second])
    await engine.stages.curation.verify(bob, { itemId: second })
    await engine.as(bob).items.join(joining)
    expect((await scan()).map(({ itemId: id }) => id)).toEqual([itemId])
    await engine.as(bob).items.part({ id: itemId, other: second, reason: 'a mistake' })
    expect((await scan()).map(({ itemId: id }) => id)).toEqual([second])
  })
})

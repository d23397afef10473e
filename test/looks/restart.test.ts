import { mkdtemp, rm } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import type { Principal } from '../../src/access/index.ts'
import { configWith } from '../../src/config.ts'
import { createEngine, type Engine } from '../../src/engine.ts'
import { type Host, httpHost } from '../intake/hosts.ts'

const ANN: Principal = {
  id: 'ann',
  pseudonym: 'ANN',
  kind: 'person',
  roles: ['analyst'],
  session: { id: 's1', isFresh: true },
}

let host: Host
let directory: string
let engine: Engine
let tipId: string
/** Answers what waits for it, where the host hangs. */
let hanging: ServerResponse | undefined

async function open(): Promise<Engine> {
  return createEngine({
    config: configWith({
      data: directory,
      'pool.threads': 1,
      'trace.registries': false,
      'fetch.allowNetworks': ['127.0.0.0/8'],
      'fetch.allowPorts': [host.port],
      'looks.enabled': true,
    }),
    dataKey: Buffer.alloc(32, 3),
  })
}

beforeEach(async () => {
  const picture = await sceneJpeg(5)
  host = await httpHost((request, response) => {
    if (request.url === '/hangs.jpg') hanging = response
    else response.writeHead(200, { connection: 'close' }).end(picture)
  })
  directory = await mkdtemp(join(tmpdir(), 'hindra-looks-'))
  engine = await open()
  tipId = await tipAt('/a.jpg')
})
afterEach(async () => {
  await engine.shutdown()
  await host.close()
  await rm(directory, { recursive: true, force: true })
})

async function tipAt(path: string): Promise<string> {
  const url = `http://127.0.0.1:${String(host.port)}${path}`
  const receipt = await engine.as(ANN).tips.submit({ url })
  if (!('id' in receipt)) throw new Error('one tip was brought, and no list')
  return receipt.id
}

const look = (id: string, way?: 'large-grey') => engine.as(ANN).looks.take({ of: 'tip', id, way })

it('knows after a restart what the day holds, and what was shown a moment ago', async () => {
  expect((await look(tipId)).still).not.toBeNull()
  expect((await look(tipId, 'large-grey')).still).toMatchObject({ width: 640, height: 480 })
  await engine.shutdown()
  engine = await open()
  expect(await engine.as(ANN).looks.own()).toMatchObject({ looks: 2, bar: null })
  expect((await look(tipId)).further).toEqual(['small-colour', 'large-colour'])
  const other = await tipAt('/b.jpg')
  await expect(look(other, 'large-grey')).rejects.toMatchObject({ code: 'LOOK_STEP' })
})

it('that ends in the middle shows nothing, is in the audit, and costs one look at most', async () => {
  const hung = await tipAt('/hangs.jpg')
  const taken = look(hung).catch((error: unknown) => error)
  while (hanging === undefined) await new Promise((resolve) => setImmediate(resolve))
  await engine.shutdown()
  expect(await taken).not.toHaveProperty('still.png')
  engine = await open()
  const { looks } = await engine.as(ANN).looks.own()
  expect(looks).toBeLessThanOrEqual(1)
  const { rows } = await engine.stages.audit.search({ subject: hung, action: 'look.take' })
  expect(rows).toHaveLength(1)
  expect((await engine.stages.audit.verify()).intact).toBe(true)
})

it('counts two at once as two', async () => {
  await Promise.all([look(tipId), look(tipId), look(tipId)])
  expect(await engine.as(ANN).looks.own()).toMatchObject({ looks: 3 })
})

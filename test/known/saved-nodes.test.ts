import { copyFile, mkdtemp, open as openFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openSnapshot } from '../../src/known/snapshot.ts'
import type { Register } from '../../src/register/index.ts'
import { NO_POSTGRES, postgresPrograms, PostgresServer } from '../../fixtures/servers/postgres.ts'
import { pictureOf } from '../register/material.ts'
import { type Node, openNode } from './node.ts'

const RARELY = { snapshotChanges: 1_000_000, snapshotMinutes: 60, erasureSeconds: 3_600 }
const AT_ONCE = { ...RARELY, erasureSeconds: 0.05 }
const SOON = { timeout: 20_000, interval: 20 }

if (postgresPrograms === undefined) console.warn(NO_POSTGRES)

describe.skipIf(postgresPrograms === undefined)('the saved indexes of one house', () => {
  let server: PostgresServer
  let directory: string
  let schema = 0
  let readings: number
  let warnings: string[]
  const nodes: Node[] = []
  beforeAll(async () => {
    server = await PostgresServer.start()
  })
  afterAll(() => server.end())
  beforeEach(async () => {
    schema += 1
    readings = 0
    warnings = []
    directory = await mkdtemp(join(tmpdir(), 'hindra-saved-'))
  })
  afterEach(async () => {
    for (const node of nodes.splice(0)) await node.close()
    await rm(directory, { recursive: true, force: true })
  })

  const at = (name: string) => join(directory, name)

  async function open(file: string, settings = RARELY): Promise<Node> {
    const node = await openNode({
      url: server.url(`saved_${schema}`),
      snapshot: { ...settings, file: at(file) },
      warn: (message) => warnings.push(message),
      between: (register: Register) => ({
        ...register,
        allIndexed: () => {
          readings += 1
          return register.allIndexed()
        },
      }),
    })
    nodes.push(node)
    return node
  }

  async function close(...closing: readonly Node[]): Promise<void> {
    for (const node of closing) {
      nodes.splice(nodes.indexOf(node), 1)
      await node.close()
    }
  }

  /** Everything in the file, opened. */
  async function contentOf(file: string, { context }: Node): Promise<Buffer> {
    const handle = await openFile(at(file))
    try {
      const parts: Uint8Array[] = []
      for await (const { bytes } of (await openSnapshot(handle, context)).parts) parts.push(bytes)
      return Buffer.concat(parts)
    } finally {
      await handle.close()
    }
  }

  it('are as many as there are machines, and each starts from its own', async () => {
    const files = ['a', 'b', 'c', 'd', 'e']
    const first = await Promise.all(files.map((file) => open(file)))
    const [one] = first as [Node]
    const id = await one.propose(1)
    for (const node of first) await node.set.catchUp()
    await close(...first)
    readings = 0
    for (const file of files) {
      const node = await open(file)
      expect([await node.found(1), readings, warnings]).toEqual([[id], 0, []])
    }
  })

  it('lie in one directory where that is shared, written by all at once', async () => {
    const first = await Promise.all([1, 2, 3, 4].map(() => open('shared', AT_ONCE)))
    const ids = await Promise.all(first.map((node, seed) => node.propose(seed)))
    await Promise.all(first.map((node) => node.set.save()))
    const sha256 = Buffer.from(pictureOf(2).sha256, 'hex')
    const [one] = first as [Node]
    await Promise.all(first.map((node) => node.set.catchUp()))
    await one.set.save()
    expect((await contentOf('shared', one)).includes(sha256)).toBe(true)
    await one.retract(ids[2] ?? '')
    await expect
      .poll(async () => (await contentOf('shared', one)).includes(sha256), SOON)
      .toBe(false)
    await close(...first)
    expect(await readdir(directory)).toEqual(['shared'])
    readings = 0
    const again = await Promise.all([1, 2, 3].map(() => open('shared')))
    for (const node of again) {
      expect([await node.found(1), await node.found(2), node.set.items]).toEqual([[ids[1]], [], 3])
    }
    expect([readings, warnings]).toEqual([0, []])
  })

  it('are noise on a machine that is down, soon after something was removed', async () => {
    const [down, one] = [await open('down'), await open('one', AT_ONCE)]
    const ids = [await one.propose(1), await one.propose(2)]
    await down.set.catchUp()
    await close(down)
    await copyFile(at('down'), at('kept'))
    const sha256 = Buffer.from(pictureOf(1).sha256, 'hex')
    expect((await contentOf('down', one)).includes(sha256)).toBe(true)
    await one.retract(ids[0] ?? '')
    for (const file of ['down', 'kept']) {
      await expect
        .poll(() => contentOf(file, one).then(() => 'readable', String), SOON)
        .toContain('not written from this store')
    }
    expect((await contentOf('one', one)).includes(sha256)).toBe(false)
    readings = 0
    const back = await open('down')
    expect([await back.found(1), await back.found(2), readings]).toEqual([[], [ids[1]], 1])
  })

  it('stay readable on a machine that is down while only something is added', async () => {
    const [down, one] = [await open('down'), await open('one', AT_ONCE)]
    await one.propose(1)
    await down.set.catchUp()
    await close(down)
    for (let seed = 2; seed < 6; seed += 1) {
      await one.propose(seed)
      await one.set.catchUp()
      await one.set.save()
    }
    readings = 0
    const back = await open('down')
    expect([back.set.items, readings, warnings]).toEqual([5, 0, []])
  })
})

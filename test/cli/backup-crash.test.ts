import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readDataKey, systemRandom } from '../../src/core/index.ts'
import { openDataKeys, openLevelStore } from '../../src/store/index.ts'
import { createHome, type Home } from './hindra.ts'
import { usually } from '../long.ts'

/** So much that a backup and a restore take long enough to be interrupted. */
const PIECES = 1_500
const PIECE_BYTES = 16 * 1024
const TRIES = 6

let home: Home
let admin: string
let intake: string
let out: string

beforeAll(async () => {
  home = createHome()
  admin = ((await home.json(['init', '--admin', 'Ada'])) as { admin: { key: string } }).admin.key
  intake = (await home.person('Ida', 'intake')).key
  await home.json(['tip', 'https://host.example/1.jpg'], { key: intake })
  const store = await openLevelStore({ directory: join(home.data, 'store') })
  await openDataKeys(store, readDataKey({ file: join(home.data, 'data.key') }), systemRandom)
  for (let from = 0; from < PIECES; from += 100) {
    await store.transact((tx) => {
      for (let n = from; n < from + 100; n += 1) {
        // What no compression makes small, and the same in each run.
        const piece = Buffer.alloc(PIECE_BYTES)
        for (let at = 0; at < PIECE_BYTES; at += 4)
          piece.writeInt32LE(((n * 7_919 + at) ** 2) | 0, at)
        tx.put(['filler', n], piece)
      }
      return Promise.resolve()
    })
  }
  await store.close()
  out = join(home.directory, 'a.backup')
  await home.json(['backup', '--out', out], { key: admin })
})
afterAll(() => home.dispose())

/** Once there is so much of the file or directory, or the process has ended. */
async function untilThere(path: string, child: ChildProcess, bytes = 0): Promise<void> {
  while (child.exitCode === null && !(existsSync(path) && statSync(path).size >= bytes)) {
    await sleep(1)
  }
}

async function killed(child: ChildProcess): Promise<boolean> {
  if (child.exitCode !== null) return false
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  const [, signal] = (await ended) as [number | null, NodeJS.Signals | null]
  return signal === 'SIGKILL'
}

async function isWhole(file: string): Promise<boolean> {
  return (await home.run(['restore', file, '--check'])).code === 0
}

describe('kill -9', () => {
  it('of the command in mid-backup leaves the older backup, and no half one that passes', async () => {
    const before = readFileSync(out)
    let interrupted = 0
    for (let n = 0; n < TRIES && interrupted < usually(1, 2); n += 1) {
      const child = home.start(['backup', '--out', out], { key: admin })
      await untilThere(`${out}.part`, child, 1_000_000 * (n + 1))
      if (!(await killed(child)) || !existsSync(`${out}.part`)) continue
      interrupted += 1
      expect(readFileSync(out).equals(before)).toBe(true)
      const half = await home.run(['restore', `${out}.part`, '--check'])
      if (statSync(`${out}.part`).size < before.length) {
        expect(half.stderr).toMatch(/^BACKUP_DAMAGED/)
      }
    }
    expect(interrupted).toBeGreaterThan(0)
    await home.json(['backup', '--out', out], { key: admin })
    expect([await isWhole(out), existsSync(`${out}.part`)]).toEqual([true, false])
  })

  it('of the server in mid-backup is said, and leaves the older backup', async () => {
    let interrupted = 0
    for (let n = 0; n < TRIES && interrupted === 0; n += 1) {
      const server = await home.serve()
      const child = home.start(['backup', '--out', out], { key: admin })
      await untilThere(`${out}.part`, child, 100_000)
      await server.end('SIGKILL')
      if (child.exitCode === null) await once(child, 'exit')
      expect(await isWhole(out)).toBe(true)
      expect(existsSync(`${out}.part`)).toBe(false)
      if (child.exitCode !== 0) interrupted += 1
    }
    expect(interrupted).toBe(1)
  })

  it('in mid-restore leaves nothing that passes for a store; the next one makes it whole', async () => {
    const data = join(home.directory, 'other')
    const env = { HINDRA_DATA_KEY_FILE: join(home.data, 'data.key') }
    const restore = ['restore', out, '--data', data]
    const { id } = (await home.json([...restore.slice(0, 2), '--check'])) as { id: string }
    const begun = join(data, `store.restoring-${id}`)
    let interrupted = 0
    for (let n = 0; n < TRIES && interrupted < usually(1, 3); n += 1) {
      const child = home.start(restore, { env })
      await untilThere(begun, child)
      await sleep(n * 15)
      // It may have come to its end a moment before.
      if (!(await killed(child)) || existsSync(join(data, 'store'))) break
      interrupted += 1
      const refused = await home.run(['tips', '--data', data], { key: intake, env })
      expect(refused.stderr).toMatch(/^NOT_INITIALISED/)
    }
    expect(interrupted).toBeGreaterThan(0)
    if (!existsSync(join(data, 'store'))) await home.json(restore, { env })
    expect(existsSync(begun)).toBe(false)
    const found = await home.json(['tips', '--data', data], { key: intake, env })
    expect(found).toEqual(await home.json(['tips'], { key: intake }))
    const store = await openLevelStore({ directory: join(data, 'store') })
    const pieces = await store.transact(async (tx) => {
      let count = 0
      for await (const { value } of tx.range({ prefix: ['filler'] })) {
        if (value.length === PIECE_BYTES) count += 1
      }
      return count
    })
    await store.close()
    expect(pieces).toBe(PIECES)
  })
})

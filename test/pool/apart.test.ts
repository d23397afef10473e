import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { filmMp4, sceneJpeg } from '../../fixtures/index.ts'
import { configWith } from '../../src/config.ts'
import { fingerprintMedia } from '../../src/fingerprint/index.ts'
import { confinementOf } from '../../src/pool/confinement.ts'
import { createPool, type Pool } from '../../src/pool/index.ts'
import { hasBareRoot } from '../packed/bare-root.ts'
import { startChild } from '../store/child.ts'

const { decode: limits, pool: settings } = configWith({})
const opened: Pool[] = []

function open(worker?: string): Pool {
  const rogue = { url: new URL(`${worker ?? ''}.js`, import.meta.url), execArgv: [] }
  const pool = createPool({
    settings: { ...settings, apart: true, threads: 3 },
    limits,
    ...(worker === undefined ? {} : { worker: rogue }),
  })
  opened.push(pool)
  return pool
}
afterAll(async () => {
  for (const pool of opened) await pool.close()
})

function childrenOf(pid: number): readonly string[] {
  const tasks = readdirSync(`/proc/${pid}/task`)
  return tasks.flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean),
  )
}

const order = (text: string) => new TextEncoder().encode(text).slice()

describe('a pool apart', () => {
  it('gives what hashing in place gives, for pictures and films', async () => {
    const pool = open()
    const film = await filmMp4(23, { seconds: 1, width: 160, height: 120 })
    const files = [await sceneJpeg(21), await sceneJpeg(22), film]
    const expected = await Promise.all(files.map((bytes) => fingerprintMedia(bytes, limits)))
    const found = await Promise.all(files.map((bytes) => pool.fingerprint(Buffer.from(bytes))))
    expect(found).toEqual(expected)
    await expect(pool.fingerprint(files[0]?.subarray(0, 900) ?? order(''))).rejects.toMatchObject({
      code: 'MEDIA_CORRUPT',
    })
  })

  it.runIf(hasBareRoot())(
    'where /dev/shm is read-only, hashes pictures unconfined, and films not at all',
    async () => {
      const film = join(mkdtempSync(join(tmpdir(), 'hindra-shm-')), 'film.mp4')
      writeFileSync(film, await filmMp4(23, { seconds: 1, width: 160, height: 120 }))
      const script = `
      import { readFileSync } from 'node:fs'
      import { configWith } from './src/config.ts'
      import { sceneJpeg } from './fixtures/index.ts'
      import { confinementOf, createPool } from './src/pool/index.ts'
      const { decode: limits, pool: settings } = configWith({})
      const pool = createPool({ settings: { ...settings, apart: true, threads: 1 }, limits })
      const { kind } = await pool.fingerprint(await sceneJpeg(21))
      const refused = await pool.fingerprint(readFileSync(${JSON.stringify(film)})).catch(({ code }) => code)
      await pool.close()
      console.log(JSON.stringify({ why: confinementOf([]).why, kind, refused }))`
      const shm = ['--dev-bind', '/', '/', '--tmpfs', '/dev/shm', '--remount-ro', '/dev/shm']
      const node = [process.execPath, '--import', 'tsx', '--input-type=module', '--eval', script]
      const said = execFileSync('bwrap', [...shm, ...node], { encoding: 'utf8' })
      rmSync(dirname(film), { recursive: true })
      expect(JSON.parse(said)).toEqual({
        why: '/dev/shm cannot be written',
        kind: 'image',
        refused: 'SHM_UNAVAILABLE',
      })
    },
  )

  it('leaves no image of its memory on the disk where it crashes', async () => {
    const before = childrenOf(process.pid)
    const pool = open()
    await pool.fingerprint(await sceneJpeg(24))
    const made = childrenOf(process.pid).filter((pid) => !before.includes(pid))
    expect(made).toHaveLength(1)
    const limits = made.map((pid) => readFileSync(`/proc/${pid}/limits`, 'utf8'))
    expect(limits.join('')).toMatch(/^Max core file size +0 +0 /m)
  })

  it('is replaced after so many files, and none of them pays for it', async () => {
    const pool = createPool({
      settings: { ...settings, apart: true, threads: 3 },
      limits,
      tasksMax: 5,
    })
    opened.push(pool)
    const files = await Promise.all([31, 32, 33, 34].map((seed) => sceneJpeg(seed)))
    const expected = await Promise.all(files.map((bytes) => fingerprintMedia(bytes, limits)))
    const processes = new Set<string>()
    for (let round = 0; round < 4; round += 1) {
      const found = await Promise.all(files.map((bytes) => pool.fingerprint(Buffer.from(bytes))))
      expect(found).toEqual(expected)
      for (const child of childrenOf(process.pid)) processes.add(child)
    }
    // Of this pool and those that the tests before have left open.
    const left = new Set(childrenOf(process.pid))
    expect([...processes].filter((child) => !left.has(child)).length).toBeGreaterThanOrEqual(2)
  }, 60_000)

  it('sees what a picture is looked for by as threads beside do', async () => {
    const beside = createPool({ settings: { ...settings, apart: false, threads: 1 }, limits })
    opened.push(beside)
    const file = await sceneJpeg(29, { width: 500, height: 400 })
    const [here, there] = await Promise.all(
      [beside, open()].map((pool) => pool.sight(Uint8Array.from(file), 'default')),
    )
    expect(here?.seen?.[0]?.features).toBeInstanceOf(Uint8Array)
    expect(there).toEqual(here)
  })

  it('takes what the memory that is handed over has no room for by another way', async () => {
    const script = new URL('./little-room.ts', import.meta.url)
    const child = startChild(script, [], { fileBytesMax: 256 * 1024 })
    const said: string[] = []
    for await (const line of child.lines) said.push(line)
    expect(said).toEqual(['done', 'done', 'done'])
  })

  it('has a signal end what waits and what is under way', async () => {
    const pool = open('rogue-worker')
    const abort = new AbortController()
    const running = pool.fingerprint(order('sleep 60000'), { signal: abort.signal })
    await expect(pool.fingerprint(order('parent'))).resolves.toMatchObject({
      md5: String(process.pid),
    })
    abort.abort(new Error('no longer wanted'))
    await expect(running).rejects.toThrow('no longer wanted')
    expect(await pool.fingerprint(order('nothing'))).toMatchObject({ md5: 'nothing' })
  })

  it('shows what was asked for and nothing else, whatever a decoder answers', async () => {
    const pool = open('rogue-worker')
    const size = { sideMax: 4, isGrey: true }
    const still = (answer: object) => pool.still(order(`still ${JSON.stringify(answer)}`), size)
    const asAsked = { width: 6, height: 4, channels: 1, frames: 2 }
    await expect(still(asAsked)).resolves.toMatchObject(asAsked)
    for (const wrong of [
      { ...asAsked, channels: 3, width: 2 },
      { ...asAsked, width: 4, height: 6 },
      { ...asAsked, width: 24, height: 1 },
      { ...asAsked, width: 5 },
      { ...asAsked, frames: 5 },
      { ...asAsked, height: '4' },
    ]) {
      await expect(still(wrong)).rejects.toMatchObject({ code: 'WORKER_DIED' })
    }
    await expect(pool.still(order('nothing'), size)).rejects.toMatchObject({ code: 'WORKER_DIED' })
  })

  it('dies over the file that breaks it, and no other pays for that', async () => {
    const pool = open('rogue-worker')
    const beside = [1, 2].map(() => pool.fingerprint(order('sleep 300')))
    const guilty = pool.fingerprint(order('crash'))
    const behind = [1, 2, 3].map(() => pool.fingerprint(order('nothing')))
    await expect(guilty).rejects.toMatchObject({ code: 'WORKER_DIED' })
    await expect(Promise.all([...beside, ...behind])).resolves.toHaveLength(5)
    await expect(pool.fingerprint(order('crash'))).rejects.toMatchObject({ code: 'WORKER_DIED' })
  })
})

describe.runIf(confinementOf([]).isConfined)('what has taken a decoder over', () => {
  let pool: Pool
  let directory: string
  const server = createServer()

  beforeAll(async () => {
    pool = open('rogue-worker')
    directory = mkdtempSync(join(tmpdir(), 'hindra-apart-'))
    writeFileSync(join(directory, 'data.key'), 'a key')
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
  })
  afterAll(() => {
    server.close()
    rmSync(directory, { recursive: true })
  })

  async function got(what: string): Promise<string> {
    return (await pool.fingerprint(order(what))).md5
  }

  it('reads no file of the data directory, none of the system beyond programs, and writes none', async () => {
    expect(await got(`read ${join(directory, 'data.key')}`)).toBe('EACCES')
    expect(await got('read /etc/passwd')).toBe('EACCES')
    expect(await got(`write ${join(directory, 'new')}`)).toBe('EACCES')
    // What it is made of it may read, or this proves nothing.
    expect(await got('read /proc/self/cmdline')).toContain('apart')
  })

  it('reaches no network and no socket', async () => {
    const { port } = server.address() as AddressInfo
    expect(await got(`connect 127.0.0.1:${String(port)}`)).toBe('EPERM')
    expect(await got('connect /run/hindra.sock')).toBe('EPERM')
  })

  it('has nothing of the environment, and looks into no other process', async () => {
    process.env['HINDRA_DATA_KEY_VALUE'] = 'a secret'
    const fresh = open('rogue-worker')
    const { md5 } = await fresh.fingerprint(order('environment'))
    delete process.env['HINDRA_DATA_KEY_VALUE']
    expect(Object.keys(JSON.parse(md5) as object)).not.toContain('HINDRA_DATA_KEY_VALUE')
    expect(await got(`read /proc/${String(process.pid)}/environ`)).toBe('EACCES')
    expect(await got(`read /proc/${String(process.pid)}/maps`)).toBe('EACCES')
  })
})

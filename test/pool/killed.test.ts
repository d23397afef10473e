import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runFfmpeg } from '../../fixtures/index.ts'
import { configWith } from '../../src/config.ts'
import { createPool, type Pool } from '../../src/pool/index.ts'
import { nameOf, treeOf } from '../hostile/process-tree.ts'

const { decode: limits, pool: settings } = configWith({})
let film: Uint8Array
let pool: Pool
let before: readonly number[]

beforeAll(async () => {
  before = treeOf(process.pid)
  // Some seconds of work for its decoder.
  const source = ['-f', 'lavfi', '-i', 'testsrc2=s=1280x720:r=30:d=60']
  film = await runFfmpeg(
    [...source, '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-f', 'mp4'],
    new Uint8Array(),
  )
  pool = createPool({ settings: { ...settings, apart: true, threads: 1 }, limits })
}, 60_000)
afterAll(() => pool.close())

/** Programs of the names of ffmpeg's that say and do nothing. */
function hangingPrograms(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hindra-hanging-'))
  for (const name of ['ffmpeg', 'ffprobe']) {
    writeFileSync(join(folder, name), '#!/bin/sh\nexec sleep 64\n', { mode: 0o755 })
  }
  return folder
}

/** Processes of the pool by the name of their program. */
function ours(name: string): readonly number[] {
  return treeOf(process.pid).filter((pid) => !before.includes(pid) && nameOf(pid) === name)
}

async function decoding(name = 'ffmpeg'): Promise<number> {
  await expect.poll(() => ours(name).length, { timeout: 20_000 }).toBe(1)
  const [pid = 0] = ours(name)
  return pid
}

/** Processes of the pool that wait for a decoder, whatever their version of Node calls itself. */
function above(decoder: number): readonly number[] {
  const own = treeOf(process.pid).filter((pid) => !before.includes(pid) && pid !== decoder)
  return own.filter((pid) => treeOf(pid).includes(decoder))
}

function runs(pid: number): boolean {
  return nameOf(pid) !== ''
}

describe('a film whose decoding is ended from outside', () => {
  it('in the middle of its process: a typed error, no decoder left, and the next is hashed', async () => {
    const work = pool.fingerprint(new Uint8Array(film))
    const refused = expect(work).rejects.toMatchObject({ code: 'OVERLOADED' })
    const decoder = await decoding()
    for (const pid of above(decoder)) process.kill(pid, 'SIGKILL')
    await refused
    await expect.poll(() => runs(decoder), { timeout: 1_000 }).toBe(false)
    const next = await pool.fingerprint(new Uint8Array(film))
    expect(next.views.length).toBeGreaterThan(30)
  }, 120_000)

  it('for want of memory: the system ends decoders, and what waits for them, before the server', async () => {
    const work = pool.fingerprint(new Uint8Array(film))
    const decoder = await decoding()
    const scores = [decoder, ...above(decoder), process.pid].map((pid) =>
      Number(readFileSync(`/proc/${String(pid)}/oom_score_adj`, 'utf8')),
    )
    expect(scores.length).toBeGreaterThan(2)
    expect(scores.slice(0, -1).every((score) => score === 500)).toBe(true)
    expect(scores.at(-1)).toBeLessThan(500)
    await work
  }, 120_000)

  it('of its decoder alone: a typed error, and the next is hashed', async () => {
    const work = pool.fingerprint(new Uint8Array(film))
    const refused = expect(work).rejects.toMatchObject({ code: 'OVERLOADED' })
    process.kill(await decoding(), 'SIGKILL')
    await refused
    expect((await pool.fingerprint(new Uint8Array(film))).kind).toBe('film')
  }, 120_000)

  it('by who asked: no decoder is left', async () => {
    const abort = new AbortController()
    const work = pool.fingerprint(new Uint8Array(film), { signal: abort.signal })
    const left = expect(work).rejects.toThrow('no longer wanted')
    const decoder = await decoding()
    abort.abort(new Error('no longer wanted'))
    await left
    await expect.poll(() => runs(decoder), { timeout: 1_000 }).toBe(false)
  }, 60_000)

  it.each(['SIGKILL', 'abort'])(
    'a decoder that hangs ends with who waits for it (%s)',
    async (how) => {
      const folder = hangingPrograms()
      process.env['HINDRA_FFMPEG'] = join(folder, 'ffmpeg')
      const hanging = createPool({ settings: { ...settings, apart: true, threads: 1 }, limits })
      try {
        const abort = new AbortController()
        const work = hanging.fingerprint(new Uint8Array(film), { signal: abort.signal })
        const left = expect(work).rejects.toThrow()
        const decoder = await decoding('sleep')
        if (how === 'abort') abort.abort(new Error('no longer wanted'))
        else for (const pid of above(decoder)) process.kill(pid, how)
        await left
        await expect.poll(() => runs(decoder), { timeout: 1_000 }).toBe(false)
      } finally {
        delete process.env['HINDRA_FFMPEG']
        await hanging.close()
        rmSync(folder, { recursive: true })
      }
    },
    60_000,
  )
})

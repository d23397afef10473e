import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { clearLeftovers } from './directory.ts'

let base: string
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'leftovers-'))
})
afterEach(() => rm(base, { recursive: true }))

it('removes what a process that is gone left, and nothing else', async () => {
  const gone = spawnSync(process.execPath, ['--version']).pid
  const kept = [`hindra-simulation-${process.pid}-b`, `other-${gone}-c`]
  for (const name of [`hindra-simulation-${gone}-a`, ...kept]) {
    await mkdir(join(base, name, 'exports'), { recursive: true })
  }
  await clearLeftovers(base)
  expect((await readdir(base)).sort()).toEqual(kept)
})

import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { usually } from '../long.ts'

/** Of the benches, the usual run asks each so-manieth. */
const EVERY = usually(3, 1)
const BENCH = resolve(import.meta.dirname, '../../bench')

interface Ended {
  readonly code: number
  readonly stderr: string
}

function bench(...args: readonly string[]): Promise<Ended> {
  const main = ['--import', 'tsx', join(BENCH, 'main.ts'), ...args]
  return new Promise((done) => {
    execFile(process.execPath, main, (error, _stdout, stderr) => {
      done({ code: error === null ? 0 : Number(error.code), stderr })
    })
  })
}

describe('npm run bench -- NAME --only', () => {
  const names = readdirSync(BENCH).flatMap((file) => /^(\w+)\.bench\.ts$/.exec(file)?.[1] ?? [])

  // Each is a process that loads all of its bench.
  it.each(names.filter((_, number) => number % EVERY === 0))(
    '%s refuses a name that no case has, and says which there are',
    async (name) => {
      const { code, stderr } = await bench(name, '--only', 'none')
      expect([code, stderr]).toEqual([
        2,
        expect.stringMatching(/^--only: there is no case "none"; the cases are \w/),
      ])
    },
  )

  it('takes several, and refuses them all where one is unknown', async () => {
    const { code, stderr } = await bench('feed', '--only', 'plain, media,other,')
    expect(code).toBe(2)
    expect(stderr).toContain(
      'there is no case "other", ""; the cases are plain, million, derived-31',
    )
  })
})

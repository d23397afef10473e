import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { portableHasher } from '../../src/fingerprint/index.ts'
import { hashDrawings } from './hash-drawings.ts'

const SEED = Number(process.env['HINDRA_SEED'] ?? 20261124)
const script = fileURLToPath(new URL('say-hashes.ts', import.meta.url))

describe(`kernels, seed ${SEED}`, () => {
  const expected = hashDrawings(portableHasher, SEED)

  it.each(['scalar', 'avx2', 'avx512', 'neon'])(
    '%s says what the portable hasher says',
    async (kernel) => {
      const said = await sayHashes(kernel)
      if (said === undefined) {
        console.warn(`skipped: the kernels ${kernel} do not run here`)
        return
      }
      const { kernel: used, lines } = JSON.parse(said) as { kernel: string; lines: string[] }
      expect(used).toBe(kernel)
      expect(lines).toEqual(expected)
    },
  )
})

/** Undefined where these kernels cannot be had here. */
async function sayHashes(kernel: string): Promise<string | undefined> {
  const env = { ...process.env, HINDRA_KERNEL: kernel }
  const args = ['--import', 'tsx', script, String(SEED)]
  try {
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      env,
      maxBuffer: 2 ** 26,
    })
    return stdout
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    if (/is none of those that run here|it was not built/.test(text)) return undefined
    throw error
  }
}

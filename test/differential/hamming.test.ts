import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { hasNativeCore } from '../index/native-core.ts'
import { firstDifference, SET_NAMES } from './hamming-cases.ts'

const PROGRAM = fileURLToPath(new URL('hamming-process.ts', import.meta.url))
const SEED = 3

describe.runIf(hasNativeCore())('the native index beside the linear one', () => {
  it.each(SET_NAMES)('on hashes that are %s', async (set) => {
    expect(await firstDifference(set, 1)).toBeUndefined()
  })

  it.each(['scalar', 'avx2', 'avx512', 'neon'])('with the kernel set %s', async (kernel) => {
    const said = await inProcess(kernel)
    if (said === undefined) {
      console.warn(`skipped: the kernels ${kernel} do not run here`)
      return
    }
    const { kernel: used, differences } = JSON.parse(said) as Record<string, unknown>
    // A processor may have AVX-512 without its counting of bits: its set searches with AVX2, and says so.
    expect(kernel === 'avx512' ? ['avx512', 'avx2'] : [kernel]).toContain(used)
    expect(differences).toEqual([])
  })
})

/** Undefined where these kernels cannot be had here. */
async function inProcess(kernel: string): Promise<string | undefined> {
  const env = { ...process.env, HINDRA_KERNEL: kernel }
  try {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', PROGRAM, String(SEED)],
      { env },
    )
    return stdout
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    if (text.includes('is none of those that run here')) return undefined
    throw error
  }
}

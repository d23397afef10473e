import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { LoadOptions, LoadResult } from './load.ts'

const execute = promisify(execFile)

/** Loads a server from a process of its own. Throws where a known hash was not found. */
export async function load(options: LoadOptions): Promise<LoadResult> {
  const file = fileURLToPath(new URL('load.ts', import.meta.url))
  const args = ['--import', 'tsx', file, JSON.stringify(options)]
  const { stdout } = await execute(process.execPath, args, { maxBuffer: 256 * 1024 ** 2 })
  const result = JSON.parse(stdout) as LoadResult
  if (result.pending !== result.planted) {
    throw new Error(`${result.pending} of ${result.planted} known hashes were found`)
  }
  return result
}

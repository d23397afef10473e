import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, renameSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { ffmpegPath } from '../../src/decode/index.ts'

/** Under the folder for temporary files: what a later run need not make again. Without it all is made anew. */
const FOLDER = 'hindra-bench-film'
const QUIET = ['-nostdin', '-hide_banner', '-v', 'error', '-y']
/** On one thread and without times of day: the same arguments give the same bytes. */
const REPEATABLE = ['-threads', '1', '-map_metadata', '-1', '-fflags', '+bitexact']
const execute = promisify(execFile)
const underWay = new Map<string, Promise<string>>()

/** A frame is of an even width and height, its pixels square. */
export const EVEN = 'crop=trunc(iw/2)*2:trunc(ih/2)*2,setsar=1'

export function h264(quality: number): readonly string[] {
  const codec = ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p']
  return ['-an', ...codec, '-crf', String(quality), '-flags', '+bitexact', '-f', 'mp4']
}

/** The file that ffmpeg makes by these arguments, made once. Files among them are told apart by their names. */
export function madeByFfmpeg(ending: string, args: readonly string[]): Promise<string> {
  return madeOnce(ending, args, async (path) => {
    const before = [...QUIET, '-threads', '1', '-filter_complex_threads', '1']
    await execute(ffmpegPath(), [...before, ...args, ...REPEATABLE, path])
  })
}

/** The file with these bytes, which are asked for once for the same key. */
export function madeBy(
  ending: string,
  key: readonly string[],
  bytes: () => Promise<Uint8Array | string>,
): Promise<string> {
  return madeOnce(ending, key, async (path) => writeFile(path, await bytes()))
}

function madeOnce(
  ending: string,
  key: readonly string[],
  make: (path: string) => Promise<void>,
): Promise<string> {
  const digest = createHash('sha256').update(JSON.stringify(key)).digest('hex').slice(0, 32)
  const folder = join(tmpdir(), FOLDER)
  const path = join(folder, `${digest}.${ending}`)
  if (existsSync(path)) return Promise.resolve(path)
  const begun = underWay.get(path)
  if (begun !== undefined) return begun
  mkdirSync(folder, { recursive: true })
  // Whole or not there: a run may be ended at any time, and another one may go on beside it.
  const part = `${path}.${process.pid}${extname(path)}`
  const making = make(part).then(() => {
    renameSync(part, path)
    return path
  })
  underWay.set(path, making)
  return making
}

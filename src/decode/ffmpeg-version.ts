import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { ffmpegPath } from './ffmpeg-path.ts'

/** Version of the ffmpeg in use, such as `7.1.5-0+deb13u1`; undefined where there is none. */
export async function ffmpegVersion(): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(ffmpegPath(), ['-version'])
    return /^ffmpeg version (\S+)/.exec(stdout)?.[1]
  } catch {
    return undefined
  }
}

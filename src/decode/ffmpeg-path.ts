import { accessSync, constants } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { HindraError } from '../errors.ts'

/** The ffmpeg that is used: HINDRA_FFMPEG, else the one in PATH. Throws FFMPEG_MISSING. */
export function ffmpegPath(): string {
  return found('ffmpeg', process.env['HINDRA_FFMPEG'] ?? findProgram('ffmpeg'))
}

/** The ffprobe beside that ffmpeg, else the one in PATH. Throws FFMPEG_MISSING. */
export function ffprobePath(): string {
  const beside = join(dirname(ffmpegPath()), 'ffprobe')
  return found('ffprobe', isExecutable(beside) ? beside : findProgram('ffprobe'))
}

/** Looks for a program in PATH, as a shell does. */
export function findProgram(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  return folders.map((folder) => join(folder, name)).find(isExecutable)
}

function found(name: string, path: string | undefined): string {
  if (path !== undefined && isExecutable(path)) return path
  throw new HindraError('FFMPEG_MISSING', `${path ?? name} is not there or cannot be run`)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

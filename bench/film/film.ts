import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { z } from 'zod'
import { findProgram } from '../../src/decode/index.ts'

/** A film in a file. */
export interface Film {
  /** What people call it. */
  readonly name: string
  readonly path: string
  readonly width: number
  readonly height: number
  readonly fps: number
  readonly seconds: number
}

const execute = promisify(execFile)
const probed = z.object({
  streams: z.tuple([
    z.object({ width: z.int(), height: z.int(), avg_frame_rate: z.string().regex(/^\d+\/[1-9]/) }),
  ]),
  format: z.object({ duration: z.coerce.number() }),
})

export async function filmAt(name: string, path: string): Promise<Film> {
  const fields = 'stream=width,height,avg_frame_rate:format=duration'
  const args = ['-v', 'error', '-select_streams', 'v:0', '-show_entries', fields, '-of', 'json']
  const { stdout } = await execute(findProgram('ffprobe') ?? 'ffprobe', [...args, path])
  const { streams, format } = probed.parse(JSON.parse(stdout))
  const [{ width, height, avg_frame_rate: rate }] = streams
  const [frames = 0, each = 1] = rate.split('/').map(Number)
  return { name, path, width, height, fps: frames / each, seconds: format.duration }
}

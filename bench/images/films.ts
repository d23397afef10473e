import { filmMp4 } from '../../fixtures/index.ts'
import { configWith } from '../../src/config.ts'
import { fingerprintMedia } from '../../src/fingerprint/index.ts'
import type { Bench } from '../bench.ts'
import { alternate } from './rounds.ts'

const { decode: limits } = configWith({})
const SECONDS = 20

/** Wall time, for ffmpeg is a process of its own. */
export async function benchFilms(bench: Bench): Promise<void> {
  const film = await filmMp4(bench.seed, { seconds: SECONDS, width: 640, height: 360 })
  const hash = async () => (await fingerprintMedia(film, limits)).views.length
  const frames = await hash()
  bench.note(`films: ${SECONDS} s of 640x360, ${frames} frames looked at`)
  const { wallSeconds } = (await alternate({ hash })).hash
  const rates = [
    ['frames', frames / wallSeconds, 'frames/s'],
    ['film time per time', SECONDS / wallSeconds, 's/s'],
  ] as const
  for (const [metric, value, unit] of rates) bench.record({ case: 'films', metric, value, unit })
}

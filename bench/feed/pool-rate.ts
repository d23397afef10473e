import { configWith } from '../../src/config.ts'
import { createPool } from '../../src/pool/index.ts'
import { median } from '../measure.ts'
import { grainyPictures } from './pictures.ts'

const ROUNDS = 5

/** Pictures a second that the pool scans, as many under way as a server works on. */
export async function poolRate(seed: number, count: number): Promise<number> {
  const { pool: settings, decode: limits, server } = configWith({})
  const pool = createPool({ settings, limits })
  const pictures = await grainyPictures(seed, count)
  const rates: number[] = []
  for (let round = 0; round <= ROUNDS; round += 1) {
    const start = performance.now()
    const waiting = [...pictures, ...pictures, ...pictures].values()
    const lane = async () => {
      for (const picture of waiting) await pool.scan(picture)
    }
    await Promise.all(Array.from({ length: server.linesInFlightMax }, lane))
    // The first round warms the threads.
    if (round > 0) rates.push((3e3 * count) / (performance.now() - start))
  }
  await pool.close()
  return median(rates)
}

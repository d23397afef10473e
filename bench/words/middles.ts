import type { SeededRandom } from '../../src/core/index.ts'

const ROUNDS = 25

/** Points such that each of the given ones is near one of them: k-means, by Lloyd. */
export function middlesOf(
  points: readonly Float64Array[],
  count: number,
  random: SeededRandom,
): Float64Array[] {
  const size = points[0]?.length ?? 0
  let middles = Array.from({ length: count }, () => {
    return points[random.integer(0, points.length - 1)]?.slice() ?? new Float64Array(size)
  })
  for (let round = 0; round < ROUNDS; round += 1) {
    const sums = middles.map(() => new Float64Array(size))
    const counts = middles.map(() => 0)
    for (const point of points) {
      const nearest = nearestOf(point, middles)
      counts[nearest] = (counts[nearest] ?? 0) + 1
      sums[nearest]?.forEach((sum, at, all) => {
        all[at] = sum + (point[at] ?? 0)
      })
    }
    middles = middles.map((middle, index) => {
      const members = counts[index] ?? 0
      return members === 0 ? middle : (sums[index] ?? middle).map((sum) => sum / members)
    })
  }
  return middles
}

function nearestOf(point: Float64Array, middles: readonly Float64Array[]): number {
  let nearest = 0
  let least = Number.POSITIVE_INFINITY
  middles.forEach((middle, index) => {
    let distance = 0
    for (let at = 0; at < point.length; at += 1) {
      distance += ((point[at] ?? 0) - (middle[at] ?? 0)) ** 2
    }
    if (distance < least) [nearest, least] = [index, distance]
  })
  return nearest
}

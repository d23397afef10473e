const ROUNDS = 100

/**
 * The directions in which the points differ most, at right angles to each other: principal components, by
 * orthogonal iteration. A row for each number of a point, a column for each direction.
 */
export function directionsOf(points: readonly Float64Array[], count: number): Float64Array[] {
  const spread = covarianceOf(points)
  // Any start will do that is at right angles to none of them.
  let directions = Array.from({ length: count }, (_, direction) =>
    Float64Array.from(spread, (_row, number) => Math.cos(number * (direction + 1)) + 0.01),
  )
  for (let round = 0; round < ROUNDS; round += 1) {
    directions = directions.map((direction) =>
      Float64Array.from(spread, (row) => dot(row, direction)),
    )
    directions.forEach((direction, index) => {
      for (const before of directions.slice(0, index)) {
        const share = dot(direction, before)
        before.forEach((value, at) => {
          direction[at] = (direction[at] ?? 0) - share * value
        })
      }
      const length = Math.sqrt(dot(direction, direction))
      direction.forEach((value, at) => {
        direction[at] = value / length
      })
    })
  }
  return spread.map((_, number) => Float64Array.from(directions, (each) => each[number] ?? 0))
}

function covarianceOf(points: readonly Float64Array[]): Float64Array[] {
  const size = points[0]?.length ?? 0
  const means = Float64Array.from({ length: size }, (_, at) => {
    return points.reduce((sum, point) => sum + (point[at] ?? 0), 0) / points.length
  })
  const spread = Array.from({ length: size }, () => new Float64Array(size))
  for (const point of points) {
    const off = point.map((value, at) => value - (means[at] ?? 0))
    spread.forEach((row, at) => {
      const own = off[at] ?? 0
      for (let other = 0; other < size; other += 1)
        row[other] = (row[other] ?? 0) + own * (off[other] ?? 0)
    })
  }
  return spread
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let at = 0; at < a.length; at += 1) sum += (a[at] ?? 0) * (b[at] ?? 0)
  return sum
}

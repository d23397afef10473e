import { workerData } from 'node:worker_threads'
import { SeededRandom } from '../core/index.ts'
import { Graph } from './graph.ts'
import { checkLimit } from './checks.ts'
import { serveThread } from './serve-thread.ts'
import type { Label } from './port.ts'
import type { VectorAnswers, VectorRequests } from './vectors.ts'

const { dimensions } = workerData as { readonly dimensions: number }
const graph = new Graph(dimensions)
const random = new SeededRandom(1)

serveThread<VectorRequests, VectorAnswers>(({ kind, body }) => {
  switch (kind) {
    case 'add':
      graph.add(body.label, [...body.vector])
      return undefined
    case 'remove':
      for (const label of body.labels) remove(label)
      return undefined
    case 'nearest':
      checkLimit(body.count)
      return graph
        .nearest([...body.vector], body.count)
        .map(({ label, squared }) => ({ label, distance: Math.sqrt(squared) }))
        .sort((a, b) => a.distance - b.distance || a.label - b.label)
  }
})

/**
 * A removed point stays in the graph's memory until its place is used again: first it becomes another one,
 * that says nothing, in a direction of its own so that no crowd gathers where searches pass.
 */
function remove(label: Label): void {
  if (graph.has(label)) {
    graph.add(
      label,
      Array.from({ length: dimensions }, () => random.between(-1, 1)),
    )
  }
  graph.remove(label)
}

import { workerData } from 'node:worker_threads'
import { Graph } from './graph.ts'
import { checkLimit } from './checks.ts'
import { serveThread } from './serve-thread.ts'
import type { VectorReplies, VectorRequests } from './vectors.ts'

const graph = new Graph((workerData as { dimensions: number }).dimensions)

serveThread<VectorRequests, VectorReplies>(({ kind, body }) => {
  switch (kind) {
    case 'add':
      graph.add(body.label, [...body.vector])
      return undefined
    case 'remove':
      for (const label of body.labels) graph.remove(label)
      return undefined
    case 'nearest':
      checkLimit(body.count)
      return graph
        .nearest([...body.vector], body.count)
        .map(({ label, squared }) => ({ label, distance: Math.sqrt(squared) }))
        .sort((a, b) => a.distance - b.distance || a.label - b.label)
  }
})

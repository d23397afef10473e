import { workerData } from 'node:worker_threads'
import { HASH256_BYTES } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { createThreadIndex, type ThreadKind } from './kinds.ts'
import { serveThread, throwIfStopping } from './serve-thread.ts'
import type { ToThread } from './thread-calls.ts'
import { type IndexAnswers, type IndexRequests, packHits, unpackHash } from './thread-messages.ts'

const index = createThreadIndex((workerData as { kind: ThreadKind }).kind)

serveThread<IndexRequests, IndexAnswers>(answer)

function answer({ kind, body }: ToThread<IndexRequests>): IndexAnswers[keyof IndexAnswers] {
  switch (kind) {
    case 'add':
      for (const [i, label] of body.labels.entries()) {
        throwIfStopping()
        index.add(label, unpackHash(body.hashes, i))
      }
      return undefined
    case 'remove':
      body.labels.forEach((label) => index.remove(label))
      return undefined
    case 'search': {
      const { hashes, radii } = body
      const count = hashes.length / HASH256_BYTES
      const results = Array.from({ length: count }, (_, i) => {
        throwIfStopping()
        const radius = typeof radii === 'number' ? radii : (radii[i] ?? 0)
        return index.search({ hash: unpackHash(hashes, i), radius })
      })
      return packHits(results)
    }
    case 'nearest': {
      const { hashes, count } = body
      const { nearest } = index
      if (nearest === undefined) throw new HindraError('INTERNAL', 'this index knows no neighbours')
      const queries = Array.from({ length: hashes.length / HASH256_BYTES }, (_, i) => i)
      return packHits(queries.map((i) => nearest.call(index, unpackHash(hashes, i), count)))
    }
    case 'entries':
      if (index.entries === undefined)
        throw new HindraError('INTERNAL', 'this index cannot be saved')
      return index.entries()
    case 'state':
      return { exact: index.exact, saves: index.entries !== undefined, size: index.size }
  }
}

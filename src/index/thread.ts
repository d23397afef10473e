import { Worker } from 'node:worker_threads'
import { workerFile } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { checkEntries, checkLabels, checkQueries, indexClosed } from './checks.ts'
import { inChunks } from './entry-chunks.ts'
import type { ThreadKind } from './kinds.ts'
import type { PackedHits, SearchIndex } from './port.ts'
import type {
  FromIndexThread,
  IndexReplies,
  IndexRequests,
  RequestKind,
} from './thread-messages.ts'

interface Call {
  resolve(reply: IndexReplies[RequestKind]): void
  reject(error: HindraError): void
}

/** `nearest` throws INTERNAL where the kind has no graph to find neighbours by. */
export interface ThreadIndex extends SearchIndex {
  nearest(hashes: Uint8Array, count: number): Promise<PackedHits>
}

/**
 * A portable index in a thread of its own, empty, so that a search does not hold up the server.
 * Throws INDEX_LOST when it does not start.
 */
export async function openIndexThread(kind: ThreadKind): Promise<ThreadIndex> {
  const { url, execArgv } = workerFile('thread-worker', import.meta.url)
  const worker = new Worker(url, { workerData: { kind }, execArgv: [...execArgv] })
  const calls = new Map<number, Call>()
  let ended: HindraError | undefined
  let lastId = 0

  worker.on('message', (message: FromIndexThread) => {
    const call = calls.get(message.id)
    calls.delete(message.id)
    if ('reply' in message) call?.resolve(message.reply)
    else call?.reject(new HindraError(message.refusal.code, message.refusal.message))
  })
  worker.on('error', (cause) => {
    end(new HindraError('INDEX_LOST', 'the index thread failed', { cause }))
  })
  worker.on('exit', () => {
    end(new HindraError('INDEX_LOST', 'the index thread ended'))
  })

  function end(error: HindraError): void {
    ended ??= error
    for (const call of calls.values()) call.reject(ended)
    calls.clear()
  }

  function ask<Kind extends RequestKind>(
    kind: Kind,
    body: IndexRequests[Kind],
  ): Promise<IndexReplies[Kind]> {
    if (ended !== undefined) return Promise.reject(ended)
    lastId += 1
    const id = lastId
    return new Promise((resolve, reject) => {
      calls.set(id, { resolve: resolve as Call['resolve'], reject })
      worker.postMessage({ id, kind, body })
    })
  }

  const { exact, saves } = await ask('state', {})
  // Asked here: a thread would turn what is out of range into something else, and do half a call.
  return {
    kind,
    exact,
    async add(entries) {
      checkEntries(entries)
      await ask('add', entries)
    },
    async remove(labels) {
      checkLabels(labels)
      await ask('remove', { labels })
    },
    async search(hashes, radii) {
      checkQueries(hashes, radii)
      return ask('search', { hashes, radii })
    },
    nearest: (hashes, count) => ask('nearest', { hashes, count }),
    async size() {
      return (await ask('state', {})).size
    },
    save: () => (saves ? inChunks(ask('entries', {})) : undefined),
    async close() {
      end(indexClosed())
      await worker.terminate()
    },
  }
}

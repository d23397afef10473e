import { Worker } from 'node:worker_threads'
import { type Hash256, workerFile } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { indexClosed } from './checks.ts'
import type { IndexKind } from './kinds.ts'
import type { HashQuery, Hit, Label } from './port.ts'
import {
  buffersOf,
  type FromIndexThread,
  type IndexReplies,
  type IndexRequests,
  packEntries,
  packQueries,
  packRemoval,
  type RequestKind,
  unpackHits,
} from './thread-messages.ts'

/**
 * An index in a thread of its own, so that a search does not hold up the server. Calls are
 * answered in the order in which they came. Every call throws INDEX_INVALID for what the index
 * does not accept (then nothing of that call happened) and after close, and INDEX_LOST once the
 * thread has ended by itself.
 */
export interface IndexThread {
  /** False where a search may miss a hash within the radius. */
  readonly exact: boolean
  add(entries: readonly { readonly label: Label; readonly hash: Hash256 }[]): Promise<void>
  remove(labels: readonly Label[]): Promise<void>
  /** One list of hits a query, in the order of the queries, nearest first. */
  search(queries: readonly HashQuery[], limit?: number): Promise<Hit[][]>
  size(): Promise<number>
  close(): Promise<void>
}

interface Call {
  resolve(reply: IndexReplies[RequestKind]): void
  reject(error: HindraError): void
}

/** Starts the thread with an empty index. Throws INDEX_LOST when it does not start. */
export async function openIndexThread(kind: IndexKind): Promise<IndexThread> {
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
      worker.postMessage({ id, kind, body }, buffersOf(body))
    })
  }

  const { exact } = await ask('state', {})
  return {
    exact,
    async add(entries) {
      await ask('add', packEntries(entries))
    },
    async remove(labels) {
      await ask('remove', packRemoval(labels))
    },
    async search(queries, limit) {
      return unpackHits(await ask('search', packQueries(queries, limit)))
    },
    async size() {
      return (await ask('state', {})).size
    },
    async close() {
      end(indexClosed())
      await worker.terminate()
    },
  }
}

import { Worker } from 'node:worker_threads'
import { workerFile } from '../core/index.ts'
import { type ErrorCode, HindraError } from '../errors.ts'
import { indexClosed } from './checks.ts'

export type ToThread<Requests> = {
  readonly [Kind in keyof Requests]: {
    readonly id: number
    readonly kind: Kind
    readonly body: Requests[Kind]
  }
}[keyof Requests]

/** Refusals are answers, for errors lose their type on the way. */
export type FromThread<Replies> =
  | { readonly id: number; readonly reply: Replies[keyof Replies] }
  | {
      readonly id: number
      readonly refusal: { readonly code: ErrorCode; readonly message: string }
    }

/** Calls of an index thread, which works on them in their order. */
export interface ThreadCalls<Requests, Replies extends Record<keyof Requests, unknown>> {
  /** Throws what the thread refuses with, INDEX_LOST once it has ended by itself, INDEX_INVALID after `close`. */
  ask<Kind extends keyof Requests>(kind: Kind, body: Requests[Kind]): Promise<Replies[Kind]>
  /** Returns once the thread has ended, which first finishes what it is at. */
  close(): Promise<void>
}

/** An index thread is given this when it starts, and ends once `stop` holds a 1. */
export interface ThreadControl {
  readonly stop: Int32Array
}

/**
 * Starts the worker file of this name, beside this module. Its thread is asked to end and never terminated: hnswlib-node
 * aborts the whole process when that happens while it adds a point.
 */
export function startIndexThread<Requests, Replies extends Record<keyof Requests, unknown>>(
  name: string,
  workerData: object,
): ThreadCalls<Requests, Replies> {
  const { url, execArgv } = workerFile(name, import.meta.url)
  const control: ThreadControl = { stop: new Int32Array(new SharedArrayBuffer(4)) }
  const worker = new Worker(url, {
    workerData: { ...workerData, ...control },
    execArgv: [...execArgv],
  })
  const calls = new Map<
    number,
    { resolve(reply: Replies[keyof Replies]): void; reject(error: HindraError): void }
  >()
  let ended: HindraError | undefined
  let lastId = 0

  worker.on('message', (message: FromThread<Replies>) => {
    const call = calls.get(message.id)
    calls.delete(message.id)
    if ('reply' in message) call?.resolve(message.reply)
    else call?.reject(new HindraError(message.refusal.code, message.refusal.message))
  })
  worker.on('error', (cause) => {
    end(new HindraError('INDEX_LOST', 'the index thread failed', { cause }))
  })
  const gone = new Promise<void>((resolve) => {
    worker.on('exit', () => {
      end(new HindraError('INDEX_LOST', 'the index thread ended'))
      resolve()
    })
  })

  function end(error: HindraError): void {
    ended ??= error
    for (const call of calls.values()) call.reject(ended)
    calls.clear()
  }

  return {
    ask(kind, body) {
      if (ended !== undefined) return Promise.reject(ended)
      lastId += 1
      const id = lastId
      return new Promise((resolve, reject) => {
        calls.set(id, { resolve: resolve as (reply: Replies[keyof Replies]) => void, reject })
        worker.postMessage({ id, kind, body })
      })
    },
    async close() {
      end(indexClosed())
      Atomics.store(control.stop, 0, 1)
      // Wakes a thread that waits.
      worker.postMessage(null)
      await gone
    },
  }
}

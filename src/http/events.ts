import { PassThrough } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { SECOND_MS } from '../core/index.ts'
import type { AppOptions } from './app-options.ts'
import { createWriter } from './answers.ts'
import type { EventStream, ServerEvent } from '../operations/index.ts'

const EVENT_STREAM = 'text/event-stream'
/** How soon a reader that was cut off comes back. */
const RECONNECT_MS = 1_000

export function asksForEvents(request: FastifyRequest): boolean {
  return request.headers.accept?.includes(EVENT_STREAM) ?? false
}

/** Whether whoever reads may still do so: rejects where the key was revoked, or the session has ended. */
interface Guarded extends EventStream {
  check(): Promise<void>
}

/**
 * Server-sent events until the client goes, the server stops or `check` refuses. Whoever does not
 * read for `alerts.stallSeconds` is cut off: what waits for it is one page, and it comes back with
 * the id of the last event that it has.
 */
export function sendEvents(
  request: FastifyRequest,
  reply: FastifyReply,
  { engine, stopping }: Pick<AppOptions, 'engine' | 'stopping'>,
  events: Guarded,
): FastifyReply {
  const { heartbeatSeconds, stallSeconds } = engine.config.alerts
  const output = new PassThrough()
  const gone = new AbortController()
  reply.raw.once('close', () => {
    gone.abort()
  })
  const signal = AbortSignal.any([stopping, gone.signal])
  const writeText = createWriter(output)

  async function write(text: string): Promise<void> {
    const timer = setTimeout(() => output.destroy(), stallSeconds * SECOND_MS)
    await writeText(text)
    clearTimeout(timer)
  }

  async function pump(): Promise<void> {
    const pages = events.pages(signal)[Symbol.asyncIterator]()
    await write(`retry: ${RECONNECT_MS}\n\n`)
    for (let next = pages.next(); !signal.aborted; ) {
      const page = await orNothing(next, heartbeatSeconds * SECOND_MS)
      // Anew each time: a revoked key ends a stream that has been open for days.
      await events.check()
      if (page === undefined) await write(': waiting\n\n')
      else if (page.done === true) return
      else {
        await write(page.value.map(asText).join(''))
        next = pages.next()
      }
    }
  }

  pump()
    .then(
      () => output.end(),
      // Its client will ask again, and is told then what is wrong.
      () => output.end(),
    )
    .finally(() => {
      gone.abort()
      events.closed()
    })
  // Proxies that gather answers before they pass them on would hold alerts back.
  return reply.type(EVENT_STREAM).header('x-accel-buffering', 'no').send(output)
}

function asText({ id, event, data }: ServerEvent): string {
  return `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`
}

async function orNothing<Result>(work: Promise<Result>, ms: number): Promise<Result | undefined> {
  let timer: NodeJS.Timeout | undefined
  const nothing = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, ms, undefined)
  })
  return Promise.race([work, nothing]).finally(() => {
    clearTimeout(timer)
  })
}

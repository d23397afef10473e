import { EventEmitter, once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { LIVE_TOPICS, type LiveTopic } from '../../console/index.ts'
import { createTally, SECOND_MS } from '../../core/index.ts'
import { HindraError, toHindraError } from '../../errors.ts'
import type { ServerEvent } from '../../operations/index.ts'
import type { AppOptions } from '../app-options.ts'
import { sendEvents } from '../events.ts'
import { requireUse } from './visits.ts'

/** However much changes, a page is told no more often. */
const PAUSE_MS = 2 * SECOND_MS
/** Pages that one person has open at once, and all together. */
const OWN_MAX = 20
const ALL_MAX = 500

/**
 * Tells pages that are open that what they show may have changed: they then ask for themselves again, with what the
 * reader may see by then. What they ask for by themselves prolongs no session.
 */
export function mountLive(pages: FastifyInstance, options: AppOptions): void {
  const news = createNews(options)
  const open = createTally()

  pages.get('/console/live', { config: { gatekeeping: 'public' } }, async (request, reply) => {
    const use = await requireUse(request, options, 'look')
    const topics = topicsOf((request.query as { readonly of?: unknown }).of)
    const { id } = use.principal
    if (open.of(id) >= OWN_MAX || open.total >= ALL_MAX) {
      throw new HindraError('OVERLOADED', 'so many pages that update by themselves are open')
    }
    open.add(id, 1)
    return sendEvents(request, reply, options, {
      pages: (signal) => news.of(topics, signal),
      async check() {
        await requireUse(request, options, 'look')
      },
      closed() {
        open.add(id, -1)
      },
    })
  })
}

function topicsOf(given: unknown): readonly LiveTopic[] {
  const asked = typeof given === 'string' ? given.split(' ') : []
  const topics = LIVE_TOPICS.filter((topic) => asked.includes(topic))
  if (topics.length > 0) return topics
  throw new HindraError('INVALID_INPUT', `of: names some of ${LIVE_TOPICS.join(', ')}`, {
    field: 'of',
  })
}

/** One look at the store serves all pages; it begins with the first that wants it. */
function createNews({ engine, stopping, log }: Pick<AppOptions, 'engine' | 'stopping' | 'log'>) {
  const { store, tips, cases, assignments, takedown } = engine.stages
  const stages = { tips, cases, assignments, notices: takedown }
  const moves = new EventEmitter().setMaxListeners(0)
  const counts: Record<LiveTopic, number> = { tips: 0, cases: 0, assignments: 0, notices: 0 }
  const followed = new Set<LiveTopic>()

  /** Until the server stops, or the store fails: then with the next page that asks. */
  function follow(topic: LiveTopic): void {
    if (followed.has(topic)) return
    followed.add(topic)
    untilStopped(topic)
      .catch((cause: unknown) => {
        log.warn({ code: toHindraError(cause).code }, 'pages are not told what changes')
      })
      .finally(() => followed.delete(topic))
  }

  async function untilStopped(topic: LiveTopic): Promise<void> {
    while (!stopping.aborted) {
      await stages[topic].changed(store.version(), stopping)
      counts[topic] += 1
      moves.emit('moved')
    }
  }

  return {
    async *of(
      topics: readonly LiveTopic[],
      signal: AbortSignal,
    ): AsyncIterable<readonly ServerEvent[]> {
      for (const topic of topics) follow(topic)
      const sum = () => topics.reduce((all, topic) => all + counts[topic], 0)
      const isOver = () => signal.aborted
      for (let told = sum(); !isOver(); ) {
        while (sum() === told && !isOver()) {
          await once(moves, 'moved', { signal }).catch(() => undefined)
        }
        await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined)
        told = sum()
        if (!isOver()) yield [{ id: String(told), event: 'changed', data: {} }]
      }
    },
  }
}

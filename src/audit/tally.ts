import { AsyncResource } from 'node:async_hooks'
import { MINUTE_MS } from '../core/index.ts'
import type { AuditDetail } from './entry.ts'

/** What happens too often for an entry each: counted in memory, written later. */
export interface AuditTally {
  count(by: string, action: string, subject: string): void
  /** Writes what was counted. */
  flush(): Promise<void>
  /** As `flush`; what the store does not take now is lost, and nothing is counted any more. */
  close(): Promise<void>
}

interface Counted {
  readonly by: string
  readonly action: string
  readonly subject: string
  count: number
}

/**
 * @param write Appends the entries in one transaction. What it does not take is kept and tried again.
 * @param afterMs How long what was counted waits at most, in the machine's time
 */
export function createTally(
  write: (
    entries: readonly { by: string; action: string; subject: string; detail: AuditDetail }[],
  ) => Promise<void>,
  afterMs: number = MINUTE_MS,
): AuditTally {
  let counted = new Map<string, Counted>()
  let timer: NodeJS.Timeout | undefined
  let isClosed = false

  async function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    if (counted.size === 0) return
    const taken = counted
    counted = new Map()
    try {
      const entries = [...taken.values()].map(({ count, ...entry }) => ({
        ...entry,
        detail: { count },
      }))
      await write(entries)
    } catch (error) {
      for (const { by, action, subject, count } of taken.values()) add(by, action, subject, count)
      throw error
    }
  }

  /** It is of all who count, and so done by no lease of the one who came first. */
  const flushAlone = AsyncResource.bind(() => void flush().catch(() => undefined))

  function add(by: string, action: string, subject: string, more: number): void {
    if (isClosed) return
    const key = [by, action, subject].join('\n')
    const known = counted.get(key)
    if (known === undefined) counted.set(key, { by, action, subject, count: more })
    else known.count += more
    // What a failing store does not take now is tried again at the next minute.
    timer ??= setTimeout(flushAlone, afterMs).unref()
  }

  return {
    count: (by, action, subject) => {
      add(by, action, subject, 1)
    },
    flush,
    async close() {
      isClosed = true
      await flush()
    },
  }
}

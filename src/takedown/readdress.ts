import type { Case, Cases } from '../cases/index.ts'
import type { Config } from '../config.ts'
import { isoTime, MINUTE_MS } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { Context, Transaction } from '../store/index.ts'
import type { Host, Trace } from '../trace/index.ts'
import type { NoticeRow, Outbox } from './outbox.ts'
import type { Packable } from './packing.ts'

/**
 * Looks hosts up again right before sending, each once a round. A notice whose recipient changed
 * is withdrawn and queued for the new one; where no contact is found any more, it waits.
 */
export function createReaddress(
  { store, clock }: Context,
  parts: {
    readonly outbox: Outbox
    readonly cases: Cases
    readonly trace: Trace
    readonly settings: Config['takedown']
  },
) {
  const { outbox, cases, trace, settings } = parts

  return function startRound(by: string) {
    const hosts = new Map<string, Promise<Host | HindraError>>()

    /** The notice as it may go out now, a problem, or neither where somebody was faster. */
    return async function address(id: string): Promise<Packable | string | undefined> {
      const entry = await store.transact(async (tx) => {
        const { clear } = await outbox.need(tx, id)
        return await cases.read(tx, clear.caseId)
      })
      const host = await hostNow(entry.rawUrl)
      return await store.transact(async (tx) => {
        const row = await outbox.need(tx, id)
        if (row.clear.state !== 'queued') return undefined
        if (host instanceof HindraError) {
          const retryAt = isoTime(clock.now() + settings.retryMinutes * MINUTE_MS)
          outbox.change(tx, by, row, { retryAt }, `${host.code}: ${host.message}`)
          return `notice ${id}: ${host.code}: ${host.message}`
        }
        const current = await toHost(tx, by, row, host)
        return current && { row: current, urlBytes: urlBytes(entry) }
      })
    }

    function hostNow(url: string): Promise<Host | HindraError> {
      const { host: name } = new URL(url)
      const known = hosts.get(name)
      if (known !== undefined) return known
      const asked = trace.find(url, { fresh: true }).catch((error: unknown) => {
        if (error instanceof HindraError) return error
        throw error
      })
      hosts.set(name, asked)
      return asked
    }
  }

  async function toHost(
    tx: Transaction,
    by: string,
    row: NoticeRow,
    host: Host,
  ): Promise<NoticeRow | undefined> {
    if (row.sealed.recipient === host.abuseContact) return row
    const { caseId, round, step, remindsOf } = row.clear
    outbox.change(tx, by, row, { state: 'withdrawn' }, 'the host changed')
    await cases.setHost(tx, by, caseId, host)
    // Nobody is reminded of what he was never told.
    const first = { caseId, round, step: 'notice' as const, host }
    const wasTold = step === 'reminder' && (await outbox.has(tx, first, host.abuseContact))
    return await outbox.add(tx, by, wasTold && remindsOf ? { ...first, step, remindsOf } : first)
  }
}

function urlBytes({ rawUrl, pageUrl }: Case): number {
  return Buffer.byteLength(rawUrl) + Buffer.byteLength(pageUrl ?? '')
}

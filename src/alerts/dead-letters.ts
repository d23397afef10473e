import type { Alert } from '../cases/index.ts'
import { isoTime } from '../core/index.ts'
import { Collection, type Context, keySpace, type Row, type Transaction } from '../store/index.ts'
import type { DeadLetter } from './views.ts'

const DIGITS = 15

interface LetterClear {
  readonly webhookId: string
  /** A copy: the feed need not keep what nobody waits for. */
  readonly alert: Alert
  readonly attempts: number
  readonly deadAt: string
}

type LetterRow = Row<LetterClear, { readonly lastError: string }>

export type DeadLetters = ReturnType<typeof createDeadLetters>

/** Alerts that an endpoint did not take, by endpoint and in the order of the feed. */
export function createDeadLetters({ sealer, clock }: Context) {
  const letters = new Collection<LetterClear, { readonly lastError: string }>(
    keySpace('webhook-dead'),
    sealer,
  )

  return {
    put(
      tx: Transaction,
      webhookId: string,
      alert: Alert,
      { attempts, lastError }: Pick<DeadLetter, 'attempts' | 'lastError'>,
    ): void {
      const deadAt = isoTime(clock.now())
      letters.put(
        tx,
        idOf(webhookId, alert.sequence),
        { webhookId, alert, attempts, deadAt },
        { lastError },
      )
    },

    async get(
      tx: Transaction,
      webhookId: string,
      sequence: number,
    ): Promise<DeadLetter | undefined> {
      const row = await letters.get(tx, idOf(webhookId, sequence))
      return row === undefined ? undefined : toLetter(row)
    },

    remove(tx: Transaction, webhookId: string, sequence: number): void {
      letters.delete(tx, idOf(webhookId, sequence))
    },

    /** The dead letters behind a sequence number. */
    async list(
      tx: Transaction,
      webhookId: string,
      { after = 0, limit }: { readonly after?: number; readonly limit: number },
    ): Promise<readonly DeadLetter[]> {
      const found: DeadLetter[] = []
      for await (const row of letters.rows(tx, { after: idOf(webhookId, after), limit })) {
        if (row.clear.webhookId !== webhookId) break
        found.push(toLetter(row))
      }
      return found
    },
  }
}

function idOf(webhookId: string, sequence: number): string {
  return `${webhookId}:${String(sequence).padStart(DIGITS, '0')}`
}

function toLetter({ clear, sealed }: LetterRow): DeadLetter {
  return { ...clear, lastError: sealed.lastError }
}

import { HindraError } from '../errors.ts'
import type { Store, Transaction } from '../store/index.ts'
import type { Alert, AlertKind } from './types.ts'

const FEED = 'alert'
const CURSOR = /^([0-9a-f]{20})-(\d{1,9})$/

type StoredAlert = Omit<Alert, 'cursor'>

/** Appends to the feed: in the order of commits, and only if the transaction commits. */
export function putAlert(tx: Transaction, kind: AlertKind, caseId: string, at: string): void {
  const alert: StoredAlert = { kind, caseId, at }
  tx.putWithVersionstamp([FEED], Buffer.from(JSON.stringify(alert)))
}

export function readAlerts(
  store: Store,
  after: string | undefined,
  limit: number,
): Promise<readonly Alert[]> {
  const position = after === undefined ? {} : { after: parseCursor(after) }
  return store.transact(async (tx) => {
    const alerts: Alert[] = []
    for await (const { key, value } of tx.range({ prefix: [FEED] }, { ...position, limit })) {
      const stored = JSON.parse(Buffer.from(value).toString('utf8')) as StoredAlert
      alerts.push({ cursor: `${String(key[1])}-${String(key[2])}`, ...stored })
    }
    return alerts
  })
}

function parseCursor(cursor: string) {
  const [, versionstamp, position] = CURSOR.exec(cursor) ?? []
  if (versionstamp === undefined) {
    throw new HindraError('INVALID_INPUT', 'this is no cursor of the alert feed', {
      field: 'after',
    })
  }
  return [FEED, versionstamp, Number(position)] as const
}

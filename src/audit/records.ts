import {
  Collection,
  type Context,
  keySpace,
  type ReadTransaction,
  SealedLog,
  type Transaction,
} from '../store/index.ts'
import type { ChainedEntry, Checkpoint } from './entry.ts'

export type StoredAuditEntry = Omit<ChainedEntry, 'cursor'>

/** Where the chain has come to. */
export interface Head extends Checkpoint {
  /** Cursor of the last sealed entry. */
  readonly cursor: string
}

const HEADS = keySpace('audit-head')
const HEAD = 'head'
const ERASED = 'erased'

/** What the audit keeps: the entries, and the head of their chain. */
export interface AuditRecords {
  readonly log: SealedLog<StoredAuditEntry>
  /** Undefined before the first entry is sealed. */
  head(tx: ReadTransaction): Promise<Head | undefined>
  putHead(tx: Transaction, head: Head): void
  /** Cursor up to which the contents were erased. */
  erased(tx: Transaction): Promise<string | undefined>
  putErased(tx: Transaction, cursor: string): void
}

export function createAuditRecords({ sealer }: Pick<Context, 'sealer'>): AuditRecords {
  const heads = new Collection<Head, Record<string, never>>(HEADS, sealer)
  const erasures = new Collection<{ cursor: string }, Record<string, never>>(HEADS, sealer)
  return {
    log: new SealedLog<StoredAuditEntry>(keySpace('audit'), sealer),
    head: async (tx) => (await heads.get(tx, HEAD))?.clear,
    putHead: (tx, head) => {
      heads.put(tx, HEAD, head, {})
    },
    erased: async (tx) => (await erasures.get(tx, ERASED))?.clear.cursor,
    putErased: (tx, cursor) => {
      erasures.put(tx, ERASED, { cursor }, {})
    },
  }
}

import { Collection, type Context, keySpace, type Transaction } from '../store/index.ts'

/** What a client of HMA says of an entry beside its hashes. It is kept word for word, and decides nothing. */
export interface ContentRemarks {
  readonly note?: string
  readonly metadata?: Readonly<Record<string, unknown>>
}

/** A bank that somebody wants deleted: its list stays, and what it holds matches no more. */
interface BankDeletion {
  /** Principal id. */
  readonly askedBy: string
  /** False while a second person is waited for, or while entries are still being taken out of matching. */
  readonly isDone: boolean
}

/** Lists and entries as clients of HMA know them. */
export interface Banks {
  /** The numbers of entries, in their order; who has none gets the next. */
  numbersOf(tx: Transaction, entryIds: readonly string[]): Promise<readonly number[]>
  /** The entry of a number; undefined where it is none's. */
  entryIdOf(tx: Transaction, number: number): Promise<string | undefined>
  said(tx: Transaction, entryId: string): Promise<ContentRemarks>
  say(tx: Transaction, entryId: string, said: ContentRemarks): void
  /** Forgets what was said of an entry, and its number, which is nobody's any more. */
  forget(tx: Transaction, entryId: string): Promise<void>
  deletion(tx: Transaction, list: string): Promise<BankDeletion | undefined>
  noteDeletion(tx: Transaction, list: string, deletion: BankDeletion): void
  /** By which the register tells what is disabled now: milliseconds since 1970. */
  now(): number
  /** It is a bank again. */
  restore(tx: Transaction, list: string): void
}

/** HMA's ids are 32-bit integers that count from 1: clients of it hold no longer ones. */
const NUMBER = keySpace('content-number')
const ENTRY = keySpace('content-entry')
const LAST = keySpace('content-last')

export function createBanks({ sealer, clock }: Pick<Context, 'sealer' | 'clock'>): Banks {
  const contents = new Collection<object, ContentRemarks>(keySpace('content-said'), sealer)
  const deletions = new Collection<BankDeletion, object>(keySpace('bank-deletion'), sealer)

  async function numberOf(tx: Transaction, entryId: string): Promise<number> {
    const given = await tx.get(NUMBER(entryId))
    if (given !== undefined) return Number(textOf(given))
    const number = Number(textOf(await tx.get(LAST())) || 0) + 1
    for (const key of [LAST(), NUMBER(entryId)]) tx.put(key, Buffer.from(String(number)))
    tx.put(ENTRY(number), Buffer.from(entryId))
    return number
  }

  return {
    async numbersOf(tx, entryIds) {
      const numbers: number[] = []
      for (const entryId of entryIds) numbers.push(await numberOf(tx, entryId))
      return numbers
    },

    async entryIdOf(tx, number) {
      return textOf(await tx.get(ENTRY(number))) || undefined
    },

    async said(tx, entryId) {
      return (await contents.get(tx, entryId))?.sealed ?? {}
    },

    say(tx, entryId, said) {
      contents.put(tx, entryId, {}, said)
    },

    async forget(tx, entryId) {
      contents.delete(tx, entryId)
      const number = await tx.get(NUMBER(entryId))
      if (number === undefined) return
      tx.delete(NUMBER(entryId))
      tx.delete(ENTRY(Number(textOf(number))))
    },

    async deletion(tx, list) {
      return (await deletions.get(tx, list))?.clear
    },

    noteDeletion(tx, list, deletion) {
      deletions.put(tx, list, deletion, {})
    },

    now: () => clock.now(),
    restore(tx, list) {
      deletions.delete(tx, list)
    },
  }
}

function textOf(value: Uint8Array | undefined): string {
  return value === undefined ? '' : Buffer.from(value).toString()
}

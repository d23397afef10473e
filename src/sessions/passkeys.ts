import { isoTime } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { type Context, keySpace, type Row, table, take, type Transaction } from '../store/index.ts'
import type { PasskeyView } from './session-types.ts'

interface PasskeyClear {
  readonly personId: string
  readonly addedAt: string
  readonly lastUsedAt: string | null
}

interface PasskeySealed {
  /** The id that its authenticator gave it, base64url. */
  readonly credential: string
  /** COSE (RFC 9052), base64url. */
  readonly publicKey: string
  /** How often its authenticator says that it has signed; 0 always where it does not count. */
  readonly counter: number
  /** What its person calls it. */
  readonly name: string
}

export type PasskeyRow = Row<PasskeyClear, PasskeySealed>

const passkeyTable = table<PasskeyClear, PasskeySealed>(keySpace('passkey')).with({
  by: {
    credential: {
      unique: true,
      keys: keySpace('passkey-credential'),
      at: ({ sealed }, sealer) => [sealer.digest('passkey', sealed.credential)],
    },
    person: { keys: keySpace('passkey-person'), at: ({ clear }) => [clear.personId] },
  },
})

/** The passkeys of people, as records. */
export interface Passkeys {
  /** What authenticators know a person by: a digest, which names nobody. */
  handleOf(personId: string): Uint8Array<ArrayBuffer>
  find(tx: Transaction, credential: string): Promise<PasskeyRow | undefined>
  /** The oldest first. */
  of(tx: Transaction, personId: string): Promise<readonly PasskeyRow[]>
  /** Throws NOT_FOUND, also where it is somebody else's. */
  need(tx: Transaction, id: string, personId: string): Promise<PasskeyRow>
  add(tx: Transaction, row: PasskeyRow): void
  /** Notes that it has signed; false, and nothing noted, where its counter did not go on: it may be a copy. */
  use(tx: Transaction, row: PasskeyRow, counter: number, nowMs: number): boolean
  remove(tx: Transaction, row: PasskeyRow): void
  /** Removes all of a person; resolves to how many. */
  removeAll(tx: Transaction, personId: string): Promise<number>
  /** How many people have one. */
  countPeople(tx: Transaction): Promise<number>
}

export function createPasskeys({ sealer }: Context): Passkeys {
  const passkeys = passkeyTable(sealer)

  function rowsOf(tx: Transaction, personId: string): Promise<PasskeyRow[]> {
    return take(passkeys.by.person.rows(tx, [personId]))
  }

  return {
    handleOf: (personId) =>
      Uint8Array.from(Buffer.from(sealer.digest('passkey-person', personId), 'hex')),
    find: (tx, credential) =>
      passkeys.by.credential.find(tx, [sealer.digest('passkey', credential)]),
    of: rowsOf,

    async need(tx, id, personId) {
      const row = await passkeys.need(tx, id)
      if (row.clear.personId === personId) return row
      throw new HindraError('NOT_FOUND', `no passkey of yours has the id ${id}`)
    },

    add(tx, row) {
      passkeys.add(tx, row)
    },

    use(tx, row, counter, nowMs) {
      const { clear, sealed } = row
      const isCounted = counter > 0 || sealed.counter > 0
      if (isCounted && counter <= sealed.counter) return false
      const used = { ...clear, lastUsedAt: isoTime(nowMs) }
      passkeys.change(tx, row, { ...row, clear: used, sealed: { ...sealed, counter } })
      return true
    },

    remove(tx, row) {
      passkeys.remove(tx, row)
    },

    async removeAll(tx, personId) {
      const rows = await rowsOf(tx, personId)
      for (const row of rows) passkeys.remove(tx, row)
      return rows.length
    },

    async countPeople(tx) {
      const people = new Set<string>()
      for await (const { clear } of passkeys.clearRows(tx)) people.add(clear.personId)
      return people.size
    },
  }
}

export function passkeyView({ id, clear, sealed }: PasskeyRow): PasskeyView {
  const { personId, addedAt, lastUsedAt } = clear
  return { id, personId, name: sealed.name, addedAt, lastUsedAt }
}

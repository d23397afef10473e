import { isoTime } from '../core/index.ts'
import { type Context, keySpace, type Row, table, type Transaction } from '../store/index.ts'

interface LinkClear {
  readonly linkedAt: string
}

interface LinkSealed {
  readonly issuer: string
  /** What the issuer calls the person (`sub`). */
  readonly subject: string
}

/** Who a person is at a provider; its id is the person's. */
export type LinkRow = Row<LinkClear, LinkSealed>

/** Subjects are those of one issuer: another one may give the same to somebody else. */
function placeOf({ issuer, subject }: LinkSealed): string {
  return `${issuer}\n${subject}`
}

const linkTable = table<LinkClear, LinkSealed>(keySpace('openid-link')).with({
  by: {
    subject: {
      unique: true,
      keys: keySpace('openid-subject'),
      at: ({ sealed }, sealer) => [sealer.digest('openid-subject', placeOf(sealed))],
    },
  },
})

/** Who people are at a provider, as records. */
export interface Linked {
  get(tx: Transaction, personId: string): Promise<LinkRow | undefined>
  find(tx: Transaction, issuer: string, subject: string): Promise<LinkRow | undefined>
  /** In place of an older one of the person. */
  put(tx: Transaction, personId: string, sealed: LinkSealed, nowMs: number): Promise<void>
  /** False where there was none. */
  remove(tx: Transaction, personId: string): Promise<boolean>
}

export function createLinked({ sealer }: Context): Linked {
  const links = linkTable(sealer)
  return {
    get: (tx, personId) => links.get(tx, personId),
    find: (tx, issuer, subject) => {
      const digest = sealer.digest('openid-subject', placeOf({ issuer, subject }))
      return links.by.subject.find(tx, [digest])
    },
    async put(tx, id, sealed, nowMs) {
      const before = await links.get(tx, id)
      const after = { id, clear: { linkedAt: isoTime(nowMs) }, sealed }
      if (before === undefined) links.add(tx, after)
      else links.change(tx, before, after)
    },
    async remove(tx, personId) {
      const row = await links.get(tx, personId)
      if (row !== undefined) links.remove(tx, row)
      return row !== undefined
    },
  }
}

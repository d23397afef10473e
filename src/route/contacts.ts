import { assertTwoPersons, type PersonLookUp } from '../access/index.ts'
import type { Audit } from '../audit/index.ts'
import type { ContactSource } from '../cases/index.ts'
import type { Channel } from '../channels/index.ts'
import { isoTime } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import {
  type Context,
  type Key,
  keySpace,
  type Row,
  table,
  take,
  type Transaction,
} from '../store/index.ts'
import type { ContactState, RecipientRole } from './recipient.ts'

interface ContactClear {
  readonly state: ContactState
  readonly role: RecipientRole
  readonly source: ContactSource
  readonly firstSeenAt: string
  readonly decidedAt: string | null
  readonly decidedBy: string | null
  /** The code of a municipality whose social services these are. */
  readonly municipality?: string
  /** Who entered it, where no look-up found it: somebody else approves it. */
  readonly enteredBy?: string
}

interface ContactSealed {
  readonly name: string
  readonly channel: Channel
  readonly reason: string | null
}

type ContactRow = Row<ContactClear, ContactSealed>

/** Somebody whom a look-up named, and whether a person agreed that it may be told. */
export interface Contact extends ContactClear, ContactSealed {
  readonly id: string
}

export interface ContactFilter {
  readonly state?: ContactState
  /** Id of the last contact of the page before. */
  readonly after?: string
  /** 100 by default. */
  readonly limit?: number
}

export interface SeenContact {
  readonly key: string
  readonly role: RecipientRole
  readonly name: string
  readonly channel: Channel
  readonly source: ContactSource
}

/** An address that somebody of the house knows. */
export interface EnteredContact {
  readonly role: RecipientRole
  readonly name: string
  readonly mail: string
  /** The code of the municipality. */
  readonly municipality: string
  readonly reason: string
}

const contactTable = table<ContactClear, ContactSealed>(keySpace('contact')).with({
  by: {
    /** What was approved last is told. */
    municipality: {
      keys: keySpace('contact-municipality'),
      at: ({ clear: { municipality } }) => municipality !== undefined && [municipality],
    },
  },
})

const BY_KEY = keySpace('contact-key')

export type Contacts = ReturnType<typeof createContacts>

/** The contacts that look-ups found; each is told only after a person has approved it, once. */
export function createContacts(
  { store, sealer, clock, newId }: Context,
  audit: Audit,
  behind: PersonLookUp['behind'],
) {
  const contacts = contactTable(sealer)

  return {
    /** A contact by the key of its channel; undefined where it was never seen. */
    async find(tx: Transaction, key: string): Promise<Contact | undefined> {
      const id = await tx.get(keyOf(key))
      if (id === undefined) return undefined
      return toContact(await contacts.need(tx, Buffer.from(id).toString('utf8')))
    },

    /** Puts it down as pending. */
    add(tx: Transaction, by: string, { key, role, name, channel, source }: SeenContact): void {
      const id = newId()
      const firstSeenAt = isoTime(clock.now())
      const nobody = { decidedAt: null, decidedBy: null } as const
      const clear = { state: 'pending', role, source, firstSeenAt, ...nobody } as const
      contacts.add(tx, { id, clear, sealed: { name, channel, reason: null } })
      tx.put(keyOf(key), Buffer.from(id))
      audit.append(tx, { by, action: 'contact.seen', subject: id, detail: { role, source } })
    },

    /** Puts down an address that the house knows; a second person approves it. Throws INVALID_INPUT. */
    enter(
      by: string,
      { role, name, mail, municipality, reason }: EnteredContact,
    ): Promise<Contact> {
      checkReason(reason)
      return store.transact((tx) => {
        const id = newId()
        const nobody = { decidedAt: null, decidedBy: null } as const
        const clear: ContactClear = {
          state: 'pending',
          role,
          source: 'house',
          municipality,
          enteredBy: by,
          firstSeenAt: isoTime(clock.now()),
          ...nobody,
        }
        const sealed = { name, channel: { kind: 'mail', address: mail } as const, reason }
        contacts.add(tx, { id, clear, sealed })
        audit.append(tx, {
          by,
          action: 'contact.entered',
          subject: id,
          detail: { role, municipality },
        })
        return Promise.resolve(toContact({ id, clear, sealed }))
      })
    },

    /** The approved contact of a municipality; undefined where there is none. */
    async ofMunicipality(tx: Transaction, municipality: string): Promise<Contact | undefined> {
      const rows = await municipal(tx, municipality)
      const approved = rows.filter(({ clear }) => clear.state === 'approved')
      const last = approved.at(-1)
      return last && toContact(last)
    },

    /** Contacts in order of first sight. */
    list({ state, after, limit = 100 }: ContactFilter = {}): Promise<readonly Contact[]> {
      return store.transact(async (tx) => {
        const isOf = ({ clear }: ContactRow) => state === undefined || clear.state === state
        return (await take(contacts.rows(tx, { after }), limit, isOf)).map(toContact)
      })
    },

    /** Decides, also otherwise than before. Throws NOT_FOUND, SAME_PERSON, INVALID_INPUT without a reason. */
    async decide(
      by: string,
      id: string,
      state: Exclude<ContactState, 'pending'>,
      reason: string,
    ): Promise<Contact> {
      checkReason(reason)
      return store.transact(async (tx) => {
        const row = await contacts.need(tx, id)
        const { enteredBy } = row.clear
        if (state === 'approved' && enteredBy !== undefined) {
          const acted = { first: enteredBy, second: by }
          await assertTwoPersons(
            tx,
            behind,
            acted,
            'whoever entered an address does not approve it',
          )
        }
        if (state === 'approved') await replaceOthers(tx, by, row)
        const decided = { state, decidedAt: isoTime(clock.now()), decidedBy: by } as const
        const next = {
          id,
          clear: { ...row.clear, ...decided },
          sealed: { ...row.sealed, reason },
        }
        contacts.change(tx, row, next)
        audit.append(tx, { by, action: `contact.${state}`, subject: id })
        return toContact(next)
      })
    },
  }

  /** A municipality has one address: what was approved before it is told no more. */
  async function replaceOthers(
    tx: Transaction,
    by: string,
    { id, clear: { municipality } }: ContactRow,
  ): Promise<void> {
    if (municipality === undefined) return
    for (const other of await municipal(tx, municipality)) {
      if (other.id === id || other.clear.state !== 'approved') continue
      const decided = { state: 'refused', decidedAt: isoTime(clock.now()), decidedBy: by } as const
      const reason = `another address was approved: ${id}`
      contacts.change(tx, other, {
        id: other.id,
        clear: { ...other.clear, ...decided },
        sealed: { ...other.sealed, reason },
      })
      audit.append(tx, { by, action: 'contact.refused', subject: other.id })
    }
  }

  function municipal(tx: Transaction, municipality: string): Promise<ContactRow[]> {
    return take(contacts.by.municipality.rows(tx, [municipality]))
  }

  function keyOf(key: string): Key {
    return BY_KEY(sealer.digest('contact', key))
  }
}

function toContact({ id, clear, sealed }: ContactRow): Contact {
  return { id, ...clear, ...sealed }
}

function checkReason(reason: string): void {
  if (reason.trim() !== '') return
  throw new HindraError('INVALID_INPUT', { says: 'reason-of-contact' }, { field: 'reason' })
}

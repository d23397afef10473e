import type { Audit } from '../audit/index.ts'
import type { Channel, ContactSource } from '../cases/index.ts'
import { isoTime } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { Collection, type Context, keySpace, type Row, type Transaction } from '../store/index.ts'
import type { RecipientRole } from './types.ts'

export const CONTACT_STATES = ['pending', 'approved', 'refused'] as const
export type ContactState = (typeof CONTACT_STATES)[number]

interface ContactClear {
  readonly state: ContactState
  readonly role: RecipientRole
  readonly source: ContactSource
  readonly firstSeenAt: string
  readonly decidedAt: string | null
  readonly decidedBy: string | null
  /** Of the social services of a municipality: its code. */
  readonly municipality?: string
  /** Who entered it, where no look-up found it: somebody else approves it. */
  readonly enteredBy?: string
}

interface ContactSealed {
  readonly name: string
  readonly channel: Channel
  readonly reason: string | null
}

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

export interface Seen {
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
  /** Code. */
  readonly municipality: string
  readonly reason: string
}

const BY_KEY = 'contact-key'
/** Contacts of a municipality: what was approved last is told. */
const BY_MUNICIPALITY = 'contact-municipality'

export type Contacts = ReturnType<typeof createContacts>

/** The contacts that look-ups found; each is told only after a person has approved it, once. */
export function createContacts({ store, sealer, clock, newId }: Context, audit: Audit) {
  const contacts = new Collection<ContactClear, ContactSealed>(keySpace('contact'), sealer)

  return {
    /** Undefined where it was never seen. */
    async state(tx: Transaction, key: string): Promise<ContactState | undefined> {
      const id = await tx.get(keyOf(key))
      if (id === undefined) return undefined
      return (await contacts.need(tx, Buffer.from(id).toString('utf8'))).clear.state
    },

    /** Puts it down as pending. */
    add(tx: Transaction, by: string, { key, role, name, channel, source }: Seen): void {
      const id = newId()
      const firstSeenAt = isoTime(clock.now())
      const nobody = { decidedAt: null, decidedBy: null } as const
      const clear = { state: 'pending', role, source, firstSeenAt, ...nobody } as const
      contacts.put(tx, id, clear, { name, channel, reason: null })
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
          ...{ state: 'pending', role, source: 'house', municipality, enteredBy: by },
          ...{ firstSeenAt: isoTime(clock.now()), ...nobody },
        }
        const sealed = { name, channel: { kind: 'mail', address: mail } as const, reason }
        contacts.put(tx, id, clear, sealed)
        tx.put([BY_MUNICIPALITY, municipality, id], new Uint8Array())
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

    /** In order of first sight. */
    list({ state, after, limit = 100 }: ContactFilter = {}): Promise<readonly Contact[]> {
      return store.transact(async (tx) => {
        const found: Contact[] = []
        const start = after === undefined ? {} : { after: ['contact', after] }
        for await (const { key } of tx.range({ prefix: ['contact'] }, start)) {
          if (found.length >= limit) break
          const row = await contacts.need(tx, String(key.at(-1)))
          if (state === undefined || row.clear.state === state) found.push(toContact(row))
        }
        return found
      })
    },

    /** Also changes an earlier decision. Throws NOT_FOUND, INVALID_INPUT without a reason. */
    async decide(
      by: string,
      id: string,
      state: Exclude<ContactState, 'pending'>,
      reason: string,
    ): Promise<Contact> {
      checkReason(reason)
      return store.transact(async (tx) => {
        const row = await contacts.need(tx, id)
        if (state === 'approved' && row.clear.enteredBy === by) {
          throw new HindraError('SAME_PERSON', 'whoever entered an address does not approve it')
        }
        if (state === 'approved') await replaceOthers(tx, by, row)
        const decided = { state, decidedAt: isoTime(clock.now()), decidedBy: by } as const
        const clear = { ...row.clear, ...decided }
        const sealed = { ...row.sealed, reason }
        contacts.put(tx, id, clear, sealed)
        audit.append(tx, { by, action: `contact.${state}`, subject: id })
        return toContact({ id, clear, sealed })
      })
    },
  }

  /** A municipality has one address: what was approved before it is told no more. */
  async function replaceOthers(
    tx: Transaction,
    by: string,
    { id, clear: { municipality } }: Row<ContactClear, ContactSealed>,
  ): Promise<void> {
    if (municipality === undefined) return
    for (const other of await municipal(tx, municipality)) {
      if (other.id === id || other.clear.state !== 'approved') continue
      const decided = { state: 'refused', decidedAt: isoTime(clock.now()), decidedBy: by } as const
      const reason = `another address was approved: ${id}`
      contacts.put(tx, other.id, { ...other.clear, ...decided }, { ...other.sealed, reason })
      audit.append(tx, { by, action: 'contact.refused', subject: other.id })
    }
  }

  async function municipal(tx: Transaction, municipality: string) {
    const rows: Row<ContactClear, ContactSealed>[] = []
    for await (const { key } of tx.range({ prefix: [BY_MUNICIPALITY, municipality] })) {
      rows.push(await contacts.need(tx, String(key.at(-1))))
    }
    return rows
  }

  function keyOf(key: string) {
    return [BY_KEY, sealer.digest('contact', key)]
  }
}

function toContact({ id, clear, sealed }: Row<ContactClear, ContactSealed>): Contact {
  return { id, ...clear, ...sealed }
}

function checkReason(reason: string): void {
  if (reason.trim() !== '') return
  throw new HindraError('INVALID_INPUT', 'a decision states its reason', { field: 'reason' })
}

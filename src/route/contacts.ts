import type { Audit } from '../audit/index.ts'
import type { Channel, ContactSource } from '../cases/index.ts'
import { isoTime } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { Collection, type Context, type Row, type Transaction } from '../store/index.ts'
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

const BY_KEY = 'contact-key'

export type Contacts = ReturnType<typeof createContacts>

/** The contacts that look-ups found; each is told only after a person has approved it, once. */
export function createContacts({ store, sealer, clock, newId }: Context, audit: Audit) {
  const contacts = new Collection<ContactClear, ContactSealed>('contact', sealer)

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
      if (reason.trim() === '') {
        throw new HindraError('INVALID_INPUT', 'a decision states its reason', { field: 'reason' })
      }
      return store.transact(async (tx) => {
        const row = await contacts.need(tx, id)
        const decided = { state, decidedAt: isoTime(clock.now()), decidedBy: by } as const
        const clear = { ...row.clear, ...decided }
        const sealed = { ...row.sealed, reason }
        contacts.put(tx, id, clear, sealed)
        audit.append(tx, { by, action: `contact.${state}`, subject: id })
        return toContact({ id, clear, sealed })
      })
    },
  }

  function keyOf(key: string) {
    return [BY_KEY, sealer.digest('contact', key)]
  }
}

function toContact({ id, clear, sealed }: Row<ContactClear, ContactSealed>): Contact {
  return { id, ...clear, ...sealed }
}

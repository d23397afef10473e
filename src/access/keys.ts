import type { Audit } from '../audit/index.ts'
import { isoTime } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { Collection, type Context, type Row } from '../store/index.ts'
import {
  formatKey,
  hashSecret,
  newSecret,
  parseKey,
  type SecretHash,
  secretMatches,
} from './key-secret.ts'
import type { PersonLookUp } from './people.ts'
import { checkLabel } from './person-input.ts'
import type { KeyView, NewKey, Principal } from './types.ts'

/** Last use is recorded this coarsely, so that a busy feed does not write at every request. */
const LAST_USE_MS = 60_000

interface KeyClear {
  readonly personId: string
  readonly createdAt: string
  readonly lastUsedAt: string | null
  readonly revokedAt: string | null
}

interface KeySealed extends SecretHash {
  readonly label: string
}

export interface Keys {
  createKey(by: Principal, personId: string, label: string): Promise<NewKey>
  keys(): Promise<readonly KeyView[]>
  revokeKey(by: Principal, keyId: string): Promise<KeyView>
  /** Throws UNAUTHENTICATED, never saying which part was wrong. */
  authenticate(key: string): Promise<Principal>
}

/** Personal keys: the secret is shown once and kept as a salted hash. */
export function createKeys(context: Context, audit: Audit, people: PersonLookUp): Keys {
  const keys = new Collection<KeyClear, KeySealed>('key', context.sealer)
  /** What an unknown key is compared with, so that it costs the same hash and comparison. */
  const decoy = hashSecret(newSecret(context.random), context.random)

  return {
    async createKey(by, personId, label) {
      const secret = newSecret(context.random)
      const sealed = { label: checkLabel(label), ...hashSecret(secret, context.random) }
      const id = context.newId()
      const createdAt = isoTime(context.clock.now())
      const clear = { personId, createdAt, lastUsedAt: null, revokedAt: null }
      return context.store.transact(async (tx) => {
        await people.needActive(tx, personId)
        keys.put(tx, id, clear, sealed)
        const detail = { person: personId }
        audit.append(tx, { by: by.id, action: 'key.create', subject: id, detail })
        return { ...view({ id, clear, sealed }), secret: formatKey(id, secret) }
      })
    },

    keys() {
      return context.store.transact(async (tx) => {
        const all: KeyView[] = []
        for await (const row of keys.rows(tx)) all.push(view(row))
        return all
      })
    },

    revokeKey(by, keyId) {
      return context.store.transact(async (tx) => {
        const row = await keys.need(tx, keyId)
        if (row.clear.revokedAt !== null) {
          throw new HindraError('CONFLICT', `the key ${keyId} is revoked already`)
        }
        const clear = { ...row.clear, revokedAt: isoTime(context.clock.now()) }
        keys.put(tx, keyId, clear, row.sealed)
        const detail = { person: clear.personId }
        audit.append(tx, { by: by.id, action: 'key.revoke', subject: keyId, detail })
        return view({ ...row, clear })
      })
    },

    async authenticate(key) {
      const parsed = parseKey(key) ?? { keyId: '', secret: '' }
      return context.store.transact(async (tx) => {
        const row = await keys.get(tx, parsed.keyId)
        const matches = secretMatches(parsed.secret, row?.sealed ?? decoy)
        if (row?.clear.revokedAt !== null || !matches) throw unauthenticated()
        const person = await people.person(tx, row.clear.personId)
        if (!person.active) throw unauthenticated()
        const now = context.clock.now()
        const { lastUsedAt } = row.clear
        if (lastUsedAt === null || now - Date.parse(lastUsedAt) >= LAST_USE_MS) {
          keys.put(tx, row.id, { ...row.clear, lastUsedAt: isoTime(now) }, row.sealed)
        }
        const { id, pseudonym, kind, roles } = person
        return { id, pseudonym, kind, roles }
      })
    },
  }
}

function unauthenticated(): HindraError {
  return new HindraError('UNAUTHENTICATED', 'the key is missing, unknown or revoked')
}

function view({ id, clear, sealed }: Row<KeyClear, KeySealed>): KeyView {
  return { id, ...clear, label: sealed.label }
}

import type { Audit } from '../audit/index.ts'
import { type Clock, isoTime, MINUTE_MS } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { Collection, type Context, keySpace, type Row, type Transaction } from '../store/index.ts'
import { asGranted, type OfRoleTable, ROLE_TABLE } from './former-roles.ts'
import { checkLabel, checkOverlap, checkScope, checkWithin, type KeptScope } from './key-scope.ts'
import {
  formatKey,
  hashSecret,
  newSecret,
  parseKey,
  type SecretDigest,
  secretMatches,
} from './key-secret.ts'
import type { PersonLookUp } from './people.ts'
import { requireFresh } from './permissions.ts'
import type { KeyScope, KeyView, NewKey, Principal } from './principal.ts'

/** Last use is recorded this coarsely, so that a busy feed does not write at every request. */
const LAST_USE_MS = MINUTE_MS

interface KeyClear extends KeptScope, OfRoleTable {
  readonly personId: string
  readonly createdAt: string
  readonly lastUsedAt: string | null
  readonly rotatedAt: string | null
  readonly overlapEndsAt: string | null
  readonly revokedAt: string | null
}

interface KeySealed extends SecretDigest {
  readonly label: string
  /** The secret before the last rotation, while it is good. */
  readonly former: SecretDigest | null
}

type KeyRow = Row<KeyClear, KeySealed>

export interface Keys {
  /** Throws INVALID_INPUT, NOT_FOUND, CONFLICT where the person is not active, STEP_UP_NEEDED. */
  createKey(by: Principal, personId: string, label: string, scope?: KeyScope): Promise<NewKey>
  /** All of them, or those of one person. */
  keys(personId?: string): Promise<readonly KeyView[]>
  /**
   * A new secret for the same key. The old one is good for `overlapHours` more (0 to 720) and then
   * dead; the one before it dies at once. Throws INVALID_INPUT, NOT_FOUND, CONFLICT (key
   * ended), STEP_UP_NEEDED.
   */
  rotateKey(by: Principal, keyId: string, overlapHours: number): Promise<NewKey>
  /** Throws NOT_FOUND, CONFLICT (key ended), STEP_UP_NEEDED. */
  revokeKey(by: Principal, keyId: string): Promise<KeyView>
  /** Throws UNAUTHENTICATED, never saying which part was wrong. */
  authenticate(key: string): Promise<Principal>
}

/**
 * Personal keys: the secret is shown once and kept as a salted hash. Their times are those of
 * `wallClock`, the real one: a demonstration that plays months in minutes ends no key, and none
 * lives longer where the clock of the cases is held.
 */
export function createKeys(
  context: Context,
  audit: Audit,
  people: PersonLookUp,
  wallClock: Clock,
): Keys {
  const keys = new Collection<KeyClear, KeySealed>(keySpace('key'), context.sealer)
  /** What an unknown secret is compared with, so that it costs the same hash and comparison. */
  const decoy = hashSecret(newSecret(context.random), context.random)

  return {
    async createKey(by, personId, label, scope = {}) {
      requireFresh(by)
      const secret = newSecret(context.random)
      const hash = hashSecret(secret, context.random)
      const sealed = { label: checkLabel(label), ...hash, former: null }
      const id = context.newId()
      const nowMs = wallClock.now()
      const clear: KeyClear = {
        personId,
        ...checkScope(scope, nowMs),
        createdAt: isoTime(nowMs),
        lastUsedAt: null,
        rotatedAt: null,
        overlapEndsAt: null,
        revokedAt: null,
        roleTable: ROLE_TABLE,
      }
      return context.store.transact(async (tx) => {
        const { roles } = await people.needActive(tx, personId)
        checkWithin(clear.roles, roles)
        keys.put(tx, id, clear, sealed)
        const { source, expiresAt } = clear
        const scoped = clear.roles === null ? {} : { roles: clear.roles.join(' ') }
        const detail = { person: personId, source, expiresAt, ...scoped }
        audit.append(tx, { by: by.id, action: 'key.create', subject: id, detail })
        return { ...view({ id, clear, sealed }), secret: formatKey(id, secret) }
      })
    },

    keys(personId) {
      return context.store.transact(async (tx) =>
        (await keys.page(tx))
          .filter(({ clear }) => personId === undefined || clear.personId === personId)
          .map(view),
      )
    },

    async rotateKey(by, keyId, overlapHours) {
      requireFresh(by)
      const overlapMs = checkOverlap(overlapHours)
      const secret = newSecret(context.random)
      const hash = hashSecret(secret, context.random)
      return context.store.transact(async (tx) => {
        const row = await needLiving(tx, keyId)
        await people.needActive(tx, row.clear.personId)
        const nowMs = wallClock.now()
        const overlapEndsAt = overlapMs === 0 ? null : isoTime(nowMs + overlapMs)
        const clear = { ...row.clear, rotatedAt: isoTime(nowMs), overlapEndsAt }
        const { label, salt } = row.sealed
        const former = overlapMs === 0 ? null : { salt, hash: row.sealed.hash }
        const sealed = { label, ...hash, former }
        keys.put(tx, keyId, clear, sealed)
        const detail = { person: clear.personId, overlapEndsAt }
        audit.append(tx, { by: by.id, action: 'key.rotate', subject: keyId, detail })
        return { ...view({ id: keyId, clear, sealed }), secret: formatKey(keyId, secret) }
      })
    },

    async revokeKey(by, keyId) {
      requireFresh(by)
      return context.store.transact(async (tx) => {
        const row = await keys.need(tx, keyId)
        if (row.clear.revokedAt !== null) throw ended(keyId, 'revoked already')
        const clear = { ...row.clear, revokedAt: isoTime(wallClock.now()) }
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
        const nowMs = wallClock.now()
        const matches = opens(parsed.secret, row, nowMs)
        if (row === undefined || !matches || !isLiving(row, nowMs)) throw refused(row)
        const person = await people.person(tx, row.clear.personId)
        if (!person.active) throw refused(row)
        noteUse(tx, row, nowMs)
        audit.count(person.id, 'sign-in', row.id)
        const { id, pseudonym, kind } = person
        const { source } = row.clear
        const scope = scopeOf(row.clear)
        const roles = person.roles.filter((role) => scope?.includes(role) ?? true)
        return { id, pseudonym, kind, roles, key: { id: row.id, source } }
      })
    },
  }

  /** Hashes and compares as often whatever is known of the key, and whether it was rotated. */
  function opens(secret: string, row: KeyRow | undefined, nowMs: number): boolean {
    const ends = row?.clear.overlapEndsAt ?? null
    const overlaps = ends !== null && nowMs < Date.parse(ends)
    const isPresent = secretMatches(secret, row?.sealed ?? decoy)
    const isFormer = secretMatches(secret, (overlaps ? row?.sealed.former : null) ?? decoy)
    return isPresent || isFormer
  }

  function noteUse(tx: Transaction, { id, clear, sealed }: KeyRow, nowMs: number): void {
    const { lastUsedAt } = clear
    if (lastUsedAt !== null && nowMs - Date.parse(lastUsedAt) < LAST_USE_MS) return
    keys.put(tx, id, { ...clear, lastUsedAt: isoTime(nowMs) }, sealed)
  }

  /** Unknown keys are counted as one: whoever guesses does not fill the log. */
  function refused(row: KeyRow | undefined): HindraError {
    audit.count('nobody', 'sign-in.refused', row?.id ?? 'unknown-key')
    return new HindraError('UNAUTHENTICATED', 'the key is missing, unknown, expired or revoked')
  }

  async function needLiving(tx: Transaction, keyId: string): Promise<KeyRow> {
    const row = await keys.need(tx, keyId)
    if (isLiving(row, wallClock.now())) return row
    throw ended(keyId, row.clear.revokedAt === null ? 'expired' : 'revoked')
  }
}

function isLiving({ clear: { revokedAt, expiresAt } }: KeyRow, nowMs: number): boolean {
  return revokedAt === null && (expiresAt === null || nowMs < Date.parse(expiresAt))
}

function ended(keyId: string, how: string): HindraError {
  return new HindraError('CONFLICT', { says: 'key-ended', key: keyId, how })
}

/** A key has these of its person's roles; null means that it has all of them. */
function scopeOf(clear: KeyClear): KeyView['roles'] {
  return clear.roles === null ? null : asGranted(clear.roles, clear)
}

function view({ id, clear, sealed }: KeyRow): KeyView {
  const {
    personId,
    source,
    createdAt,
    expiresAt,
    lastUsedAt,
    rotatedAt,
    overlapEndsAt,
    revokedAt,
  } = clear
  return {
    id,
    personId,
    label: sealed.label,
    roles: scopeOf(clear),
    source,
    createdAt,
    expiresAt,
    lastUsedAt,
    rotatedAt,
    overlapEndsAt,
    revokedAt,
  }
}

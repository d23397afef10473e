import type { PersonView, Principal } from '../access/index.ts'
import type { Audit } from '../audit/index.ts'
import type { Config } from '../config.ts'
import { defined, HOUR_MS, isoTime, MINUTE_MS } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { type Context, keySpace, type Row, table, take, type Transaction } from '../store/index.ts'
import type { OpenSession, SessionView } from './session-types.ts'

/** Last use is recorded this coarsely, so that a page with many parts does not write at each. */
const LAST_USE_MS = MINUTE_MS
/** By how much a clock may be set back until a session is not believed any more: nobody lives longer by it. */
const SET_BACK_MS = 5 * MINUTE_MS
const TOKEN_BYTES = 32
const LABEL_CHARACTERS_MAX = 100

interface SessionClear {
  readonly personId: string
  readonly createdAt: string
  readonly lastUsedAt: string
  readonly provedAt: string
}

interface SessionSealed {
  /** Keyed digest of the token. */
  readonly token: string
  readonly label: string | null
}

export type SessionRow = Row<SessionClear, SessionSealed>

const sessionTable = table<SessionClear, SessionSealed>(keySpace('session')).with({
  by: {
    token: { unique: true, keys: keySpace('session-token'), at: ({ sealed }) => [sealed.token] },
    person: { keys: keySpace('session-person'), at: ({ clear }) => [clear.personId] },
  },
})

/** A token that nobody has been given yet, made before the transaction that keeps its digest. */
export interface NewToken {
  readonly id: string
  readonly token: string
}

/** The sessions that are open, as records. */
export interface Held {
  newToken(): NewToken
  open(
    tx: Transaction,
    made: NewToken,
    person: PersonView,
    opened: { readonly nowMs: number; readonly label: string | null },
  ): Promise<OpenSession>
  /** The record of a token, living at a time; else undefined. */
  find(tx: Transaction, token: string, nowMs: number): Promise<SessionRow | undefined>
  /** Notes that it was used now, where a minute has gone since the last time; or that the second factor was shown. */
  use(tx: Transaction, row: SessionRow, nowMs: number, isProved?: boolean): SessionRow
  useOf(row: SessionRow, person: PersonView, nowMs: number): OpenSession
  living(
    tx: Transaction,
    personId: string | undefined,
    nowMs: number,
  ): Promise<readonly SessionView[]>
  /** Throws NOT_FOUND, also where the session is somebody else's than `personId`. */
  need(tx: Transaction, id: string, personId?: string): Promise<SessionRow>
  /** Ends it, and audits that. */
  end(tx: Transaction, by: string, row: SessionRow, why?: string): SessionView
  /** Ends all of a person; resolves to those that were living. */
  endAll(
    tx: Transaction,
    by: string,
    personId: string,
    nowMs: number,
  ): Promise<readonly SessionView[]>
  label(tx: Transaction, row: SessionRow, label: string | null): SessionView
}

/** Throws INVALID_INPUT; null where nothing is left of it. */
export function checkLabel(label: string | null | undefined): string | null {
  const said = label?.trim() ?? ''
  if (said.length <= LABEL_CHARACTERS_MAX) return said === '' ? null : said
  const message = { says: 'label-long', most: LABEL_CHARACTERS_MAX } as const
  throw new HindraError('INVALID_INPUT', message, { field: 'label' })
}

export function createHeld(
  { sealer, random, newId }: Context,
  audit: Audit,
  settings: Config['sessions'],
): Held {
  const sessions = sessionTable(sealer)

  return {
    newToken() {
      const secret = Buffer.from(random.bytes(TOKEN_BYTES)).toString('base64url')
      return { id: newId(), token: `hs_${secret}` }
    },

    async open(tx, { id, token }, person, { nowMs, label }) {
      const rows = await rowsOf(tx, person.id)
      for (const row of rows) if (!isLiving(row, nowMs)) sessions.remove(tx, row)
      const living = rows.filter((row) => isLiving(row, nowMs))
      const surplus = living.slice(0, Math.max(0, living.length + 1 - settings.heldMax))
      for (const row of surplus) end(tx, person.id, row, 'too-many')
      const now = isoTime(nowMs)
      const clear = { personId: person.id, createdAt: now, lastUsedAt: now, provedAt: now }
      const row = { id, clear, sealed: { token: digestOf(token), label } }
      sessions.add(tx, row)
      return useOf(row, person, nowMs)
    },

    async find(tx, token, nowMs) {
      if (!/^hs_[A-Za-z0-9_-]{43}$/.test(token)) return undefined
      const row = await sessions.by.token.find(tx, [digestOf(token)])
      return row !== undefined && isLiving(row, nowMs) ? row : undefined
    },

    use(tx, row, nowMs, isProved = false) {
      const { lastUsedAt, provedAt } = row.clear
      if (!isProved && nowMs - Date.parse(lastUsedAt) < LAST_USE_MS) return row
      const now = isoTime(nowMs)
      const times = { lastUsedAt: now, provedAt: isProved ? now : provedAt }
      const used = { ...row, clear: { ...row.clear, ...times } }
      sessions.change(tx, row, used)
      return used
    },

    useOf,

    async living(tx, personId, nowMs) {
      const rows = personId === undefined ? await sessions.page(tx) : await rowsOf(tx, personId)
      return rows.filter((row) => isLiving(row, nowMs)).map(view)
    },

    async need(tx, id, personId) {
      const row = await sessions.need(tx, id)
      if (personId === undefined || row.clear.personId === personId) return row
      throw new HindraError('NOT_FOUND', `no session of yours has the id ${id}`)
    },

    end,

    async endAll(tx, by, personId, nowMs) {
      const ended: SessionView[] = []
      for (const row of await rowsOf(tx, personId)) {
        if (isLiving(row, nowMs)) ended.push(end(tx, by, row))
        else sessions.remove(tx, row)
      }
      return ended
    },

    label(tx, row, label) {
      const named = { ...row, sealed: { ...row.sealed, label } }
      sessions.change(tx, row, named)
      return view(named)
    },
  }

  function end(tx: Transaction, by: string, row: SessionRow, why?: string): SessionView {
    sessions.remove(tx, row)
    const detail = { person: row.clear.personId, ...defined({ why }) }
    audit.append(tx, { by, action: 'session.end', subject: row.id, detail })
    return view(row)
  }

  function useOf(row: SessionRow, person: PersonView, nowMs: number): OpenSession {
    const { id, pseudonym, kind, roles } = person
    const isFresh = isWithin(row.clear.provedAt, settings.freshMinutes * MINUTE_MS, nowMs)
    const principal: Principal = { id, pseudonym, kind, roles, session: { id: row.id, isFresh } }
    return { principal, session: view(row), isFresh }
  }

  function rowsOf(tx: Transaction, personId: string): Promise<SessionRow[]> {
    return take(sessions.by.person.rows(tx, [personId]))
  }

  function digestOf(token: string): string {
    return sealer.digest('session-token', token)
  }

  function isLiving({ clear }: SessionRow, nowMs: number): boolean {
    return (
      isWithin(clear.lastUsedAt, settings.idleMinutes * MINUTE_MS, nowMs) &&
      isWithin(clear.createdAt, settings.hoursMax * HOUR_MS, nowMs)
    )
  }

  function view({ id, clear, sealed }: SessionRow): SessionView {
    const { personId, createdAt, lastUsedAt, provedAt } = clear
    const endsAt = isoTime(Date.parse(createdAt) + settings.hoursMax * HOUR_MS)
    return { id, personId, label: sealed.label, createdAt, lastUsedAt, provedAt, endsAt }
  }
}

function isWithin(since: string, lengthMs: number, nowMs: number): boolean {
  const elapsedMs = nowMs - Date.parse(since)
  return elapsedMs >= -SET_BACK_MS && elapsedMs < lengthMs
}

import { type Access, type PersonView, requireFresh } from '../access/index.ts'
import type { Audit } from '../audit/index.ts'
import type { Config } from '../config.ts'
import { type Clock, isoTime } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { Context, Expiring, Transaction } from '../store/index.ts'
import type { Devices } from './devices.ts'
import type { Factors, FactorsRow } from './factors.ts'
import { failed } from './failed.ts'
import type { Guard } from './guard.ts'
import type { Held, SessionRow } from './held.ts'
import { createNonces, NONCE_MS, type NoncePurpose } from './nonces.ts'
import { type PasskeyRow, type Passkeys, passkeyView } from './passkeys.ts'
import { type RelyingParty, relyingParty } from './relying-party.ts'
import type { OwnPasskeys } from './session-types.ts'
import {
  challengeOf,
  checkAssertion,
  checkRegistration,
  creationOptions,
  DECOY_KEY,
  readAssertion,
  readRegistration,
  requestOptions,
} from './webauthn.ts'

const BROWSER_BYTES = 16
const NAME_CHARACTERS_MAX = 60

/** Whose session it is. */
interface Opened {
  readonly row: SessionRow
  readonly person: PersonView
}

/** A passkey that has signed what it was asked to. */
interface Signed {
  readonly row: PasskeyRow
  readonly counter: number
  /** What it signed, and signs no more. */
  readonly nonce: string
}

/** Signing in by passkeys, which stand for both factors: what one has, and the PIN or body that it asks for. */
export function createPasskeySignIn(
  context: Context,
  audit: Audit,
  parts: {
    readonly access: Pick<Access, 'person'>
    readonly factors: Pick<Factors, 'get'>
    readonly devices: Devices
    readonly guard: Guard
    readonly held: Held
    readonly passkeys: Passkeys
    readonly settings: Config['sessions']
    readonly spentNonces: Expiring<null>
    readonly wallClock: Clock
    /** Throws UNAUTHENTICATED. */
    readonly open: (tx: Transaction, token: string, nowMs: number) => Promise<Opened>
    /** Throws STEP_UP_NEEDED, too. */
    readonly openFresh: (tx: Transaction, token: string, nowMs: number) => Promise<Opened>
  },
): OwnPasskeys {
  const { store, random, newId } = context
  const { access, factors, devices, guard, held, passkeys, settings, wallClock } = parts
  const { open, openFresh } = parts
  const nonces = createNonces('passkey', { ...context, ...parts })

  return {
    newBrowser: () => Buffer.from(random.bytes(BROWSER_BYTES)).toString('hex'),

    async askToSignIn(browser) {
      return requestOptions(needParty(), nonces.issue('sign-in', browser), NONCE_MS)
    },

    async begin(json, browser, { address, device }) {
      const party = needParty()
      const nowMs = wallClock.now()
      const found = await store.transact((tx) => ownerOf(tx, readAssertion(json)?.id))
      const known = found && devices.idIn(device, found.owner, nowMs)
      const tried = await guard.passkey({ address, device: known })
      const signed = await check(party, json, { purpose: 'sign-in', holder: browser })
      const made = held.newToken()
      const opened = await store.transact(async (tx) => {
        const now = signed && (await ownerOf(tx, signed.row.sealed.credential))
        if (signed === undefined || now?.person.active !== true) return undefined
        if (!(await use(tx, signed, nowMs))) return undefined
        tried.passed(tx)
        const [by, { id: passkey }] = [now.person.id, signed.row]
        const detail = { factor: 'passkey', passkey, isKnownDevice: known !== undefined }
        audit.append(tx, { by, action: 'session.begin', subject: made.id, detail })
        const session = await held.open(tx, made, now.person, { nowMs, label: null })
        return { ...session, device: devices.valueOf(now.owner, nowMs, known) }
      })
      if (opened === undefined) throw failed(audit, found?.person.id)
      return { ...opened, token: made.token }
    },

    async askToProve(token) {
      const party = needParty()
      const { row, credentials } = await store.transact(async (tx) => {
        const session = await open(tx, token, wallClock.now())
        return { ...session, credentials: await credentialsOf(tx, session.person.id) }
      })
      return requestOptions(party, nonces.issue('prove', row.id), NONCE_MS, credentials)
    },

    async prove(token, json) {
      const party = needParty()
      const nowMs = wallClock.now()
      const { row } = await store.transact((tx) => open(tx, token, nowMs))
      const tried = await guard.withinSession(row.id)
      const signed = await check(party, json, { purpose: 'prove', holder: row.id })
      const proved = await store.transact(async (tx) => {
        const now = await open(tx, token, nowMs)
        // Another person's proves nothing of who has signed in.
        if (signed?.row.clear.personId !== now.person.id) return undefined
        if (!(await use(tx, signed, nowMs))) return undefined
        tried.passed(tx)
        const detail = { factor: 'passkey', passkey: signed.row.id }
        audit.append(tx, { by: now.person.id, action: 'session.prove', subject: row.id, detail })
        return held.useOf(held.use(tx, now.row, nowMs, true), now.person, nowMs)
      })
      if (proved === undefined) {
        audit.count(row.clear.personId, 'session.prove-refused', row.id)
        const message = 'passkey: is none of yours, or was asked for too long ago'
        throw new HindraError('STEP_UP_NEEDED', message, { field: 'passkey' })
      }
      return proved
    },

    async askToAdd(token) {
      const party = needParty()
      const { row, person, credentials } = await store.transact(async (tx) => {
        const session = await openFresh(tx, token, wallClock.now())
        await requireRoom(tx, session.person.id)
        return { ...session, credentials: await credentialsOf(tx, session.person.id) }
      })
      const { id, pseudonym } = person
      const whose = { handle: passkeys.handleOf(id), pseudonym, credentials }
      return creationOptions(party, nonces.issue('add', row.id), NONCE_MS, whose)
    },

    async add(token, { name: said, registration: json }) {
      const party = needParty()
      const nowMs = wallClock.now()
      const name = checkName(said)
      const { row: session } = await store.transact(async (tx) => {
        const opened = await openFresh(tx, token, nowMs)
        await requireRoom(tx, opened.person.id)
        return opened
      })
      const registration = readRegistration(json)
      const nonce = registration === undefined ? '' : challengeOf(registration)
      const isAsked = nonces.isPending(nonce, 'add', session.id)
      const made =
        registration && isAsked ? await checkRegistration(party, registration) : undefined
      if (made === undefined) throw unfit()
      const id = newId()
      return store.transact(async (tx) => {
        if (!(await nonces.spend(tx, nonce))) throw unfit()
        const { person } = await openFresh(tx, token, nowMs)
        await requireRoom(tx, person.id)
        if ((await passkeys.find(tx, made.credential)) !== undefined) throw unfit()
        const clear = { personId: person.id, addedAt: isoTime(nowMs), lastUsedAt: null }
        const row = { id, clear, sealed: { ...made, name } }
        passkeys.add(tx, row)
        const detail = { passkey: id }
        audit.append(tx, {
          by: person.id,
          action: 'person.passkey-add',
          subject: person.id,
          detail,
        })
        return passkeyView(row)
      })
    },

    own: (by) =>
      store.transact(async (tx) => (await passkeys.of(tx, by.id)).map((row) => passkeyView(row))),

    async remove(by, id) {
      requireFresh(by)
      return store.transact(async (tx) => {
        const row = await passkeys.need(tx, id, by.id)
        passkeys.remove(tx, row)
        const detail = { passkey: row.id }
        audit.append(tx, { by: by.id, action: 'person.passkey-remove', subject: by.id, detail })
        return passkeyView(row)
      })
    },
  }

  /** Throws NOT_FOUND where passkeys are off. */
  function needParty(): RelyingParty {
    const party = relyingParty(settings)
    if (party !== undefined) return party
    throw new HindraError('NOT_FOUND', 'there are no passkeys: sessions.url is no https address')
  }

  /** Whose passkey has the id of a credential, as they sign in now; undefined for nobody's. */
  async function ownerOf(tx: Transaction, credential: string | undefined) {
    const row = credential === undefined ? undefined : await passkeys.find(tx, credential)
    const kept: FactorsRow | undefined = row && (await factors.get(tx, row.clear.personId))
    if (row === undefined || kept === undefined) return undefined
    const person = await access.person(tx, kept.id)
    return { person, owner: { personId: person.id, epoch: kept.sealed.epoch } }
  }

  /** Does the same work whether somebody has such a passkey or not; undefined for whatever is wrong. */
  async function check(
    party: RelyingParty,
    json: string,
    asked: { readonly purpose: NoncePurpose; readonly holder: string },
  ): Promise<Signed | undefined> {
    const assertion = readAssertion(json)
    if (assertion === undefined) return undefined
    const row = await store.transact((tx) => passkeys.find(tx, assertion.id))
    const counter = await checkAssertion(party, assertion, row?.sealed.publicKey ?? DECOY_KEY)
    const nonce = challengeOf(assertion)
    if (row === undefined || counter === undefined) return undefined
    if (!nonces.isPending(nonce, asked.purpose, asked.holder)) return undefined
    const handle = Buffer.from(passkeys.handleOf(row.clear.personId)).toString('base64url')
    const { userHandle = null } = assertion.response
    // An authenticator that is asked for one key need not say whose it is.
    const isOwners = userHandle === handle || (userHandle === null && asked.purpose === 'prove')
    return isOwners ? { row, counter, nonce } : undefined
  }

  /** Notes that it has signed; false where it did before, was removed, or its counter tells of a copy. */
  async function use(
    tx: Transaction,
    { row, counter, nonce }: Signed,
    nowMs: number,
  ): Promise<boolean> {
    if (!(await nonces.spend(tx, nonce))) return false
    const now = await passkeys.find(tx, row.sealed.credential)
    if (now?.id !== row.id) return false
    if (passkeys.use(tx, now, counter, nowMs)) return true
    const { personId: by } = row.clear
    const detail = { passkey: row.id, why: 'counter' }
    audit.append(tx, { by, action: 'person.passkey-refused', subject: by, detail })
    return false
  }

  async function credentialsOf(tx: Transaction, personId: string): Promise<readonly string[]> {
    return (await passkeys.of(tx, personId)).map(({ sealed }) => sealed.credential)
  }

  async function requireRoom(tx: Transaction, personId: string): Promise<void> {
    const { length } = await passkeys.of(tx, personId)
    if (length < settings.passkeysMax) return
    const message = { says: 'passkeys-enough', count: length } as const
    throw new HindraError('CONFLICT', message)
  }
}

function checkName(said: string): string {
  const name = said.trim()
  if (name !== '' && name.length <= NAME_CHARACTERS_MAX) return name
  const message = { says: 'passkey-name', most: NAME_CHARACTERS_MAX } as const
  throw new HindraError('INVALID_INPUT', message, { field: 'name' })
}

function unfit(): HindraError {
  const message = { says: 'passkey-unfit' } as const
  return new HindraError('INVALID_INPUT', message, { field: 'registration' })
}

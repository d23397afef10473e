import { type Access, type PersonView, requireFresh } from '../access/index.ts'
import type { Audit } from '../audit/index.ts'
import type { Config } from '../config.ts'
import { type Clock, HOUR_MS, isoTime } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { type Context, keySpace, type Row, table, type Transaction } from '../store/index.ts'
import { newCode, plainCode } from './codes.ts'
import type { Factors } from './factors.ts'
import type { Devices } from './devices.ts'
import type { Guard } from './guard.ts'
import { checkLabel, type Held } from './held.ts'
import type { Linked } from './openid-subjects.ts'
import type { Passkeys } from './passkeys.ts'
import { checkPassword, type Passwords } from './passwords.ts'
import { newTotpSecret, totpStep, totpUri } from './second-factor.ts'
import { failed } from './failed.ts'
import type { Sessions } from './session-types.ts'

/** 125 bits: nothing has to slow down who guesses. */
const CODE_GROUPS = 5
const EPOCH_BYTES = 16
const PATH = '/console/welcome'

interface InvitationClear {
  readonly createdAt: string
  readonly expiresAt: string
}

interface InvitationSealed {
  /** Keyed digest of the code. */
  readonly code: string
  /** Of the second factor that was shown last, base 32; null until somebody has come with the code. */
  readonly secret: string | null
}

/** One a person; its id is the person's. */
type InvitationRow = Row<InvitationClear, InvitationSealed>

const invitationTable = table<InvitationClear, InvitationSealed>(keySpace('invitation')).with({
  by: {
    code: { unique: true, keys: keySpace('invitation-code'), at: ({ sealed }) => [sealed.code] },
  },
})

interface Invitations extends Pick<Sessions, 'invite' | 'welcome' | 'enrol'> {
  /** Those whose code is good. */
  readonly count: (tx: Transaction, nowMs: number) => Promise<number>
  /** Until when the invitation of a person is good; null where none is. */
  readonly openUntil: (tx: Transaction, personId: string, nowMs: number) => Promise<string | null>
}

export function createInvitations(
  context: Context,
  audit: Audit,
  parts: {
    readonly access: Pick<Access, 'colleague' | 'person'>
    readonly factors: Factors
    readonly devices: Devices
    readonly guard: Guard
    readonly held: Held
    readonly links: Linked
    readonly passkeys: Passkeys
    readonly passwords: Passwords
    readonly settings: Config['sessions']
    readonly wallClock: Clock
  },
): Invitations {
  const { store, sealer, random } = context
  const { access, factors, devices, guard, held, links, passkeys, passwords, settings, wallClock } =
    parts
  const invitations = invitationTable(sealer)

  return {
    invite(by, said) {
      requireFresh(by)
      const code = newCode(random, CODE_GROUPS)
      const nowMs = wallClock.now()
      const expiresAt = isoTime(nowMs + settings.invitationHours * HOUR_MS)
      return store.transact(async (tx) => {
        const person = await needPerson(tx, said)
        const before = await invitations.get(tx, person.id)
        const after = {
          id: person.id,
          clear: { createdAt: isoTime(nowMs), expiresAt },
          sealed: { code: digestOf(code), secret: null },
        }
        if (before === undefined) invitations.add(tx, after)
        else invitations.change(tx, before, after)
        const isReset = (await factors.get(tx, person.id)) !== undefined
        factors.drop(tx, person.id)
        const isUnlinked = await links.remove(tx, person.id)
        const passkeysEnded = await passkeys.removeAll(tx, person.id)
        const { length: ended } = await held.endAll(tx, by.id, person.id, nowMs)
        const detail = { expiresAt, isReset, ended, passkeysEnded, isUnlinked }
        audit.append(tx, { by: by.id, action: 'person.invite', subject: person.id, detail })
        const path = `${PATH}#${code}`
        const link = settings.url === undefined ? null : new URL(path, settings.url).href
        const { pseudonym } = person
        return { personId: person.id, pseudonym, code, expiresAt, path, link, isReset, ended }
      })
    },

    async welcome(code, { address }) {
      guard.address(address)
      const secret = newTotpSecret(random)
      const shown = await store.transact(async (tx) => {
        const found = await find(tx, code)
        if (found === undefined) return undefined
        const { row, person } = found
        invitations.change(tx, row, { ...row, sealed: { ...row.sealed, secret } })
        audit.append(tx, { by: person.id, action: 'person.welcome', subject: person.id })
        return { row, person }
      })
      if (shown === undefined) throw failed(audit, undefined)
      const { pseudonym, name } = shown.person
      const { expiresAt } = shown.row.clear
      return { pseudonym, name, expiresAt, secret, uri: totpUri(secret, pseudonym) }
    },

    async enrol({ code, password, totp, label: said }, { address }) {
      guard.address(address)
      const found = await store.transact((tx) => find(tx, code))
      if (found === undefined) throw failed(audit, undefined)
      const { row, person } = found
      const label = checkLabel(said)
      checkPassword(password, person)
      const nowMs = wallClock.now()
      const { secret } = row.sealed
      const step = secret === null ? undefined : totpStep(secret, totp, nowMs)
      if (secret === null || step === undefined) {
        const message = { says: 'totp-wrong' } as const
        throw new HindraError('INVALID_INPUT', message, { field: 'totp' })
      }
      const epoch = Buffer.from(random.bytes(EPOCH_BYTES)).toString('hex')
      const recoveryCodes = factors.newRecoveryCodes()
      const sealed = { epoch, password: await passwords.hash(password), secret }
      const first = { at: isoTime(nowMs), step, recoveryCodes }
      const made = held.newToken()
      const opened = await store.transact(async (tx) => {
        const again = await find(tx, code)
        // Somebody else has come with the code meanwhile, or a newer one was made.
        if (again?.row.sealed.secret !== secret) return undefined
        invitations.remove(tx, again.row)
        factors.put(tx, factors.made(person.id, sealed, first))
        const detail = { session: made.id }
        audit.append(tx, { by: person.id, action: 'person.enrol', subject: person.id, detail })
        return held.open(tx, made, again.person, { nowMs, label })
      })
      if (opened === undefined) throw failed(audit, person.id)
      const device = devices.valueOf({ personId: person.id, epoch }, nowMs, undefined)
      return { ...opened, token: made.token, device, recoveryCodes }
    },

    async openUntil(tx, personId, nowMs) {
      const expiresAt = (await invitations.get(tx, personId))?.clear.expiresAt ?? null
      return expiresAt !== null && nowMs < Date.parse(expiresAt) ? expiresAt : null
    },

    async count(tx, nowMs) {
      let count = 0
      for await (const { clear } of invitations.clearRows(tx)) {
        if (nowMs < Date.parse(clear.expiresAt)) count += 1
      }
      return count
    },
  }

  /** Whose code it is, while it is good. */
  async function find(
    tx: Transaction,
    code: string,
  ): Promise<{ readonly row: InvitationRow; readonly person: PersonView } | undefined> {
    const row = await invitations.by.code.find(tx, [digestOf(code)])
    if (row === undefined || wallClock.now() >= Date.parse(row.clear.expiresAt)) return undefined
    const person = await access.person(tx, row.id)
    return person.active ? { row, person } : undefined
  }

  async function needPerson(tx: Transaction, said: string): Promise<PersonView> {
    const person = await access.colleague(tx, said)
    if (person.kind === 'person') return person
    const message = { says: 'person-is-machine', pseudonym: person.pseudonym } as const
    throw new HindraError('INVALID_INPUT', message, { field: 'person' })
  }

  function digestOf(code: string): string {
    return sealer.digest('invitation-code', plainCode(code))
  }
}

import { createHmac, timingSafeEqual } from 'node:crypto'
import { type Access, type PersonView, requireFresh } from '../access/index.ts'
import type { Audit } from '../audit/index.ts'
import type { Config } from '../config.ts'
import type { Clock } from '../core/index.ts'
import { HindraError, unlessBroken } from '../errors.ts'
import { type Context, Expiring, keySpace, type Transaction } from '../store/index.ts'
import { createFactors, type FactorsRow } from './factors.ts'
import { createDevices } from './devices.ts'
import { failed } from './failed.ts'
import { createGuard, type Tries } from './guard.ts'
import { checkLabel, createHeld } from './held.ts'
import { createInvitations } from './invitations.ts'
import { createLinked } from './openid-subjects.ts'
import { createIssuer } from './openid-issuer.ts'
import { createOpenidSignIn } from './openid-sign-in.ts'
import { createPasskeys } from './passkeys.ts'
import { createPasskeySignIn } from './passkey-sign-in.ts'
import { checkPassword, createPasswords, type HashCost, type Hashing } from './passwords.ts'
import { newTotpSecret } from './second-factor.ts'
import type { Sessions } from './session-types.ts'
import { createViews } from './views.ts'

/** What a name looks like that somebody may have. */
const PSEUDONYM = /^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/
/** What is kept of a name that is none, to slow down who tries it. */
const NAME_CHARACTERS_MAX = 64
/** No code is longer, however it is typed. */
const CODE_CHARACTERS_MAX = 64
/** No pseudonym begins so, and no id. */
const NOBODY = '-'

/** `wallClock` is the real one, whatever clock the context follows: no session lives longer in a demonstration. */
export function createSessions(
  context: Context,
  audit: Audit,
  access: Pick<Access, 'colleague' | 'person'>,
  { sessions: settings, openid }: Pick<Config, 'sessions' | 'openid'>,
  wallClock: Clock,
  /** Of hashing passwords, and what does it: that of production unless told. */
  { cost, hashing }: { readonly cost?: HashCost; readonly hashing?: Hashing } = {},
): Sessions {
  const { store, sealer, random } = context
  const passwords = createPasswords(random, { atOnce: settings.hashesAtOnce, cost, hashing })
  const factors = createFactors(context)
  const devices = createDevices(sealer, random, settings.deviceDays)
  const timed = { sealer, clock: wallClock }
  const tries = new Expiring<Tries>(keySpace('sign-in-tries'), timed, 'wall')
  const spentNonces = new Expiring<null>(keySpace('sign-in-nonce'), timed, 'wall')
  const perAddress = settings.attemptsPerAddress
  const guard = createGuard({ store, random, wallClock, tries, perAddress })
  const held = createHeld(context, audit, settings)
  const passkeys = createPasskeys(context)
  const links = createLinked(context)
  const provider = createIssuer(openid, settings.url)
  const common = { access, factors, devices, guard, held, links, passkeys, settings, wallClock }
  const {
    count: countInvitations,
    openUntil,
    ...inviting
  } = createInvitations(context, audit, { ...common, passwords })
  /** What is compared where nobody has the name, or the person was not invited: at the same cost. */
  const decoy: FactorsRow = {
    id: NOBODY,
    clear: { enrolledAt: '', lastStep: 0, recoveryCodes: 0 },
    sealed: {
      epoch: '',
      password: passwords.decoy(),
      secret: newTotpSecret(random),
      recovery: [],
    },
  }

  return {
    ...inviting,
    views: createViews(context, audit, settings),
    passkeys: createPasskeySignIn(context, audit, { ...common, spentNonces, open, openFresh }),
    openid: createOpenidSignIn(context, audit, { ...common, spentNonces, provider, open }),

    async begin({ name: said, password, code: typed, label: called }, { address, device }) {
      const label = checkLabel(called)
      const name = said.trim().slice(0, NAME_CHARACTERS_MAX)
      const code = typed.slice(0, CODE_CHARACTERS_MAX)
      const nowMs = wallClock.now()
      const { person, kept } = await store.transact((tx) => lookUp(tx, name))
      const { epoch, password: hash } = kept.sealed
      const owner = { personId: kept.id, epoch }
      const known = devices.idIn(device, owner, nowMs)
      const tried = await guard.signIn({ name, address, device: known })
      const isRight = await passwords.matches(hash, password)
      const made = held.newToken()
      const opened = await store.transact(async (tx) => {
        const now = await lookUp(tx, name)
        const proof = factors.proofOf(now.kept, code, nowMs)
        const isSame = now.kept.sealed.password === hash
        if (now.person === undefined || !isRight || !isSame || proof === undefined) return undefined
        factors.put(tx, proof.after)
        tried.passed(tx)
        const detail = { factor: proof.factor, isKnownDevice: known !== undefined }
        const { id } = now.person
        audit.append(tx, { by: id, action: 'session.begin', subject: made.id, detail })
        return held.open(tx, made, now.person, { nowMs, label })
      })
      if (opened === undefined) throw failed(audit, person?.id)
      // Not before: that a password was right is not to be seen where the code was wrong.
      if (passwords.isOutdated(hash)) await renew(kept.id, hash, password).catch(unlessBroken)
      return { ...opened, token: made.token, device: devices.valueOf(owner, nowMs, known) }
    },

    async of(token, how = 'use') {
      const nowMs = wallClock.now()
      return store.transact(async (tx) => {
        const { row, person } = await open(tx, token, nowMs)
        return held.useOf(how === 'use' ? held.use(tx, row, nowMs) : row, person, nowMs)
      })
    },

    async prove(token, typed) {
      const nowMs = wallClock.now()
      const { row } = await store.transact((tx) => open(tx, token, nowMs))
      const tried = await guard.withinSession(row.id)
      const proved = await store.transact(async (tx) => {
        const now = await open(tx, token, nowMs)
        const kept = await factors.get(tx, now.person.id)
        const code = typed.slice(0, CODE_CHARACTERS_MAX)
        const proof = kept && factors.proofOf(kept, code, nowMs)
        if (proof === undefined) return undefined
        factors.put(tx, proof.after)
        tried.passed(tx)
        const [by, detail] = [now.person.id, { factor: proof.factor }]
        audit.append(tx, { by, action: 'session.prove', subject: row.id, detail })
        return held.useOf(held.use(tx, now.row, nowMs, true), now.person, nowMs)
      })
      if (proved === undefined) {
        audit.count(row.clear.personId, 'session.prove-refused', row.id)
        const message = 'code: is not the present one of your second factor, or was used'
        throw new HindraError('STEP_UP_NEEDED', message, { field: 'code' })
      }
      return proved
    },

    async changePassword(token, { old, password }) {
      const nowMs = wallClock.now()
      const { row, person, kept } = await store.transact((tx) => openFresh(tx, token, nowMs))
      checkPassword(password, person)
      const tried = await guard.withinSession(row.id)
      const before = kept.sealed.password
      if (!(await passwords.matches(before, old))) {
        audit.count(person.id, 'person.password-refused', row.id)
        throw new HindraError('INVALID_INPUT', { says: 'password-old' }, { field: 'old' })
      }
      const hash = await passwords.hash(password)
      return store.transact(async (tx) => {
        const now = await openFresh(tx, token, nowMs)
        const { sealed } = now.kept
        if (sealed.password !== before) throw ended()
        factors.put(tx, { ...now.kept, sealed: { ...sealed, password: hash } })
        tried.passed(tx)
        audit.append(tx, { by: person.id, action: 'person.password', subject: person.id })
        for (const { id } of await held.living(tx, person.id, nowMs)) {
          if (id !== row.id) held.end(tx, person.id, await held.need(tx, id), 'password')
        }
        return held.useOf(now.row, now.person, nowMs)
      })
    },

    renewRecoveryCodes(token) {
      const recoveryCodes = factors.newRecoveryCodes()
      return store.transact(async (tx) => {
        const { person, kept } = await openFresh(tx, token, wallClock.now())
        factors.put(tx, factors.withRecoveryCodes(kept, recoveryCodes))
        audit.append(tx, { by: person.id, action: 'person.recovery-codes', subject: person.id })
        return recoveryCodes
      })
    },

    end: (token) =>
      store.transact(async (tx) => {
        const row = await held.find(tx, token, wallClock.now())
        if (row !== undefined) held.end(tx, row.clear.personId, row)
      }),

    csrf,

    isCsrf(token, given) {
      const right = Buffer.from(csrf(token))
      const said = Buffer.from(given)
      return said.length === right.length && timingSafeEqual(said, right)
    },

    list: (said) =>
      store.transact(async (tx) => {
        const person = said === undefined ? undefined : await access.colleague(tx, said)
        return held.living(tx, person?.id, wallClock.now())
      }),

    own: (by) => store.transact((tx) => held.living(tx, by.id, wallClock.now())),

    endOne(by, id) {
      requireFresh(by)
      return store.transact(async (tx) => held.end(tx, by.id, await held.need(tx, id)))
    },

    endAll(by, said) {
      requireFresh(by)
      return store.transact(async (tx) => {
        const person = await access.colleague(tx, said)
        return held.endAll(tx, by.id, person.id, wallClock.now())
      })
    },

    endOwn: (by, id) =>
      store.transact(async (tx) => held.end(tx, by.id, await held.need(tx, id, by.id))),

    label(by, id, label) {
      const called = checkLabel(label)
      return store.transact(async (tx) => held.label(tx, await held.need(tx, id, by.id), called))
    },

    stateOf: (personId) =>
      store.transact(async (tx) => {
        const kept = await factors.get(tx, personId)
        return {
          enrolledAt: kept?.clear.enrolledAt ?? null,
          recoveryCodes: kept?.clear.recoveryCodes ?? null,
          passkeys: (await passkeys.of(tx, personId)).length,
          isLinked: (await links.get(tx, personId)) !== undefined,
          invitedUntil: await openUntil(tx, personId, wallClock.now()),
        }
      }),

    async counts(tx) {
      const nowMs = wallClock.now()
      const { all: enrolled, few } = await factors.census(tx)
      const fewRecoveryCodes: string[] = []
      for (const id of few) {
        const { active, pseudonym } = await access.person(tx, id)
        if (active) fewRecoveryCodes.push(pseudonym)
      }
      const { length: sessions } = await held.living(tx, undefined, nowMs)
      const invited = await countInvitations(tx, nowMs)
      const withPasskeys = await passkeys.countPeople(tx)
      return { sessions, enrolled, withPasskeys, invited, fewRecoveryCodes }
    },
  }

  /** The active person of a name and what they sign in with; the decoy where there is none. */
  async function lookUp(tx: Transaction, name: string) {
    const isName = PSEUDONYM.test(name)
    const person = await access.colleague(tx, isName ? name : NOBODY).catch(unlessBroken)
    const kept = await factors.get(tx, person?.id ?? NOBODY)
    return { person, kept: kept ?? decoy }
  }

  /** The session of a token and its person, as they are now. Throws UNAUTHENTICATED. */
  async function open(tx: Transaction, token: string, nowMs: number) {
    const row = await held.find(tx, token, nowMs)
    const person: PersonView | undefined = row && (await access.person(tx, row.clear.personId))
    if (row !== undefined && person?.active === true) return { row, person }
    throw ended()
  }

  /** The same, and what the person signs in with. Throws STEP_UP_NEEDED, too. */
  async function openFresh(tx: Transaction, token: string, nowMs: number) {
    const { row, person } = await open(tx, token, nowMs)
    requireFresh(held.useOf(row, person, nowMs).principal)
    const kept = await factors.get(tx, person.id)
    if (kept === undefined) {
      const message = { says: 'factor-none' } as const
      throw new HindraError('CONFLICT', message)
    }
    return { row, person, kept }
  }

  /** Hashes a password anew at the cost of today, unless it was changed meanwhile. */
  async function renew(personId: string, before: string, password: string): Promise<void> {
    const hash = await passwords.hash(password)
    await store.transact(async (tx) => {
      const kept = await factors.get(tx, personId)
      if (kept?.sealed.password !== before) return
      factors.put(tx, { ...kept, sealed: { ...kept.sealed, password: hash } })
    })
  }
}

function ended(): HindraError {
  return new HindraError('UNAUTHENTICATED', { says: 'session-ended' })
}

function csrf(token: string): string {
  return createHmac('sha256', token).update('hindra csrf v1').digest('base64url')
}

import { type Access, type PersonView, requireFresh } from '../access/index.ts'
import type { Audit } from '../audit/index.ts'
import { type Clock, SECOND_MS } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { Context, Expiring, Transaction } from '../store/index.ts'
import type { Devices } from './devices.ts'
import type { Factors } from './factors.ts'
import { failed } from './failed.ts'
import type { Guard } from './guard.ts'
import type { Held, SessionRow } from './held.ts'
import { createNonces, type NoncePurpose } from './nonces.ts'
import type { Linked } from './openid-subjects.ts'
import type { Issuer, Testimony, IssuerTies } from './openid-issuer.ts'
import type { OpenidLogin } from './session-types.ts'

/** How far the clock of the provider may be behind ours. */
const CLOCK_MS = 30 * SECOND_MS
const SUBJECT_CHARACTERS_MAX = 255

/**
 * Signing in by a provider of OpenID Connect (authorization code, PKCE, nonce). It says who somebody is and that two
 * factors were shown just now; an admin has said which person of ours that is, and roles are ours alone.
 */
export function createOpenidSignIn(
  context: Context,
  audit: Audit,
  parts: {
    readonly access: Pick<Access, 'colleague' | 'person'>
    readonly factors: Pick<Factors, 'get'>
    readonly devices: Devices
    readonly guard: Guard
    readonly held: Held
    readonly links: Linked
    readonly spentNonces: Expiring<null>
    readonly wallClock: Clock
    readonly provider: Issuer | undefined
    /** Throws UNAUTHENTICATED. */
    readonly open: (
      tx: Transaction,
      token: string,
      nowMs: number,
    ) => Promise<{ readonly row: SessionRow; readonly person: PersonView }>
  },
): OpenidLogin {
  const { store } = context
  const { access, factors, devices, guard, held, links, wallClock, open } = parts
  const nonces = createNonces('openid', { ...context, ...parts })

  return {
    async askToSignIn(browser, next) {
      const provider = needIssuer()
      return provider.placeToAsk(tiesOf(stateOf('sign-in', browser, next)))
    },

    async begin(query, browser, { address }) {
      const provider = needIssuer()
      await guard.passkey({ address, device: undefined })
      const nowMs = wallClock.now()
      const answered = await check(provider, query, 'sign-in', browser)
      const made = held.newToken()
      const opened = await store.transact(async (tx) => {
        const link = answered && (await links.find(tx, provider.issuer, answered.claims.sub))
        const person = link && (await access.person(tx, link.id))
        if (answered === undefined || link === undefined || person?.active !== true) {
          return { refused: person?.id }
        }
        const detail = { factor: 'openid', isKnownDevice: false }
        audit.append(tx, { by: person.id, action: 'session.begin', subject: made.id, detail })
        const session = await held.open(tx, made, person, { nowMs, label: null })
        // Where there is a password, the browser is known when that is used, too.
        const kept = await factors.get(tx, person.id)
        const epoch = kept?.sealed.epoch ?? `openid ${link.clear.linkedAt}`
        const owner = { personId: person.id, epoch }
        return { ...session, device: devices.valueOf(owner, nowMs, undefined), next: answered.next }
      })
      if ('refused' in opened) throw failed(audit, opened.refused)
      return { ...opened, token: made.token }
    },

    async askToProve(token) {
      const provider = needIssuer()
      const { row } = await store.transact((tx) => open(tx, token, wallClock.now()))
      return provider.placeToAsk(tiesOf(stateOf('prove', row.id)))
    },

    async prove(token, query) {
      const provider = needIssuer()
      const nowMs = wallClock.now()
      const { row } = await store.transact((tx) => open(tx, token, nowMs))
      const tried = await guard.withinSession(row.id)
      const answered = await check(provider, query, 'prove', row.id)
      const isProved = await store.transact(async (tx) => {
        const now = await open(tx, token, nowMs)
        const link = answered && (await links.find(tx, provider.issuer, answered.claims.sub))
        if (link?.id !== now.person.id) return false
        const detail = { factor: 'openid' }
        audit.append(tx, { by: link.id, action: 'session.prove', subject: row.id, detail })
        held.use(tx, now.row, nowMs, true)
        tried.passed(tx)
        return true
      })
      if (answered === undefined || !isProved) {
        audit.count(row.clear.personId, 'session.prove-refused', row.id)
        const message = 'openid: the provider does not say that it is you, by two factors, just now'
        throw new HindraError('STEP_UP_NEEDED', message, { field: 'openid' })
      }
    },

    purposeOf: (query) => (query.get('state')?.startsWith('prove.') === true ? 'prove' : 'sign-in'),

    async link(by, said, subject) {
      requireFresh(by)
      const { issuer } = needIssuer()
      if (subject.length > SUBJECT_CHARACTERS_MAX) throw unfit('subject', 'is too long')
      const nowMs = wallClock.now()
      return store.transact(async (tx) => {
        const person = await access.colleague(tx, said)
        if (person.kind !== 'person') throw unfit('person', 'is a machine, which signs in by a key')
        const other = await links.find(tx, issuer, subject)
        if (other !== undefined && other.id !== person.id) {
          throw new HindraError('CONFLICT', { says: 'openid-taken' })
        }
        await links.put(tx, person.id, { issuer, subject }, nowMs)
        audit.append(tx, { by: by.id, action: 'person.openid-link', subject: person.id })
        return { personId: person.id, pseudonym: person.pseudonym, isLinked: true }
      })
    },

    async unlink(by, said) {
      requireFresh(by)
      return store.transact(async (tx) => {
        const person = await access.colleague(tx, said)
        if (!(await links.remove(tx, person.id))) {
          throw new HindraError('NOT_FOUND', `${person.pseudonym} is not linked`)
        }
        audit.append(tx, { by: by.id, action: 'person.openid-unlink', subject: person.id })
        await held.endAll(tx, by.id, person.id, wallClock.now())
        return { personId: person.id, pseudonym: person.pseudonym, isLinked: false }
      })
    },
  }

  /** Throws NOT_FOUND where there is none. */
  function needIssuer(): Issuer {
    if (parts.provider !== undefined) return parts.provider
    throw new HindraError('NOT_FOUND', 'there is no provider: openid.issuer is not set')
  }

  /** What the provider gives back as it is: where to go on, for one holder, once. */
  function stateOf(purpose: NoncePurpose, holder: string, next = ''): string {
    const onward = Buffer.from(next).toString('base64url')
    const nonce = nonces.issue(purpose, `${holder}\n${onward}`)
    return [purpose, Buffer.from(nonce).toString('base64url'), onward].join('.')
  }

  function tiesOf(state: string): IssuerTies {
    const verifier = nonces.secretOf('verifier', state)
    return { state, nonce: nonces.secretOf('nonce', state), verifier }
  }

  /** What the provider answered to a request of this holder; undefined for whatever is wrong. */
  async function check(
    provider: Issuer,
    query: URLSearchParams,
    purpose: NoncePurpose,
    holder: string,
  ): Promise<{ readonly claims: Testimony; readonly next: string } | undefined> {
    const state = query.get('state') ?? ''
    const [said, nonce = '', onward = ''] = state.split('.')
    if (said !== purpose || !nonces.isPending(nonce, purpose, `${holder}\n${onward}`))
      return undefined
    // Spent before it is asked about: a code that somebody else has seen comes second.
    if (!(await store.transact((tx) => nonces.spend(tx, nonce)))) return undefined
    const claims = await provider.claimsOf(query, tiesOf(state))
    if (claims === undefined || !provider.saysTwoFactors(claims)) return undefined
    const isAnew = claims.auth_time * SECOND_MS >= nonces.issuedAtMs(nonce) - CLOCK_MS
    return isAnew ? { claims, next: Buffer.from(onward, 'base64url').toString() } : undefined
  }
}

function unfit(field: string, why: string): HindraError {
  return new HindraError('INVALID_INPUT', `${field}: ${why}`, { field })
}

import type { Principal } from '../access/index.ts'
import type { Assignments } from '../assignments/index.ts'
import type { Audit } from '../audit/index.ts'
import { type Case, type Cases, isAtWork, isResting } from '../cases/index.ts'
import type { Config } from '../config.ts'
import { localTime } from '../core/index.ts'
import { encodeStill, type StillSize } from '../decode/index.ts'
import { type ErrorCode, HindraError } from '../errors.ts'
import { type Fetched, faultOf, isHtmlPage, type Tips } from '../intake/index.ts'
import type { Pool } from '../pool/index.ts'
import type { MediaPlace, Recheck } from '../recheck/index.ts'
import type { Stats } from '../stats/index.ts'
import type { Context, Transaction } from '../store/index.ts'
import type { LooksPolicy } from './looks-policy.ts'
import { createLookSteps } from './steps.ts'
import type {
  CopiedPlace,
  LookRecordKind,
  LookFault,
  LookKind,
  OwnToday,
  TakenLook,
} from './terms.ts'
import { createWorkdays, type Workdays } from './workdays.ts'

/** Pixels of the longer side. */
const SIDES = { small: 160, large: 640 } as const

const SIZES: Readonly<Record<LookKind, StillSize>> = {
  'small-grey': { sideMax: SIDES.small, isGrey: true },
  'large-grey': { sideMax: SIDES.large, isGrey: true },
  'small-colour': { sideMax: SIDES.small, isGrey: false },
  'large-colour': { sideMax: SIDES.large, isGrey: false },
}

/** What is wrong with the file itself, or with what it takes. */
const FAULTS: ReadonlyMap<ErrorCode, LookFault> = new Map([
  ['MEDIA_LIMIT', 'too-large'],
  ['MEDIA_EMPTY', 'no-media'],
  ['MEDIA_UNSUPPORTED', 'no-media'],
  ['MEDIA_CORRUPT', 'damaged'],
  ['WORKER_DIED', 'damaged'],
  ['DECODE_TIMEOUT', 'too-slow'],
])

/** A look of a person at what the URL of a record shows now: small, grey, still, and kept nowhere. */
export interface Looks {
  /**
   * One look. It is in the audit before anything is fetched, and counts in the day of its person where something is
   * shown. Throws LOOK_BY_PERSON, LOOKS_OFF, LOOK_STEP, LOOK_LIMIT, NOT_FOUND, ASSIGNED, CASE_STATE, CONFLICT and
   * INVALID_INPUT (a tip without a URL), OVERLOADED.
   */
  take(by: Principal, asked: Asked): Promise<TakenLook>
  /** The URL as it is, for the machine on which the house opens such: in the audit. Throws LOOK_BY_PERSON, NOT_FOUND, INVALID_INPUT. */
  url(by: Principal, of: LookRecordKind, id: string): Promise<CopiedPlace>
  /** What whoever asks did today. */
  own(by: Principal): Promise<OwnToday>
  /** Whoever has signed in by a browser assesses or decides something: it counts in their day. */
  worked(by: Principal): Promise<void>
  readonly before: Workdays['before']
  readonly erase: Workdays['erase']
}

interface Asked {
  readonly of: LookRecordKind
  readonly id: string
  readonly way: LookKind
}

/** What a look came to. */
type Seen = Pick<TakenLook, 'still' | 'fault' | 'status' | 'likeness' | 'distance'>

const NOTHING = { still: null, status: null, likeness: null, distance: null } as const

export function createLooks(
  context: Context,
  audit: Audit,
  {
    config,
    looksPolicy,
    cases,
    tips,
    assignments,
    recheck,
    pool,
    stats,
  }: {
    readonly config: Pick<Config, 'looks' | 'takedown'>
    readonly looksPolicy: LooksPolicy
    readonly cases: Pick<Cases, 'read'>
    readonly tips: Pick<Tips, 'read' | 'workOn'>
    readonly assignments: Pick<Assignments, 'workOn'>
    readonly recheck: Pick<Recheck, 'fetchAt' | 'compared'>
    readonly pool: Pick<Pool, 'still'>
    readonly stats: Pick<Stats, 'count'>
  },
): Looks {
  const { store, clock } = context
  const { timeZone } = config.takedown
  const isEnabled = config.looks.enabled
  const workdays = createWorkdays(context, looksPolicy, { isEnabled, timeZone })
  const steps = createLookSteps(clock)

  /** Where the record's media is, and the case that says what it was found by. */
  async function placeOf(
    tx: Transaction,
    of: LookRecordKind,
    id: string,
  ): Promise<{ readonly place: MediaPlace; readonly entry?: Case }> {
    if (of === 'case') {
      const entry = await cases.read(tx, id)
      return { place: entry, entry }
    }
    const { url, pageUrl = null } = await tips.read(tx, id)
    if (url === undefined) {
      throw new HindraError('INVALID_INPUT', { says: 'tip-without-url' }, { field: 'id' })
    }
    return { place: { rawUrl: url, pageUrl, observations: [] } }
  }

  /** Somebody works on it with this look: it stays theirs, and nobody else looks meanwhile. */
  async function workOn(tx: Transaction, by: Principal, { of, id }: Asked): Promise<void> {
    if (of === 'case') {
      const { status } = await cases.read(tx, id)
      if (!isAtWork(status) && !isResting(status)) {
        throw new HindraError('CASE_STATE', { says: 'case-not-looked-at', status })
      }
      await assignments.workOn(tx, by, 'case', id)
      return
    }
    const { status, url } = await tips.read(tx, id)
    if (status !== 'new') {
      throw new HindraError('CONFLICT', { says: 'tip-not-looked-at', status })
    }
    if (url !== undefined) await tips.workOn(tx, by, url)
  }

  async function see(
    { place, entry }: { readonly place: MediaPlace; readonly entry?: Case },
    way: LookKind,
  ): Promise<Seen> {
    let fetched: Fetched | undefined
    try {
      fetched = await recheck.fetchAt(place)
      const { status, bytes } = fetched
      if (status < 200 || status >= 300) return { ...NOTHING, fault: 'status', status }
      if (isHtmlPage(bytes)) return { ...NOTHING, fault: 'page' }
      // A copy: the pool takes over what it is given, and what was fetched is compared besides.
      const still = await pool.still(Uint8Array.from(bytes), SIZES[way])
      const found = entry === undefined ? undefined : await recheck.compared(entry, fetched)
      const png = Buffer.from(await encodeStill(still)).toString('base64')
      const { width, height, frames } = still
      still.data.fill(0)
      return {
        ...NOTHING,
        still: { png, width, height, frames },
        fault: null,
        ...(found !== undefined && likenessOf(found)),
      }
    } catch (error) {
      const fault = lookFaultOf(error)
      if (fault === undefined) throw error
      return { ...NOTHING, fault }
    } finally {
      fetched?.bytes.fill(0)
    }
  }

  /** What was reserved for a look that showed nothing. */
  async function giveBack(by: Principal, { id, ...look }: Asked, why: string): Promise<OwnToday> {
    return store.transact(async (tx) => {
      await workdays.giveBack(tx, by)
      const detail = { ...look, why }
      audit.append(tx, { by: by.id, action: 'look.nothing', subject: id, detail })
      return workdays.today(tx, by)
    })
  }

  async function count(by: Principal, way: LookKind): Promise<OwnToday> {
    return store.transact(async (tx) => {
      stats.count(tx, way === 'small-grey' ? 'look' : 'look-further', 1)
      if (await workdays.countOnce(tx, by)) stats.count(tx, 'look-person', 1)
      return workdays.today(tx, by)
    })
  }

  function limitError({ bar, opensAt }: OwnToday): HindraError | undefined {
    if (bar === null || bar === 'off') return undefined
    const until = opensAt === null ? '' : `; looks open again at ${at(opensAt)}`
    return new HindraError('LOOK_LIMIT', { says: `look-limit-${bar}`, until })
  }

  function at(time: string): string {
    return localTime(Date.parse(time), timeZone)
  }

  return {
    async take(by, asked) {
      const { of, id, way } = asked
      const step = { session: sessionOf(by), of, id }
      if (!isEnabled) throw new HindraError('LOOKS_OFF', 'looks.enabled is false')
      steps.require(step, way)
      const { limit, ...found } = await store.transact(async (tx) => {
        await workOn(tx, by, asked)
        const where = await placeOf(tx, of, id)
        const refused = limitError(await workdays.spend(tx, by))
        const entry = { by: by.id, subject: id, detail: { of, way } }
        if (refused === undefined) audit.append(tx, { ...entry, action: 'look.take' })
        // Refused or not, the transaction stands: what they have taken stays theirs over a break.
        return { ...where, limit: refused }
      })
      if (limit !== undefined) throw limit
      const seen = await see(found, way).catch(async (error: unknown) => {
        await giveBack(by, asked, error instanceof HindraError ? error.code : 'INTERNAL')
        throw error
      })
      const { fault } = seen
      if (fault !== null) {
        const today = await giveBack(by, asked, fault)
        return { of, id, way, ...seen, further: [], today }
      }
      const today = await count(by, way)
      steps.shown(step, way)
      return { of, id, way, ...seen, further: steps.further(step), today }
    },

    async url(by, of, id) {
      sessionOf(by)
      return store.transact(async (tx) => {
        const { place } = await placeOf(tx, of, id)
        audit.append(tx, { by: by.id, action: 'look.url', subject: id, detail: { of } })
        return { of, id, url: place.rawUrl }
      })
    },

    own: (by) => store.transact((tx) => workdays.today(tx, by)),

    async worked(by) {
      if (by.session === undefined) return
      await store.transact((tx) => workdays.act(tx, by))
    },

    before: (tx, beforeIso, limit) => workdays.before(tx, beforeIso, limit),
    erase: (tx, id) => {
      workdays.erase(tx, id)
    },
  }
}

/** Throws LOOK_BY_PERSON. */
function sessionOf({ session }: Principal): string {
  if (session !== undefined) return session.id
  throw new HindraError('LOOK_BY_PERSON', 'this was not asked in a session of a browser')
}

function likenessOf({
  outcome,
  cause,
  distance,
}: Awaited<ReturnType<Recheck['compared']>>): Pick<TakenLook, 'likeness' | 'distance'> {
  if (outcome === 'present') {
    const isSameFile = cause === 'same-file'
    return isSameFile
      ? { likeness: 'same-bytes', distance: null }
      : { likeness: 'same-picture', distance }
  }
  if (outcome === 'gone') return { likeness: 'another', distance }
  return { likeness: cause === 'alike' ? 'alike' : 'unknown', distance }
}

/** Undefined for what is no fault of what is looked at. */
function lookFaultOf(error: unknown): LookFault | undefined {
  if (!(error instanceof HindraError)) return undefined
  const known = FAULTS.get(error.code)
  if (known !== undefined) return known
  const fault = faultOf(error)
  if (fault === undefined || fault === 'address' || fault === 'too-large') return fault
  return fault === 'time-out' ? 'too-slow' : 'no-answer'
}

import type { Principal } from '../access/index.ts'
import type { Assignments } from '../assignments/index.ts'
import type { SampleDesk } from '../assessing/index.ts'
import type { Audit } from '../audit/index.ts'
import type { Case, Cases } from '../cases/index.ts'
import type { Config } from '../config.ts'
import { encodeStill, type StillSize } from '../decode/index.ts'
import { type ErrorCode, HindraError } from '../errors.ts'
import { type Fetched, isHtmlPage, type PageReader, type Tips } from '../intake/index.ts'
import type { Pool } from '../pool/index.ts'
import type { MediaPlace, Recheck } from '../recheck/index.ts'
import type { Stats } from '../stats/index.ts'
import type { Context } from '../store/index.ts'
import { fetchedFault } from './fetched-fault.ts'
import type { LooksPolicy } from './looks-policy.ts'
import { createPageLooks, type PageLooks } from './page-looks.ts'
import { createLookPlaces } from './look-places.ts'
import { createLookSteps, type LookSteps } from './steps.ts'
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
  /** What a page of the record says, in text and links, and no media of it. */
  readonly text: PageLooks['read']
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
    sampleDesk,
    assignments,
    recheck,
    pageReader,
    pool,
    stats,
  }: {
    readonly config: Pick<Config, 'looks' | 'takedown' | 'fetch'>
    readonly looksPolicy: LooksPolicy
    readonly cases: Pick<Cases, 'read'>
    readonly tips: Pick<Tips, 'read' | 'workOn'>
    readonly sampleDesk: Pick<SampleDesk, 'caseOf'>
    readonly assignments: Pick<Assignments, 'workOn'>
    readonly recheck: Pick<Recheck, 'fetchAt' | 'compared'>
    readonly pageReader: Pick<PageReader, 'text'>
    readonly pool: Pick<Pool, 'still'>
    readonly stats: Pick<Stats, 'count'>
  },
): Looks {
  const { store } = context
  const { timeZone } = config.takedown
  const isEnabled = config.looks.enabled
  const workdays = createWorkdays(context, looksPolicy, { isEnabled, timeZone })
  const steps = createLookSteps(context)
  const places = createLookPlaces({ cases, tips, sampleDesk, assignments })
  const pageLooks = createPageLooks(context, audit, {
    places,
    workdays,
    recheck,
    pageReader,
    settings: config.fetch,
  })

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
      const still = await pool.still(bytes, SIZES[way])
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

  async function count(by: Principal, step: Parameters<LookSteps['shown']>[1], way: LookKind) {
    return store.transact(async (tx) => {
      stats.count(tx, way === 'small-grey' ? 'look' : 'look-further', 1)
      if (await workdays.countOnce(tx, by)) stats.count(tx, 'look-person', 1)
      return { further: await steps.shown(tx, step, way), today: await workdays.today(tx, by) }
    })
  }

  return {
    async take(by, asked) {
      const { of, id, way } = asked
      const step = { session: sessionOf(by), of, id }
      if (!isEnabled) throw new HindraError('LOOKS_OFF', 'looks.enabled is false')
      const { limit, ...found } = await store.transact(async (tx) => {
        await steps.require(tx, step, way)
        await places.workOn(tx, by, of, id)
        const where = await places.place(tx, by, of, id)
        const refused = workdays.refusal(await workdays.spend(tx, by))
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
      return { of, id, way, ...seen, ...(await count(by, step, way)) }
    },

    text: (by, asked) => pageLooks.read(by, asked),

    async url(by, of, id) {
      sessionOf(by)
      return store.transact(async (tx) => {
        const { place } = await places.place(tx, by, of, id)
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
  return fetchedFault(error)
}

import type { Principal } from '../access/index.ts'
import type { Audit } from '../audit/index.ts'
import type { Config } from '../config.ts'
import { HindraError } from '../errors.ts'
import { type Fetched, isTextPage, type PageReader } from '../intake/index.ts'
import type { MediaPlace, Recheck } from '../recheck/index.ts'
import type { Context } from '../store/index.ts'
import { fetchedFault } from './fetched-fault.ts'
import type { LookPlaces } from './look-places.ts'
import type { LookRecordKind, PageFault, PagePlace, ShownPage } from './terms.ts'
import type { Workdays } from './workdays.ts'

interface AskedPage {
  readonly of: LookRecordKind
  readonly id: string
  readonly at: PagePlace
}

/** What pages of records say, for a person who assesses them. */
export interface PageLooks {
  /**
   * The page as it is now, kept nowhere: text and links, and no media. It is in the audit before anything is fetched,
   * and counts in the day of its person. Throws FORBIDDEN (a machine), LOOK_LIMIT, NOT_FOUND, ASSIGNED, CASE_STATE,
   * CONFLICT, INVALID_INPUT (no such URL), WORKER_NOT_STARTED, OVERLOADED.
   */
  read(by: Principal, asked: AskedPage): Promise<ShownPage>
}

/** What came of it. */
type Found = Pick<ShownPage, 'finalUrl' | 'page' | 'fault' | 'status'>

const NOTHING = { finalUrl: null, page: null, status: null } as const

export function createPageLooks(
  { store }: Pick<Context, 'store'>,
  audit: Pick<Audit, 'append'>,
  {
    places,
    workdays,
    recheck,
    pageReader,
    settings,
  }: {
    readonly places: LookPlaces
    readonly workdays: Pick<Workdays, 'read' | 'refusal' | 'today'>
    readonly recheck: Pick<Recheck, 'fetchAt'>
    readonly pageReader: Pick<PageReader, 'text'>
    readonly settings: Pick<Config['fetch'], 'pageBytesMax' | 'pageTextMax' | 'pageLinksMax'>
  },
): PageLooks {
  const { pageBytesMax: bytesMax, pageTextMax: textMax, pageLinksMax: linksMax } = settings

  async function find(place: MediaPlace): Promise<Found> {
    let fetched: Fetched | undefined
    try {
      fetched = await recheck.fetchAt(place)
      const { status, bytes, contentType, finalUrl } = fetched
      if (status < 200 || status >= 300) return { ...NOTHING, fault: 'status', status }
      if (!isTextPage(fetched)) return { ...NOTHING, fault: 'no-page' }
      const origin = { pageUrl: finalUrl, contentType }
      const page = await pageReader.text(bytes, origin, { bytesMax, textMax, linksMax })
      return { finalUrl, page, fault: null, status: null }
    } catch (error) {
      const fault = pageFaultOf(error)
      if (fault === undefined) throw error
      return { ...NOTHING, fault }
    } finally {
      fetched?.bytes.fill(0)
    }
  }

  return {
    async read(by, asked) {
      const { of, id, at } = asked
      if (by.kind !== 'person') {
        throw new HindraError('FORBIDDEN', 'what a page says is for a person, and for no machine')
      }
      const { limit, place } = await store.transact(async (tx) => {
        await places.workOn(tx, by, of, id)
        const found = placeOf((await places.place(tx, by, of, id)).place, asked)
        const refused = workdays.refusal(await workdays.read(tx, by))
        const entry = { by: by.id, subject: id, detail: { of, at } }
        if (refused === undefined) audit.append(tx, { ...entry, action: 'look.text' })
        // Refused or not, the transaction stands: what they have taken stays theirs over a break.
        return { place: found, limit: refused }
      })
      if (limit !== undefined) throw limit
      const found = await find(place)
      const today = await store.transact((tx) => {
        const detail = { of, at, why: found.fault }
        const entry = { by: by.id, action: 'look.nothing', subject: id, detail }
        if (found.fault !== null) audit.append(tx, entry)
        return workdays.today(tx, by)
      })
      return { of, id, at, ...found, today }
    },
  }
}

/** Where the page is that is asked for. Throws INVALID_INPUT. */
function placeOf(place: MediaPlace, { of, at }: AskedPage): MediaPlace {
  if (at === 'url') return place
  if (place.pageUrl !== null) return { rawUrl: place.pageUrl, pageUrl: null, observations: [] }
  throw new HindraError('INVALID_INPUT', `the ${of} names no page on which it was seen`, {
    field: 'at',
  })
}

/** Undefined for what is no fault of the page. */
function pageFaultOf(error: unknown): PageFault | undefined {
  if (!(error instanceof HindraError)) return undefined
  return error.code === 'PAGE_UNREADABLE' ? 'unreadable' : fetchedFault(error)
}

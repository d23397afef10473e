import type { Case } from '../cases/index.ts'
import { defined } from '../core/index.ts'
import type { Fetched, Fetcher, FetchOptions } from '../intake/index.ts'
import { findingOf, type JudgeParts, judgeAnswer, type SoughtMedia } from './answer.ts'
import { type RecheckLook, unverifiable } from './recheck-look.ts'

/** Where the media of a case is. */
export type MediaPlace = Pick<Case, 'rawUrl' | 'pageUrl' | 'observations'>

export interface AskParts extends JudgeParts {
  readonly fetcher: Fetcher
}

/**
 * One look from one place: as somebody who comes from where the last sighting came from, else from the
 * page that shows it, and where that does not find it, once more as somebody who comes from nowhere (or, where no page is known, from the site
 * itself). Some hosts show one thing to the former and another to the latter.
 */
export async function askFrom(
  vantage: string | undefined,
  place: MediaPlace,
  sought: SoughtMedia,
  parts: AskParts,
): Promise<RecheckLook> {
  const ask = async (referrer: string | undefined): Promise<RecheckLook> => {
    try {
      const options = optionsOf(referrer, vantage)
      return await judgeAnswer(await parts.fetcher.fetch(place.rawUrl, options), sought, parts)
    } catch (error) {
      return findingOf(error)
    }
  }
  const from = cameFrom(place)
  const first = await ask(from)
  if (first.outcome === 'present' || !dependsOnReferrer(first)) return first
  const second = await ask(from === undefined ? siteOf(place) : undefined)
  if (second.outcome === 'present') return second
  if (first.outcome === second.outcome) return first
  const told = first.outcome === 'gone' ? second : first
  return unverifiable('referrer-cloaking', `it depends on where we come from: ${told.reason}`)
}

/** What a place shows, to somebody who comes from where a recheck comes from first. */
export async function fetchFrom(
  place: MediaPlace,
  fetcher: Fetcher,
  vantage?: string,
): Promise<Fetched> {
  return await fetcher.fetch(place.rawUrl, optionsOf(cameFrom(place), vantage))
}

/** A line that is broken is broken for everybody. */
function dependsOnReferrer({ cause }: RecheckLook): boolean {
  return !['name', 'connection', 'time-out', 'tls', 'address', 'rate-limit', 'alike'].includes(
    cause,
  )
}

function cameFrom({ pageUrl, observations }: MediaPlace): string | undefined {
  return [observations.at(-1)?.referrer, pageUrl].find(isPage)
}

function isPage(url: string | null | undefined): url is string {
  return typeof url === 'string' && /^https?:/i.test(url) && URL.canParse(url)
}

function siteOf({ rawUrl }: MediaPlace): string {
  return new URL('/', rawUrl).href
}

function optionsOf(referrer: string | undefined, vantage: string | undefined): FetchOptions {
  return defined({
    referrer,
    vantage,
  })
}

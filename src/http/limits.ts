import { setTimeout as sleep } from 'node:timers/promises'
import type { Access, Principal, Probing } from '../access/index.ts'
import type { Config } from '../config.ts'
import { createBuckets, createDebts, HOUR_MS, SECOND_MS } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { type FeedOperation, type Rate, RATES } from '../operations/index.ts'

const MINUTE_SECONDS = 60
const HOUR_SECONDS = 3_600

/**
 * How much one key may do. A request over its limit is refused; a line of a feed is read later
 * instead, so that nothing is lost. Whoever asks too often what the register knows is held back
 * too, and that is audited: once an hour, key and kind.
 */
export interface Limits {
  /** Throws RATE_LIMITED. */
  admit(by: Principal, rate: Rate): void
  /** Resolves when the next line of such a feed may be read; undefined where that is now. */
  pace(by: Principal, feed: FeedOperation['pace']): Promise<void> | undefined
  /**
   * A hit by hashes alone, of which a key has only so many: then it must send the media, or the URL
   * alone, which Hindra judges itself. A platform (`hma-client`) has more. Throws RATE_LIMITED, saying when it may again.
   */
  admitHit(by: Principal): void
  /** A hit by screened media: over what a key has of them in an hour, its next lines are read later. */
  screenedHit(by: Principal): void
  /** Media that are uploaded to be screened are refused where a line would wait. Throws RATE_LIMITED. */
  admitScreened(by: Principal): void
}

export function createLimits(
  settings: Config['limits'],
  access: Pick<Access, 'noteProbing'>,
  onFailure: (error: unknown) => void,
  nowMs: () => number = () => performance.now(),
): Limits {
  const screenedHits = createDebts(settings.screenedHitsPerHour, HOUR_SECONDS, nowMs)
  /** The buckets of each setting: what shares one shares its tokens. */
  const buckets = {
    readsPerMinute: createBuckets(settings.readsPerMinute, MINUTE_SECONDS, nowMs),
    writesPerMinute: createBuckets(settings.writesPerMinute, MINUTE_SECONDS, nowMs),
    feedsPerMinute: createBuckets(settings.feedsPerMinute, MINUTE_SECONDS, nowMs),
    linesPerSecond: createBuckets(settings.linesPerSecond, 1, nowMs),
  }
  const lines = {
    sightings: buckets.linesPerSecond,
    scans: createBuckets(settings.scansPerMinute, MINUTE_SECONDS, nowMs),
    screenings: {
      take: (name: string) => screenedHits.take(name) || buckets.linesPerSecond.take(name),
    },
  }
  const hashHits = createBuckets(settings.hashHitsPerHour, HOUR_SECONDS, nowMs)
  // A platform asks of all that is uploaded to it: what it is refused is a known picture that it lets through.
  const platformHits = createBuckets(settings.hmaHitsPerHour, HOUR_SECONDS, nowMs)
  /** When a key was last audited for probing, by kind. */
  const noted = new Map<string, number>()

  function note(by: Principal, what: Probing): void {
    const name = `${what} ${nameOf(by)}`
    const now = nowMs()
    if (now - (noted.get(name) ?? -Infinity) < HOUR_MS) return
    noted.set(name, now)
    access.noteProbing(by, what).catch(onFailure)
  }

  async function slow(
    by: Principal,
    feed: FeedOperation['pace'],
    firstWait: number,
  ): Promise<void> {
    for (let wait = firstWait; wait > 0; wait = lines[feed].take(nameOf(by))) {
      if (feed === 'scans') note(by, 'scans')
      await sleep(wait * SECOND_MS)
    }
  }

  return {
    admit(by, rate) {
      const setting = RATES[rate]
      // The operator is on this machine, with the rights of the process: nobody to protect it from.
      if (setting === null || by.kind === 'operator') return
      const wait = buckets[setting].take(nameOf(by))
      if (wait > 0) throw limited(`too many requests of this kind (${rate})`, wait)
    },

    pace(by, feed) {
      const wait = lines[feed].take(nameOf(by))
      return wait === 0 ? undefined : slow(by, feed, wait)
    },

    admitHit(by) {
      const hits = by.roles.includes('hma-client') ? platformHits : hashHits
      const wait = hits.take(nameOf(by))
      if (wait === 0) return
      note(by, 'hash-hits')
      const again = `again in ${Math.ceil(wait)} seconds`
      throw limited(
        `too many hits by hashes alone: send the media, or the URL alone, or ${again}`,
        wait,
      )
    },

    screenedHit(by) {
      if (screenedHits.owe(nameOf(by))) note(by, 'screened-hits')
    },

    admitScreened(by) {
      const wait = screenedHits.take(nameOf(by))
      if (wait > 0) throw limited('too many hits by screened media', wait)
    },
  }
}

/** The name of a key's bucket, so that one crawler of many under one name does not stop the others. */
function nameOf({ id, key }: Principal): string {
  return key?.id ?? id
}

function limited(message: string, retryAfterSeconds: number): HindraError {
  return new HindraError('RATE_LIMITED', message, { retryAfterSeconds })
}

import { setTimeout as sleep } from 'node:timers/promises'
import type { Access, Principal, Probing } from '../access/index.ts'
import type { Config } from '../config.ts'
import { createBuckets, HOUR_MS, SECOND_MS } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { type FeedOperation, type Rate, RATES } from '../operations/index.ts'
import type { HitLimit } from '../sightings/index.ts'

const MINUTE_SECONDS = 60

type FeedPace = ReturnType<FeedOperation['pace']>

/**
 * How much one key may do. A request over its limit is refused; a line of a feed is read later
 * instead, so that nothing is lost. That protects this process, and each process counts for itself. Whoever asks too
 * often what the register knows is held back too, whichever process of the house is asked, and that is audited: once
 * an hour, key and kind.
 */
export interface Limits {
  /** Throws RATE_LIMITED. */
  admit(by: Principal, rate: Rate): void
  /** Resolves when the next line of such a feed may be read; undefined where that is now. */
  pace(by: Principal, feed: FeedPace): Promise<void> | undefined
  /**
   * Of hits by hashes alone a key has only so many: then it must send the media, or the URL alone, which Hindra judges
   * itself. A platform (`hma-client`) has more. A refusal says when it may again. Over what it has of hits by screened
   * media in an hour, its next lines are read later.
   */
  hits(by: Principal): HitLimit
  /** Media that are uploaded to be screened are refused where a line would wait. Throws RATE_LIMITED. */
  admitScreened(by: Principal): Promise<void>
}

export function createLimits(
  settings: Config['limits'],
  access: Pick<Access, 'noteProbing' | 'noteProbingWithin' | 'sharedQuotas'>,
  onFailure: (error: unknown) => void,
  nowMs: () => number = () => performance.now(),
): Limits {
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
    screenings: buckets.linesPerSecond,
  }
  const screenedHits = access.sharedQuotas('screened-hits', settings.screenedHitsPerHour)
  const hashHits = access.sharedQuotas('hash-hits', settings.hashHitsPerHour)
  // A platform asks of all that is uploaded to it: what it is refused is a known picture that it lets through.
  const platformHits = access.sharedQuotas('platform-hits', settings.hmaHitsPerHour)
  /** When this process last said that a key is probing, by kind. */
  const noted = new Map<string, number>()

  async function note(by: Principal, what: Probing): Promise<void> {
    const name = `${what} ${nameOf(by)}`
    const now = nowMs()
    if (now - (noted.get(name) ?? -Infinity) < HOUR_MS) return
    noted.set(name, now)
    await access.noteProbing(by, what).catch(onFailure)
  }

  async function afterDebts(by: Principal): Promise<void> {
    for (;;) {
      // Where the store does not answer the line itself says so.
      const wait = await screenedHits.owed(nameOf(by)).catch(() => 0)
      if (wait === 0) break
      await sleep(wait * SECOND_MS)
    }
    await slow(by, 'screenings', lines.screenings.take(nameOf(by)))
  }

  async function slow(by: Principal, feed: FeedPace, firstWait: number): Promise<void> {
    for (let wait = firstWait; wait > 0; wait = lines[feed].take(nameOf(by))) {
      if (feed === 'scans') await note(by, 'scans')
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
      if (feed === 'screenings') return afterDebts(by)
      const wait = lines[feed].take(nameOf(by))
      return wait === 0 ? undefined : slow(by, feed, wait)
    },

    hits(by) {
      const hits = by.roles.includes('hma-client') ? platformHits : hashHits
      return {
        async admit() {
          const wait = await hits.take(nameOf(by))
          if (wait === 0) return
          await note(by, 'hash-hits')
          const again = `again in ${Math.ceil(wait)} seconds`
          throw limited(
            `too many hits by hashes alone: send the media, or the URL alone, or ${again}`,
            wait,
          )
        },
        async isAdmitted(tx) {
          if ((await hits.takeWithin(tx, nameOf(by))) === 0) return true
          await access.noteProbingWithin(tx, by, 'hash-hits')
          return false
        },
        async screened() {
          if ((await screenedHits.owe(nameOf(by))) > 0) await note(by, 'screened-hits')
        },
      }
    },

    async admitScreened(by) {
      const wait = await screenedHits.owed(nameOf(by))
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

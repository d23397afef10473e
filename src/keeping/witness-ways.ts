import type { Config } from '../config.ts'
import { createIds, systemClock, systemRandom } from '../core/index.ts'
import { systemResolver } from '../intake/index.ts'
import type { WitnessWays } from './witnesses.ts'
import { createDestinations, createPost } from '../post/index.ts'
import { createSmtpTransport } from '../takedown/index.ts'

/** How a command reaches the witnesses of the settings, without a server. */
export function witnessWays(config: Config): WitnessWays {
  const destinations = createDestinations(config.webhooks, systemResolver())
  return {
    destinations,
    post: createPost(destinations, {
      timeoutSeconds: config.webhooks.timeoutSeconds,
      userAgent: config.fetch.userAgent,
    }),
    transport: createSmtpTransport(config.mail),
    sender: config.mail,
    now: () => systemClock.now(),
    newId: createIds(systemClock, systemRandom),
  }
}

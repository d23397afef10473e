import type { Clock } from '../../core/index.ts'
import type { Destinations } from '../../post/index.ts'
import { type SourceCall, type CallSettings, createCall } from './source-call.ts'
import { PROTOCOL } from './protocols.ts'
import type { SourceRow } from './source-records.ts'

/** A line to the exchange of a source, with its credentials. */
export type CallTo = (source: SourceRow, signal: AbortSignal) => SourceCall

export function createCallTo(parts: {
  readonly destinations: Destinations
  readonly settings: CallSettings
  readonly clock: Clock
}): CallTo {
  const { destinations, settings, clock } = parts
  return ({ clear, sealed }, signal) =>
    createCall({
      destinations,
      settings,
      signal,
      root: sealed.url,
      now: () => clock.now(),
      headers: PROTOCOL[clear.protocol].headers(sealed.credentials),
    })
}

import { ncmec } from './ncmec.ts'
import type { Protocol } from './protocol.ts'
import { stopNcii } from './stopncii.ts'
import type { ProtocolName } from './source.ts'

/** Every exchange that Hindra speaks to. */
export const PROTOCOL: Readonly<Record<ProtocolName, Protocol>> = { ncmec, stopncii: stopNcii }

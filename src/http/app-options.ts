import type { Principal } from '../access/index.ts'
import type { Clock } from '../core/index.ts'
import type { Engine } from '../engine.ts'
import type { Face } from './face.ts'
import type { NetworkTrust } from './hma/trusted.ts'
import type { FeedPlaces } from './feed-places.ts'
import type { Limits } from './limits.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import type { OpenFeeds } from './open-feeds.ts'
import type { Pressure } from './pressure.ts'
import type { TlsFiles } from './tls-files.ts'
import type { UploadMemory } from './upload-memory.ts'
import type { WrongKeys } from './wrong-keys.ts'

/** What the API of one listener is made of. */
export interface AppOptions extends Face {
  readonly engine: Engine
  readonly log: Log
  readonly clock: Clock
  /** Who a request without a key is: the operator on the Unix socket, nobody on TCP. */
  readonly keyless: Principal | undefined
  /** Absent: plain HTTP. */
  readonly tls: TlsFiles | undefined
  /** Bound the feed lines that are worked on, or held, at once, over all listeners. */
  readonly gates: FeedPlaces
  readonly feeds: OpenFeeds
  readonly limits: Limits
  readonly wrongKeys: WrongKeys
  readonly networkTrust: NetworkTrust
  readonly uploadMemory: UploadMemory
  readonly pressure: Pick<Pressure, 'check'>
  readonly metrics: Pick<Metrics, 'request' | 'error'>
  /** Aborted when the server stops: feeds read no further. */
  readonly stopping: AbortSignal
}

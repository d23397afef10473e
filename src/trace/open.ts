import type { ApiName } from '../channels/index.ts'
import type { Config } from '../config.ts'
import type { Clock } from '../core/index.ts'
import type { PolicyFiles } from '../policy/index.ts'
import { createFetcher, type Fetcher, type Resolver } from '../intake/index.ts'
import { openIpTables } from './ip-tables.ts'
import type { Denials } from './denials.ts'
import { originByCommand } from './origin.ts'
import type { Overrides } from './overrides.ts'
import { createTrace, type Trace } from './trace.ts'

/** The trace as it is in service. Its own fetcher has the limits of what registries answer. */
export function openTrace(
  config: Config,
  parts: {
    readonly clock: Clock
    readonly resolver: Resolver
    readonly files: PolicyFiles
    readonly overrideOf: Overrides['find']
    readonly isDenied: Denials['has']
    /** A fetcher in place of one with limits of its own. */
    readonly fetcher: Fetcher | undefined
  },
): { readonly trace: Trace; readonly fetcher: Fetcher } {
  const { answerBytesMax, answerSeconds, originCommand } = config.trace
  const settings = {
    ...config.fetch,
    vantages: {},
    bytesMax: answerBytesMax,
    wireBytesMax: 2 * answerBytesMax,
    firstByteSeconds: answerSeconds,
    totalSeconds: answerSeconds,
  }
  const fetcher = parts.fetcher ?? createFetcher({ settings, resolver: parts.resolver })
  const tables = openIpTables(config.trace)
  return {
    trace: createTrace(parts, {
      ...parts,
      settings: withApis(config),
      tables,
      fetcher,
      ...(originCommand === undefined
        ? {}
        : { originOf: originByCommand(originCommand, answerSeconds) }),
    }),
    fetcher,
  }
}

/** What Hindra calls itself needs not be named. */
function withApis({ trace, cloudflare, aws }: Config): Config['trace'] {
  const called: ApiName[] = [...trace.apis]
  if (cloudflare.token !== undefined) called.push('cloudflare-abuse')
  if (aws.region !== undefined) called.push('aws-abuse-signal')
  return { ...trace, apis: called }
}

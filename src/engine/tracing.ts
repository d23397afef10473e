import type { Config } from '../config.ts'
import { canonicalUrl, type Clock, type PolicyFiles } from '../core/index.ts'
import { createFetcher, type Fetcher, type Resolver } from '../intake/index.ts'
import {
  createTrace,
  openIpTables,
  originByCommand,
  type Overrides,
  type Trace,
} from '../trace/index.ts'
import { guarded, type Readings } from './guard.ts'
import type { Page, TracingApi } from './types.ts'

/** The trace as it is in service. Its own fetcher has the limits of what registries answer. */
export function openTracing(
  config: Config,
  parts: {
    readonly clock: Clock
    readonly resolver: Resolver
    readonly files: PolicyFiles
    readonly overrideOf: Overrides['find']
    /** In place of one with limits of its own. */
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
      ...{ ...parts, settings: withApis(config), tables, fetcher },
      ...(originCommand === undefined
        ? {}
        : { originOf: originByCommand(originCommand, answerSeconds) }),
    }),
    fetcher,
  }
}

/** What Hindra calls itself needs not be named. */
function withApis({ trace, cloudflare }: Config): Config['trace'] {
  if (cloudflare.token === undefined) return trace
  return { ...trace, apis: [...trace.apis, 'cloudflare-abuse'] }
}

/** The calls about hosts: who may make them, and what does the work. */
export function tracingCalls(readings: Readings, trace: Trace, overrides: Overrides): TracingApi {
  return {
    trace: readings.often('route:explain', 'trace.read', async (_by, url: string) =>
      trace.find(canonicalUrl(url), { fresh: true }),
    ),
    overrides: readings.page('contact:read', 'override.list', (_by, page: Page) =>
      overrides.list(page),
    ),
    setOverride: guarded('host:override', (by, input) => overrides.set(by.id, input)),
    removeOverride: guarded('host:override', (by, id) => overrides.remove(by.id, id)),
  }
}

import type { SettingView } from '../config.ts'
import type { Engine } from '../engine.ts'
import type { Parts } from '../operations/index.ts'
import { HMA_OPERATIONS } from './hma/operations.ts'
import type { HmaOperation } from './hma/operation.ts'
import type { Limits } from './limits.ts'
import type { Metrics } from './metrics.ts'
import { type OpenRoute, openRoutes } from './open-routes.ts'
import { type OpenApiDocument, openApiDocument } from './openapi/document.ts'

/** What HTTP serves beside the operations, and what they work with. */
export interface Face {
  readonly parts: Parts
  /** The operations of Hasher-Matcher-Actioner's API, for clients that speak it. */
  readonly hma: readonly HmaOperation[]
  readonly open: readonly OpenRoute[]
}

export function createFace(
  engine: Engine,
  {
    settings,
    limits,
    metrics,
  }: {
    readonly settings: readonly SettingView[]
    readonly limits: Pick<Limits, 'hits' | 'admitScreened'>
    readonly metrics: Pick<Metrics, 'text'>
  },
): Face {
  const hma = HMA_OPERATIONS
  const open = openRoutes(engine.stages.watch)
  let document: OpenApiDocument | undefined
  return {
    hma,
    open,
    parts: {
      ...engine.stages,
      settings: () => settings,
      hits: (by) => limits.hits(by),
      admitScreened: (by) => limits.admitScreened(by),
      metrics: () => metrics.text(),
      describe: () => (document ??= openApiDocument({ config: engine.config, hma, open })),
    },
  }
}

import type { SettingView } from '../config.ts'
import type { Engine } from '../engine.ts'
import type { Parts } from '../operations/index.ts'
import { curationRoutes } from './hma/curation.ts'
import { hashingRoutes, matchingRoutes } from './hma/matching.ts'
import type { HmaRoute } from './hma/route.ts'
import type { Limits } from './limits.ts'
import type { Metrics } from './metrics.ts'
import { type OpenRoute, openRoutes } from './open-routes.ts'
import { type OpenApiDocument, openApiDocument } from './openapi/document.ts'

/** What HTTP serves beside the operations, and what they work with. */
export interface Face {
  readonly parts: Parts
  /** Of Hasher-Matcher-Actioner's API, for clients that speak it. */
  readonly hma: readonly HmaRoute[]
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
    readonly limits: Pick<Limits, 'admitHit'>
    readonly metrics: Pick<Metrics, 'text'>
  },
): Face {
  const hma = [
    ...hashingRoutes(engine.stages),
    ...matchingRoutes(engine.stages, limits),
    ...curationRoutes(engine.stages),
  ]
  const open = openRoutes(engine.stages.watch)
  let document: OpenApiDocument | undefined
  return {
    hma,
    open,
    parts: {
      ...engine.stages,
      settings: () => settings,
      admitHit: (by) => {
        limits.admitHit(by)
      },
      metrics: () => metrics.text(),
      describe: () => (document ??= openApiDocument({ config: engine.config, hma, open })),
    },
  }
}

import type { SettingView } from '../../config.ts'
import type { Engine } from '../../engine.ts'
import type { Limits } from '../limits.ts'
import type { Metrics } from '../metrics.ts'
import { curationRoutes } from '../hma/curation.ts'
import { hashingRoutes, matchingRoutes } from '../hma/matching.ts'
import type { HmaRoute } from '../hma/route.ts'
import type {
  DownloadRoute,
  FeedRoute,
  PublicRoute,
  Route,
  TextRoute,
  UploadRoute,
} from '../route.ts'
import { accessRoutes } from './access.ts'
import { alertRoutes, webhookRoutes } from './alerts.ts'
import { auditRoutes } from './audit.ts'
import { downloadRoutes } from './backup.ts'
import { hotlineExportRoutes } from './hotline-exports.ts'
import { caseRoutes } from './cases.ts'
import { dataKeyRoutes } from './data-key.ts'
import { feedRoutes, intakeRoutes, uploadRoutes } from './intake.ts'
import { listRoutes } from './lists.ts'
import { exchangeRoutes } from './exchange.ts'
import { openApiRoutes } from './openapi.ts'
import { recheckRoutes } from './recheck.ts'
import { registerRoutes } from './register.ts'
import { routingRoutes } from './routing.ts'
import { retentionRoutes } from './retention.ts'
import { sourceRoutes } from './sources.ts'
import { statsRoutes } from './stats.ts'
import { publicRoutes, systemRoutes, textRoutes } from './system.ts'
import { takedownRoutes } from './takedown.ts'
import { tracingRoutes } from './tracing.ts'

/** The whole API: what is not listed here does not exist. */
export interface Routes {
  readonly guarded: readonly Route[]
  readonly feeds: readonly FeedRoute[]
  readonly uploads: readonly UploadRoute[]
  /** Of Hasher-Matcher-Actioner's API, for clients that speak it. */
  readonly hma: readonly HmaRoute[]
  readonly text: readonly TextRoute[]
  readonly downloads: readonly DownloadRoute[]
  readonly open: readonly PublicRoute[]
}

export function allRoutes(
  engine: Engine,
  parts: {
    readonly settings: readonly SettingView[]
    readonly limits: Limits
    readonly metrics: Metrics
  },
): Routes {
  const { settings, limits, metrics } = parts
  const routes: Routes = {
    guarded: [
      ...intakeRoutes(engine),
      ...registerRoutes(engine),
      ...exchangeRoutes(engine),
      ...sourceRoutes(engine),
      ...listRoutes(engine),
      ...caseRoutes(engine),
      ...alertRoutes(engine),
      ...webhookRoutes(engine),
      ...tracingRoutes(engine),
      ...routingRoutes(engine),
      ...takedownRoutes(engine),
      ...hotlineExportRoutes(engine),
      ...recheckRoutes(engine),
      ...statsRoutes(engine),
      ...auditRoutes(engine),
      ...dataKeyRoutes(engine),
      ...retentionRoutes(engine),
      ...accessRoutes(engine),
      ...systemRoutes(engine, settings),
      ...openApiRoutes(() => routes),
    ],
    feeds: feedRoutes(engine, limits),
    uploads: uploadRoutes(engine),
    hma: [...hashingRoutes(engine), ...matchingRoutes(engine, limits), ...curationRoutes(engine)],
    text: textRoutes(metrics),
    downloads: downloadRoutes(engine),
    open: publicRoutes(engine),
  }
  return routes
}

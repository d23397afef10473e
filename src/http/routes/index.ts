import type { SettingView } from '../../config.ts'
import type { Engine } from '../../engine.ts'
import type { FeedRoute, PublicRoute, Route } from '../route.ts'
import { accessRoutes } from './access.ts'
import { alertRoutes, webhookRoutes } from './alerts.ts'
import { auditRoutes } from './audit.ts'
import { caseRoutes } from './cases.ts'
import { feedRoutes, intakeRoutes } from './intake.ts'
import { recheckRoutes } from './recheck.ts'
import { registerRoutes } from './register.ts'
import { statsRoutes } from './stats.ts'
import { publicRoutes, systemRoutes } from './system.ts'
import { takedownRoutes } from './takedown.ts'

/** The whole API: what is not listed here does not exist. */
export interface Routes {
  readonly guarded: readonly Route[]
  readonly feeds: readonly FeedRoute[]
  readonly open: readonly PublicRoute[]
}

export function allRoutes(engine: Engine, settings: readonly SettingView[]): Routes {
  return {
    guarded: [
      ...intakeRoutes(engine),
      ...registerRoutes(engine),
      ...caseRoutes(engine),
      ...alertRoutes(engine),
      ...webhookRoutes(engine),
      ...takedownRoutes(engine),
      ...recheckRoutes(engine),
      ...statsRoutes(engine),
      ...auditRoutes(engine),
      ...accessRoutes(engine),
      ...systemRoutes(settings),
    ],
    feeds: feedRoutes(engine),
    open: publicRoutes(engine),
  }
}

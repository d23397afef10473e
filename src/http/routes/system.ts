import { z } from 'zod'
import type { SettingView } from '../../config.ts'
import type { Engine } from '../../engine.ts'
import type { Metrics } from '../metrics.ts'
import { remembered } from '../remembered.ts'
import { type PublicRoute, type Route, route, type TextRoute } from '../route.ts'

export function systemRoutes(
  engine: Pick<Engine, 'health'>,
  settings: readonly SettingView[],
): readonly Route[] {
  return [
    route(['GET', '/v1/health'], 'system:read', z.strictObject({}), () => engine.health()),
    route(['GET', '/v1/config'], 'system:read', z.strictObject({}), () =>
      Promise.resolve(settings),
    ),
  ]
}

const ALIVE = 'I-AM-ALIVE'
/** Asked by anybody as often as they like, so it is found out at most so often. */
const READINESS_MS = 1_000

/** Hits that wait for a look keep no lookup waiting. */
function isOfSightings(fault: string): boolean {
  return fault.startsWith('pending: OVERLOADED')
}

/** For the supervisor of the process: alive, and ready to take work. They tell nothing else. */
export function publicRoutes(engine: Engine): readonly PublicRoute[] {
  const faults = remembered(async () => (await engine.health()).reasons, READINESS_MS)
  return [
    { path: '/livez', answer: () => Promise.resolve({ status: 200, body: { alive: true } }) },
    // As HMA words them, for load balancers that ask it.
    { path: '/hma/status/live', answer: () => Promise.resolve({ status: 200, body: ALIVE }) },
    {
      path: '/hma/status',
      answer: async () =>
        (await faults()).every(isOfSightings)
          ? { status: 200, body: ALIVE }
          : { status: 503, body: 'INDEX-NOT-LOADED' },
    },
    {
      path: '/readyz',
      answer: async () => {
        const reasons = await faults()
        return reasons.length === 0
          ? { status: 200, body: { ready: true } }
          : { status: 503, body: { ready: false, reasons } }
      },
    },
  ]
}

export function textRoutes(metrics: Pick<Metrics, 'contentType' | 'text'>): readonly TextRoute[] {
  const { contentType } = metrics
  return [
    {
      path: '/metrics',
      permission: 'metrics:read',
      contentType,
      answer: () => metrics.text(),
    },
  ]
}

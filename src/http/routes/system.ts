import { z } from 'zod'
import type { SettingView } from '../../config.ts'
import type { Engine } from '../../engine.ts'
import { HindraError } from '../../errors.ts'
import { type PublicRoute, type Route, route } from '../route.ts'

export function systemRoutes(settings: readonly SettingView[]): readonly Route[] {
  return [
    route(['GET', '/v1/config'], 'system:read', z.strictObject({}), () =>
      Promise.resolve(settings),
    ),
  ]
}

/** For the supervisor of the process: alive, and ready to take work. They tell nothing else. */
export function publicRoutes(engine: Engine): readonly PublicRoute[] {
  return [
    { path: '/livez', answer: () => Promise.resolve({ alive: true }) },
    {
      path: '/readyz',
      answer: async () => {
        const { ready, reasons } = await engine.health()
        if (!ready) throw new HindraError('INDEX_LOADING', reasons.join('; '))
        return { ready }
      },
    },
  ]
}

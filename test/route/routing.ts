import { behindRobots } from '../access/robots.ts'
import { join } from 'node:path'
import type { CaseHost, Circumstances } from '../../src/cases/index.ts'
import { NO_CIRCUMSTANCES } from '../../src/cases/index.ts'
import { configWith } from '../../src/config.ts'
import { policyFiles, readMunicipalities } from '../../src/policy/index.ts'
import {
  createRouter,
  type RoutingDecision,
  type Router,
  readRoutes,
} from '../../src/route/index.ts'
import { HOST, openWorld, type World } from '../cases/world.ts'

export interface RoutingWorld extends World {
  readonly router: Router
  /** Decides in a transaction, as takedown does. */
  decide(
    host: Partial<CaseHost>,
    circumstances?: Partial<Circumstances>,
    classification?: 'Baseline' | 'National' | 'Harmful',
  ): Promise<RoutingDecision>
}

/** Who is told, on a real store, by the shipped policy or by the files of a directory. */
export async function openRouting(
  settings: Readonly<Record<string, unknown>> = {},
  directory = join('/nonexistent', 'policy'),
): Promise<RoutingWorld> {
  const world = await openWorld()
  const router = createRouter(world.context, world.audit, {
    settings: configWith(settings).route,
    routes: readRoutes(policyFiles(directory)),
    municipalities: readMunicipalities(policyFiles(directory)),
    behind: behindRobots,
  })
  return {
    ...world,
    router,
    decide: (host, circumstances = {}, classification = 'Baseline') =>
      world.transact((tx) =>
        router.decide(
          tx,
          'hindra',
          { classification, circumstances: { ...NO_CIRCUMSTANCES, ...circumstances } },
          hostWith(host),
        ),
      ),
  }
}

export function hostWith(change: Partial<CaseHost>): CaseHost {
  return { ...HOST, tracedAt: '2026-11-02T08:00:00.000Z', ...change }
}

/** `role by channel`, with what it waits for: a decision in a line each. */
export function told({ recipients }: Pick<RoutingDecision, 'recipients'>): readonly string[] {
  return recipients.map(({ role, key, hold, needsApproval }) =>
    [
      role,
      key,
      ...(hold ? [`held ${hold.timeoutHours} h`] : []),
      ...(needsApproval ? ['?'] : []),
    ].join(' '),
  )
}

import { z } from 'zod'
import type { Engine } from '../../engine.ts'
import { PROTOCOLS } from '../../exchange/index.ts'
import { CLASSIFICATIONS } from '../../register/index.ts'
import { id, page, type Route, route } from '../route.ts'

const list = z.string().regex(/^[\w.-]{1,64}$/, 'is no name of a list')
const credentials = z.record(z.string().max(64), z.string().min(1).max(1_000))
const classification = z.enum(CLASSIFICATIONS)

const classes = z
  .strictObject({
    all: classification.exactOptional(),
    bySource: z.record(z.string().min(1).max(64), classification).exactOptional(),
  })
  .default({})

export function sourceRoutes(engine: Engine): readonly Route[] {
  const named = z.strictObject({ list })
  return [
    route(['GET', '/v1/sources'], 'source:read', z.strictObject({}), (by) => engine.sources(by)),
    route(
      ['POST', '/v1/sources'],
      'source:manage',
      z.strictObject({
        ...{ list, credentials, classes },
        protocol: z.enum(PROTOCOLS),
        url: z.string().min(1).max(2_048),
        intervalMinutes: z.number().default(60),
      }),
      (by, source) => engine.addSource(by, source),
      { status: 201 },
    ),
    route(['GET', '/v1/sources/:list'], 'source:read', named, (by, asked) =>
      engine.findSource(by, asked.list),
    ),
    route(
      ['POST', '/v1/sources/:list/run'],
      'source:manage',
      z.strictObject({ list, dryRun: z.boolean().default(false) }),
      (by, asked) => engine.runSource(by, asked.list, asked.dryRun),
    ),
    route(['POST', '/v1/sources/:list/pause'], 'source:manage', named, (by, asked) =>
      engine.pauseSource(by, asked.list),
    ),
    route(['POST', '/v1/sources/:list/resume'], 'source:manage', named, (by, asked) =>
      engine.resumeSource(by, asked.list),
    ),
    route(
      ['POST', '/v1/sources/:list/credentials'],
      'source:manage',
      z.strictObject({ list, credentials }),
      (by, asked) => engine.setSourceCredentials(by, asked.list, asked.credentials),
    ),
    route(
      ['GET', '/v1/sources/:list/votes'],
      'source:read',
      z.strictObject({ list, ...page }),
      (by, { list: name, ...asked }) => engine.sourceVotes(by, name, asked),
    ),
    route(
      ['POST', '/v1/sources/:list/votes/:id/resend'],
      'source:manage',
      z.strictObject({ list, id }),
      (by, asked) => engine.resendVote(by, asked.list, asked.id),
    ),
    route(['POST', '/v1/sources/:list/remove'], 'source:manage', named, async (by, asked) => {
      await engine.removeSource(by, asked.list)
      return { removed: true }
    }),
  ]
}

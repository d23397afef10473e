import { z } from 'zod'
import type { Engine } from '../../engine.ts'
import { parseTip, type TipStatus } from '../../intake/index.ts'
import type { Limits } from '../limits.ts'
import { checked, type FeedRoute, page, type Route, route } from '../route.ts'

const statuses = ['new', 'assessed', 'known'] satisfies TipStatus[]
/** What a body of text/csv is handed over as. */
const csvBody = z.strictObject({ csv: z.string() })

export function intakeRoutes(engine: Engine): readonly Route[] {
  return [
    route(
      ['POST', '/v1/tips'],
      'tip:submit',
      z.record(z.string(), z.unknown()),
      (by, body) =>
        'csv' in body
          ? engine.importTips(by, checked(csvBody, body).csv)
          : engine.tip(by, parseTip(body)),
      { status: 201, largeBody: true },
    ),
    route(
      ['GET', '/v1/tips'],
      'tip:read',
      z.strictObject({ ...page, status: z.enum(statuses).exactOptional() }),
      (by, filter) => engine.tips(by, filter),
    ),
  ]
}

export function feedRoutes(engine: Engine, limits: Pick<Limits, 'admitHit'>): readonly FeedRoute[] {
  return [
    {
      path: '/v1/sightings',
      permission: 'sighting:submit',
      pace: 'sightings',
      answerLine: (by, sighting) =>
        engine.submit(by, sighting, () => {
          limits.admitHit(by)
        }),
    },
    {
      path: '/v1/scans',
      permission: 'scan',
      pace: 'scans',
      answerLine: (by, sighting) => engine.scan(by, sighting),
    },
  ]
}

import { z } from 'zod'
import type { Engine } from '../../engine.ts'
import { HindraError } from '../../errors.ts'
import {
  areTelling,
  isByHashes,
  parseIccamReports,
  parseSightingLine,
  parseTip,
  parseTipCsv,
  type Sighting,
  type TipStatus,
  tipSchema,
} from '../../intake/index.ts'
import type { Limits } from '../limits.ts'
import {
  checked,
  type FeedRoute,
  id,
  page,
  type Route,
  reason,
  route,
  type UploadRoute,
} from '../route.ts'

const statuses = ['new', 'assessed', 'known', 'dismissed'] satisfies TipStatus[]
/** Of a line of which thousands may be worked on at once; a film brings hundreds. */
const FEW_HASHES = 16
/** What a body of text/csv is handed over as: SCARt's columns. */
const csvBody = z.strictObject({ csv: z.string() })
const iccamBody = z.strictObject({ iccam: z.unknown() })
/** Of a list that is taken row by row: one request is one transaction. */
const TIP_ROWS_MAX = 500
const line = z.int().min(1)
const tipRow = z.union([z.strictObject({ line, tip: tipSchema }), z.strictObject({ line })])

export function intakeRoutes(engine: Engine): readonly Route[] {
  return [
    route(
      ['POST', '/v1/tips'],
      'tip:submit',
      z.record(z.string(), z.unknown()),
      (by, body) => {
        if ('csv' in body) return engine.importTips(by, parseTipCsv(checked(csvBody, body).csv))
        if (!('iccam' in body)) return engine.tip(by, parseTip(body))
        return engine.importTips(by, parseIccamReports(checked(iccamBody, body).iccam))
      },
      { status: 201, largeBody: true },
    ),
    route(
      ['POST', '/v1/tip-imports'],
      'tip:submit',
      z.strictObject({ digest: z.string().regex(/^[0-9a-f]{64}$/, 'is a SHA-256 in hex') }),
      (by, { digest }) => engine.beginTipImport(by, digest),
      { status: 201 },
    ),
    route(
      ['POST', '/v1/tip-imports/:id/rows'],
      'tip:submit',
      z.strictObject({ id, from: z.int().min(0), rows: z.array(tipRow).max(TIP_ROWS_MAX) }),
      (by, { id: importId, from, rows }) => engine.takeTipRows(by, importId, from, rows),
      { largeBody: true },
    ),
    route(
      ['POST', '/v1/tip-imports/:id/finish'],
      'tip:submit',
      z.strictObject({ id }),
      (by, { id: importId }) => engine.finishTipImport(by, importId),
    ),
    route(
      ['GET', '/v1/tip-imports'],
      'tip:read',
      z.strictObject({ limit: page.limit }),
      (by, { limit }) => engine.tipImports(by, limit),
    ),
    route(
      ['GET', '/v1/tips'],
      'tip:read',
      z.strictObject({
        ...page,
        status: z.enum(statuses).exactOptional(),
        queue: z.stringbool().exactOptional(),
      }),
      (by, filter) => engine.tips(by, filter),
    ),
    route(['GET', '/v1/tips/:id'], 'tip:read', z.strictObject({ id }), (by, tip) =>
      engine.findTip(by, tip.id),
    ),
    route(['POST', '/v1/tips/:id/dismiss'], 'assess', z.strictObject({ id, reason }), (by, tip) =>
      engine.dismissTip(by, tip.id, tip.reason),
    ),
  ]
}

/** What of a sighting is no media: its URL, page, hashes. */
const FIELDS_BYTES_MAX = 1024 * 1024

export function uploadRoutes(engine: Engine): readonly UploadRoute[] {
  return [
    {
      path: '/v1/sightings/media',
      permission: 'sighting:submit',
      parts: {
        sighting: { bytesMax: FIELDS_BYTES_MAX, setting: 'the limit of the other fields' },
        media: { bytesMax: engine.config.decode.bytesMax, setting: 'decode.bytesMax' },
      },
      async answer(by, { sighting, media }) {
        if (sighting === undefined) throw missing('sighting')
        if (media === undefined) throw missing('media')
        const seen = parseSightingLine(sighting)
        if (seen.media === undefined) return engine.submit(by, { ...seen, media })
        throw new HindraError('INVALID_INPUT', 'sighting.media: the media is a part of its own', {
          field: 'sighting.media',
        })
      },
    },
  ]
}

function missing(field: string): HindraError {
  return new HindraError('INVALID_INPUT', `${field}: the part is missing`, { field })
}

export function feedRoutes(engine: Engine, limits: Pick<Limits, 'admitHit'>): readonly FeedRoute[] {
  return [
    {
      path: '/v1/sightings',
      permission: 'sighting:submit',
      pace: 'sightings',
      isLight,
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

/** Searched by a few hashes, and certainly not fetched before it is answered. */
function isLight(sighting: Sighting): boolean {
  const { hashes = [] } = sighting
  return isByHashes(sighting) && areTelling(hashes) && hashes.length <= FEW_HASHES
}

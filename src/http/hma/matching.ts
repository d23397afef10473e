import type { Principal } from '../../access/index.ts'
import { hammingDistance, parseHash256, SECOND_MS, systemClock } from '../../core/index.ts'
import type { LookUpQuery } from '../../match/index.ts'
import type { Stages } from '../../operations/index.ts'
import type { ListHit } from '../../sightings/index.ts'
import { hashOfText } from '../../hashes/index.ts'
import type { Limits } from '../limits.ts'
import { contentIdOf } from './content-id.ts'
import {
  badRequest,
  HASH_OF,
  type HmaRequest,
  type HmaRoute,
  isTrue,
  jsonObject,
  required,
  SIGNAL_TYPES,
  type SignalType,
  signalType,
} from './route.ts'
import { type Signals, signalsOf } from './signals.ts'

export function hashingRoutes(stages: Stages): readonly HmaRoute[] {
  const answer = async (by: Principal, request: HmaRequest) => {
    const { type, value } = await signalsOf(stages, request)
    return { [type]: value }
  }
  const post = (by: Principal, request: HmaRequest) => answer(by, withFile(request))
  const path = '/hma/h/hash'
  return [
    { method: 'GET', path, permission: 'hma:use', summary: 'Hashes what is at a URL', answer },
    { method: 'POST', path, permission: 'hma:use', summary: 'Hashes a file', answer: post },
  ]
}

export function matchingRoutes(
  stages: Stages,
  limits: Pick<Limits, 'admitHit'>,
): readonly HmaRoute[] {
  /** Entries of banks that were asked for. */
  async function find(by: Principal, query: LookUpQuery, asked: HmaRequest['query']) {
    const found = await stages.hashLookups.lookUp(by, query, () => {
      limits.admitHit(by)
    })
    const banks = asked['banks'] === undefined ? undefined : new Set(asked['banks'].split(','))
    return found.filter(({ list }) => banks?.has(list) ?? true)
  }

  async function byFile(by: Principal, { type, fingerprint }: Signals, query: HmaRequest['query']) {
    return { [type]: asBanks(await find(by, { fingerprint }, query)) }
  }

  async function bySignal(by: Principal, { query }: HmaRequest) {
    const type = signalType(required(query, 'signal_type'))
    const value = checkedSignal(type, required(query, 'signal'))
    return find(by, { type: HASH_OF[type], value }, query)
  }

  return [
    {
      ...{ method: 'GET', path: '/hma/m/lookup', permission: 'hma:use' },
      summary: 'Banks that hold a hash, or what is at a URL',
      async answer(by, request) {
        const { query } = request
        if ((query['url'] ?? '') === '') return asBanks(await bySignal(by, request))
        const signals = await signalsOf(stages, request)
        const found = await byFile(by, signals, query)
        const only = query['signal_type']
        return only === undefined ? found : (found[signalType(only)] ?? {})
      },
    },
    {
      ...{ method: 'POST', path: '/hma/m/lookup', permission: 'hma:use' },
      summary: 'Banks that hold a file',
      async answer(by, request) {
        const signals = await signalsOf(stages, withFile(request))
        return byFile(by, signals, request.query)
      },
    },
    {
      ...{ method: 'GET', path: '/hma/m/raw_lookup', permission: 'hma:evidence' },
      summary: 'Content ids that a hash hits, proposed ones included',
      async answer(by, request) {
        const withDistance = isTrue(request.query, 'include_distance')
        const hits = (await bySignal(by, request)).flatMap(({ evidence }) => evidence ?? [])
        const matches = withDistance
          ? hits.map(asMatch)
          : hits.map(({ entryId }) => contentIdOf(entryId))
        return { matches }
      },
    },
    {
      ...{ method: 'POST', path: '/hma/m/compare', permission: 'hma:use' },
      summary: 'How far two hashes are from each other',
      answer: (_by, request) => {
        const pairs = Object.entries(jsonObject(request))
        const radius = stages.config.match.reviewRadius
        const compared = pairs.map(([name, pair]) => [name, compare(name, pair, radius)] as const)
        return Object.fromEntries(compared)
      },
    },
    {
      ...{ method: 'GET', path: '/hma/m/index/status', permission: 'hma:use' },
      summary: 'How much of each kind of hash can be found',
      async answer(_by, { query }) {
        const only = query['signal_type']
        const types = only === undefined ? SIGNAL_TYPES : [signalType(only)]
        const { items, hashes } = await stages.watch.gauges()
        const sizes: Record<SignalType, number> = { pdq: hashes, video_md5: items }
        // The index follows the register by moments: it is always built to now.
        const now = Math.floor(systemClock.now() / SECOND_MS)
        const status = types.map(
          (type) => [type, { present: true, built_to: now, size: sizes[type] }] as const,
        )
        return Object.fromEntries(status)
      },
    },
  ]
}

interface HmaMatch {
  readonly bank_content_id: number
  readonly distance: string
}

/** By bank: what is verified there. Without the permission for evidence only that something is. */
function asBanks(hits: readonly ListHit[]): Record<string, Partial<HmaMatch>[]> {
  const banks = new Map<string, Partial<HmaMatch>[]>()
  for (const { list, status, evidence } of hits) {
    if (status !== 'verified') continue
    const matches = evidence === undefined ? [] : (banks.get(list) ?? [])
    banks.set(list, [...matches, evidence === undefined ? {} : asMatch(evidence)])
  }
  return Object.fromEntries(banks)
}

function asMatch({ entryId, distance }: NonNullable<ListHit['evidence']>): HmaMatch {
  return { bank_content_id: contentIdOf(entryId), distance: String(distance) }
}

function withFile(request: HmaRequest): HmaRequest {
  if (request.file !== undefined) return request
  throw badRequest('Missing multipart/form-data file upload')
}

function checkedSignal(type: SignalType, signal: string): string {
  const hash = hashOfText(HASH_OF[type], signal)
  if (hash !== undefined) return hash
  throw badRequest(`invalid signal: ${type} is written in hex digits`)
}

function compare(
  name: string,
  pair: unknown,
  radius: number,
): readonly [isMatch: boolean, { readonly distance: number }] {
  if (!Array.isArray(pair)) throw badRequest('Comparison hashes are no list')
  if (pair.length !== 2) throw badRequest('Comparison hash list length must be exactly 2')
  const type = signalType(name)
  const [left, right] = pair.map((signal: unknown) => {
    return checkedSignal(type, typeof signal === 'string' ? signal : '')
  }) as [string, string]
  if (type === 'video_md5') return [left === right, { distance: left === right ? 0 : 1 }]
  const distance = hammingDistance(parseHash256(left), parseHash256(right))
  return [distance <= radius, { distance }]
}

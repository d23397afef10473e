import { z } from 'zod'
import type { Principal } from '../../access/index.ts'
import { hammingDistance, parseHash256, SECOND_MS } from '../../core/index.ts'
import type { LookUpQuery } from '../../match/index.ts'
import type { Parts } from '../../operations/index.ts'
import type { ListHit } from '../../sightings/index.ts'
import {
  banks,
  bySignalType,
  contentType,
  file,
  flag,
  HASH_OF,
  hashAsked,
  required,
  SIGNAL_TYPES,
  type SignalType,
  signal,
  signalType,
  types,
} from './fields.ts'
import { hma } from './operation.ts'
import { type AskedMedia, comparable, type Signals, signalsOf } from './signals.ts'

const atUrl = { content_type: contentType.exactOptional(), types: types.exactOptional() }
const withFile = { file, types: types.exactOptional() }
const inBanks = { banks: banks.exactOptional() }

export const hashing = [
  hma('GET /hma/h/hash', {
    needs: 'hma:use',
    says: 'Hashes what is at a URL',
    input: { url: required('url'), ...atUrl },
    run: async (parts, _by, asked) => hashes(await signalsOf(parts, asked)),
  }),
  hma('POST /hma/h/hash', {
    needs: 'hma:use',
    says: 'Hashes a file',
    input: withFile,
    run: async (parts, _by, asked) => hashes(await signalsOf(parts, asked)),
  }),
]

export const matching = [
  hma('GET /hma/m/lookup', {
    needs: 'hma:use',
    says: 'Banks that hold a hash, or what is at a URL',
    input: z
      .object({
        url: z.string().exactOptional(),
        ...atUrl,
        ...inBanks,
        signal_type: signalType.exactOptional(),
        signal: z.string().exactOptional(),
      })
      .transform((asked, context) =>
        (asked.url ?? '') === '' ? { ...asked, hash: hashAsked(asked, context) } : asked,
      ),
    async run(parts, by, asked) {
      if ('hash' in asked) return asBanks(parts, await find(parts, by, asked.hash, asked))
      const found = await byMedia(parts, by, asked)
      return asked.signal_type === undefined ? found : (found[asked.signal_type] ?? {})
    },
  }),
  hma('POST /hma/m/lookup', {
    needs: 'hma:use',
    says: 'Banks that hold a file',
    input: { ...withFile, ...inBanks },
    run: (parts, by, asked) => byMedia(parts, by, asked),
  }),
  hma('GET /hma/m/raw_lookup', {
    needs: 'hma:evidence',
    says: 'Content ids that a hash hits, proposed ones included',
    input: z
      .object({
        signal_type: signalType,
        signal: required('signal'),
        include_distance: flag,
        ...inBanks,
      })
      .transform((asked, context) => ({ ...asked, hash: hashAsked(asked, context) })),
    async run(parts, by, asked) {
      const found = await find(parts, by, asked.hash, asked)
      const matches = await numbered(
        parts,
        found.flatMap(({ evidence }) => evidence ?? []),
      )
      if (asked.include_distance) return { matches }
      return { matches: matches.map(({ bank_content_id: id }) => id) }
    },
  }),
  hma('POST /hma/m/compare', {
    needs: 'hma:use',
    says: 'How far two hashes are from each other',
    input: {
      json: bySignalType(
        (type) =>
          z.tuple([signal(type), signal(type)], {
            error: ({ code }) =>
              code === 'invalid_type'
                ? 'Comparison hashes are no list'
                : 'Comparison hash list length must be exactly 2',
          }),
        {},
      ),
    },
    run({ config }, _by, { json }) {
      const compared = SIGNAL_TYPES.flatMap((type) => {
        const pair = json[type]
        if (pair === undefined) return []
        return [[type, compare(type, pair, config.match.reviewRadius)] as const]
      })
      return Promise.resolve(Object.fromEntries(compared))
    },
  }),
  hma('GET /hma/m/index/status', {
    needs: 'hma:use',
    says: 'How much of each kind of hash can be found',
    input: { signal_type: signalType.exactOptional() },
    async run({ watch, register }, _by, { signal_type: only }) {
      const { items, hashes: pdq } = await watch.gauges()
      const sizes: Record<SignalType, number> = { pdq, video_md5: items }
      // The index follows the register by moments: it is always built to now.
      const now = Math.floor(register.banks.now() / SECOND_MS)
      const status = (only === undefined ? SIGNAL_TYPES : [only]).map(
        (type) => [type, { present: true, built_to: now, size: sizes[type] }] as const,
      )
      return Object.fromEntries(status)
    },
  }),
]

function hashes({ type, value }: Signals): Record<string, string> {
  return { [type]: value }
}

/** Entries of the banks that were asked for. */
async function find(
  { hashLookups, hits }: Pick<Parts, 'hashLookups' | 'hits'>,
  by: Principal,
  query: LookUpQuery,
  asked: { readonly banks?: ReadonlySet<string> },
): Promise<readonly ListHit[]> {
  const found = await hashLookups.lookUp(by, query, hits(by))
  return found.filter(({ list }) => asked.banks?.has(list) ?? true)
}

async function byMedia(
  parts: Parts,
  by: Principal,
  asked: AskedMedia & { readonly banks?: ReadonlySet<string> },
) {
  const found = comparable(await signalsOf(parts, asked), parts.config.match)
  const { type, value, fingerprint } = found
  // What is no film and was sent as one is looked up as HMA does: by its MD5.
  const isFake = type === 'video_md5' && fingerprint.kind !== 'film'
  const query: LookUpQuery = isFake ? { type: HASH_OF[type], value } : { fingerprint }
  return { [type]: await asBanks(parts, await find(parts, by, query, asked)) }
}

interface HmaMatch {
  readonly bank_content_id: number
  readonly distance: string
}

/** What is verified in each bank. Without the permission for evidence only that something is. */
async function asBanks(
  parts: Pick<Parts, 'store' | 'register'>,
  hits: readonly ListHit[],
): Promise<Record<string, Partial<HmaMatch>[]>> {
  const verified = hits.filter(({ status }) => status === 'verified')
  const found: [string, Partial<HmaMatch>[]][] = []
  for (const bank of new Set(verified.map(({ list }) => list))) {
    const each = verified.filter(({ list }) => list === bank)
    const shown = each.flatMap(({ evidence }) => evidence ?? [])
    found.push([bank, shown.length === 0 ? [{}] : await numbered(parts, shown)])
  }
  return Object.fromEntries(found)
}

/** By the numbers that HMA's clients have for entries. */
async function numbered(
  { store, register }: Pick<Parts, 'store' | 'register'>,
  hits: readonly NonNullable<ListHit['evidence']>[],
): Promise<HmaMatch[]> {
  const entryIds = hits.map(({ entryId }) => entryId)
  const numbers = await store.transact((tx) => register.banks.numbersOf(tx, entryIds))
  return hits.flatMap(({ distance }, position) => {
    const number = numbers[position]
    return number === undefined ? [] : [{ bank_content_id: number, distance: String(distance) }]
  })
}

function compare(
  type: SignalType,
  [left, right]: readonly [string, string],
  radius: number,
): readonly [isMatch: boolean, { readonly distance: number }] {
  if (type === 'video_md5') return [left === right, { distance: left === right ? 0 : 1 }]
  const distance = hammingDistance(parseHash256(left), parseHash256(right))
  return [distance <= radius, { distance }]
}

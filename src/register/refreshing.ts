import type { Principal } from '../access/index.ts'
import { defined } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { Fingerprint } from '../fingerprint/index.ts'
import { FIXED_DIGESTS } from '../hashes/index.ts'
import type { Context, Transaction } from '../store/index.ts'
import { evidenceOf, hasFeatures, lacksTrack } from './evidence.ts'
import { lackOf } from './features-lack.ts'
import { type KnownHashSet, qualityOf, slackOf } from './hash-set.ts'
import { OWN_COPIES } from './item.ts'
import { type ComparedCopy, compareCopy } from './own-copy.ts'
import { stepsFrom } from './steps.ts'
import type { RegisterParts } from './register-parts.ts'
import { BY, entriesOf, type ItemRow, isLiving, type StoredEntry } from './item-records.ts'

/** What an item can be found by now, and could not before. */
const ADDITIONS = ['features', 'vector', 'hashes', 'digests', 'track'] as const
export type EvidenceAddition = (typeof ADDITIONS)[number]

export interface Refreshed {
  readonly itemId: string
  /** What was added to all its entries with these bytes; empty where nothing was lacking. */
  readonly added: readonly EvidenceAddition[]
}

const LIKEST = [...OWN_COPIES, 'contradicts', 'another'] as const

export interface Refreshing {
  /**
   * Adds to the entries of these very bytes what Hindra makes of them today and they lack: local features,
   * a learned vector, views, hashes by a newer hasher, digests. What lists say of the item, its standing
   * and who verified it stay. Throws NOT_FOUND where no living entry has the SHA-256.
   */
  refresh(tx: Transaction, by: Pick<Principal, 'id'>, seen: Fingerprint): Promise<Refreshed>
  /**
   * How a file compares with what waits for a verifier of an item, or of the item that has these very bytes; the
   * likest where several lists wait. Throws NOT_FOUND, CONFLICT where nothing of it waits.
   */
  compare(tx: Transaction, copy: KnownHashSet, itemId?: string): Promise<ComparedCopy>
  /**
   * Whether some living entry of the item has these bytes and lacks what Hindra has now: hashes of its own where a browser
   * made them, the digest of a film's coded pictures; where the bytes are at hand, local features, or the model's vector.
   */
  isLacking(
    tx: Transaction,
    itemId: string,
    seen: Pick<Fingerprint, 'sha256' | 'track'>,
    bytes?: { readonly model: string | undefined },
  ): Promise<boolean>
}

export function createRefreshing(
  context: Context,
  { items, log, lists }: RegisterParts,
): Refreshing {
  return {
    async refresh(tx, by, seen) {
      const row = await holderOf(tx, seen.sha256)
      const added = new Set<EvidenceAddition>()
      const refreshed = async (entry: StoredEntry) => {
        if (!isOfBytes(entry, seen.sha256)) return entry
        const { hashes } = entry.sealed
        const all = (await keepsFeatures(tx, entry)) ? seen : withoutFeatures(seen)
        const more = lacking(hashes, all)
        if (more.length === 0) return entry
        for (const one of more) added.add(one)
        const merged = withAdded(hashes, all)
        lists.countEvidence(tx, entry.clear.list, evidenceOf(hashes), evidenceOf(merged))
        log.append(tx, by, row.id, {
          action: 'refresh',
          entry: entry.clear,
          detail: more.join(', '),
          audited: { added: more.join(' ') },
        })
        return changed(entry, merged)
      }
      const entries: StoredEntry[] = []
      for (const entry of entriesOf(row)) entries.push(await refreshed(entry))
      if (added.size > 0) items.change(tx, row, withRefreshed(row, entries))
      return { itemId: row.id, added: ADDITIONS.filter((one) => added.has(one)) }
    },

    async compare(tx, copy, itemId) {
      const row =
        itemId === undefined ? await holderOf(tx, copy.sha256 ?? '') : await items.need(tx, itemId)
      const compared = entriesOf(row)
        .filter(({ clear }) => stepsFrom(clear.status).includes('verify'))
        .map(({ clear, sealed }) => ({
          itemId: row.id,
          entryId: clear.id,
          list: clear.list,
          origin: sealed.origin ?? {},
          ...compareCopy(sealed.hashes, copy),
        }))
      const likest = LIKEST.flatMap((how) => compared.filter((one) => one.how === how))[0]
      if (likest !== undefined) return likest
      throw new HindraError('CONFLICT', 'nothing of the item waits for a second person')
    },

    async isLacking(tx, itemId, { sha256, track }, bytes) {
      const row = await items.find(tx, itemId)
      const own = row === undefined ? [] : entriesOf(row).filter((one) => isOfBytes(one, sha256))
      for (const entry of own) {
        const { hashes } = entry.sealed
        if (slackOf(hashes) > 0) return true
        // A look makes none where no known film has one; the bytes tell.
        const mayHaveTrack = track === undefined ? bytes !== undefined : track !== null
        if (mayHaveTrack && lacksTrack(hashes)) return true
        if (bytes === undefined || !(await keepsFeatures(tx, entry))) continue
        if (lacksFeatures(hashes)) return true
        if (hashes.kind === 'film') continue
        if (bytes.model !== undefined && hashes.learned?.model !== bytes.model) return true
      }
      return false
    },
  }

  async function keepsFeatures(tx: Transaction, { clear }: StoredEntry): Promise<boolean> {
    return (await lists.need(tx, clear.list)).keepsFeatures
  }

  async function holderOf(tx: Transaction, sha256: string): Promise<ItemRow> {
    const holder = await tx.get(BY.bytes(context, sha256))
    const row =
      holder === undefined ? undefined : await items.find(tx, Buffer.from(holder).toString())
    if (row !== undefined && entriesOf(row).some((entry) => isOfBytes(entry, sha256))) return row
    throw new HindraError('NOT_FOUND', 'no item of the register has these bytes')
  }
}

function isOfBytes({ clear, sealed }: StoredEntry, sha256: string): boolean {
  return isLiving(clear) && sealed.hashes.sha256 === sha256
}

function lacking(held: KnownHashSet, seen: Fingerprint): readonly EvidenceAddition[] {
  const isNewer = givesWay(held, seen)
  const names = new Set(held.views.map(viewOf))
  const lacks: Record<EvidenceAddition, boolean> = {
    features: !lacksFeatures(seen) && (lacksFeatures(held) || isNewer),
    vector: seen.learned !== undefined && held.learned?.model !== seen.learned.model,
    hashes: isNewer || seen.views.some((view) => !names.has(viewOf(view))),
    digests: FIXED_DIGESTS.some((type) => held[type] === undefined) || held.width === undefined,
    track: typeof seen.track === 'string' && held.track === undefined,
  }
  return ADDITIONS.filter((name) => lacks[name])
}

function withoutFeatures(seen: Fingerprint): Fingerprint {
  const bare = { ...seen }
  delete bare.features
  delete bare.colours
  delete bare.shots
  delete bare.learned
  return bare
}

/** It has none, of a film none of its shots, or those of an earlier version. */
function lacksFeatures(set: Pick<KnownHashSet, 'features' | 'colours' | 'shots'>): boolean {
  return !hasFeatures(set) || lackOf(set) !== undefined
}

/** Hashed by the same hasher in an older version, or by a browser: what that made gives way. */
function givesWay(held: KnownHashSet, seen: Fingerprint): boolean {
  if (slackOf(held) > 0) return true
  return held.hasher === seen.hasher && Number(held.hasherVersion ?? 0) < seen.hasherVersion
}

/** What a list gave of it stays beside what Hindra adds. */
function withAdded(held: KnownHashSet, seen: Fingerprint): KnownHashSet {
  if (givesWay(held, seen)) return { ...held, ...seen, ...keptOf(held) }
  const names = new Set(held.views.map(viewOf))
  const views = [...held.views, ...seen.views.filter((view) => !names.has(viewOf(view)))]
  const { features, colours, shots } = lacksFeatures(held) && hasFeatures(seen) ? seen : held
  const learned = seen.learned ?? held.learned
  return {
    ...seen,
    ...held,
    views,
    kind: held.kind === 'unknown' ? seen.kind : held.kind,
    ...defined({ features, colours, shots, learned }),
  }
}

function keptOf({ opaque }: KnownHashSet): Pick<KnownHashSet, 'opaque'> {
  return defined({ opaque })
}

function viewOf({ name, seconds }: KnownHashSet['views'][number]): string {
  return `${name} ${seconds ?? ''}`
}

function changed({ clear, sealed }: StoredEntry, hashes: KnownHashSet): StoredEntry {
  if (slackOf(sealed.hashes) > 0) return seenAtLast({ clear, sealed }, hashes)
  const { name = hashes.hasher, version } = sealed.hasher ?? {}
  const hasher =
    name === undefined || (version === undefined && hashes.hasherVersion === undefined)
      ? sealed.hasher
      : { name, version: String(hashes.hasherVersion ?? version) }
  return {
    clear: { ...clear, quality: qualityOf(hashes) },
    sealed: { ...sealed, hashes, hasher },
  }
}

/** What a browser had hashed alone: what was found because of that is not so any more. */
function seenAtLast({ clear, sealed }: StoredEntry, hashes: KnownHashSet): StoredEntry {
  const hasher = { name: hashes.hasher ?? '', version: String(hashes.hasherVersion ?? '') }
  const findings = sealed.findings.filter(({ code }) => code !== 'browser-hash')
  return {
    clear: { ...clear, quality: qualityOf(hashes) },
    sealed: { ...sealed, hashes, hasher, findings },
  }
}

/** What is searched by has changed, and the index is to hear of it. */
function withRefreshed(row: ItemRow, entries: readonly StoredEntry[]): ItemRow {
  const kinds = new Set(entries.map(({ sealed }) => sealed.hashes.kind))
  const [kind = row.clear.kind] = row.clear.kind === 'unknown' ? kinds : []
  return {
    id: row.id,
    clear: {
      ...row.clear,
      kind,
      revision: row.clear.revision + 1,
      entries: entries.map(({ clear }) => clear),
    },
    sealed: { ...row.sealed, entries: entries.map(({ sealed }) => sealed) },
  }
}

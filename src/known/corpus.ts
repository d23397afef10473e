import type { Principal } from '../access/index.ts'
import type { Audit } from '../audit/index.ts'
import { isoTime, parseHash256 } from '../core/index.ts'
import type { Fingerprint, View, ViewName } from '../fingerprint/index.ts'
import type { IndexSource, SearchIndex } from '../index/index.ts'
import { Collection, type Context, keySpace, type Row } from '../store/index.ts'
import type { KnownHashSet } from '../register/index.ts'
import { packed } from './packed.ts'

/** Hashes of pictures that are certainly harmless: what resembles them is not known material. */
export interface Corpus {
  readonly pictures: number
  /** Keeps the hashes, sealed; false where these bytes were there already. */
  add(by: Principal, fingerprint: Fingerprint): Promise<boolean>
  /** The nearest picture within the radius, and which form of these hashes it is like; 0 for the same bytes. */
  nearest(hashes: KnownHashSet, radius: number): Promise<Likeness | undefined>
  close(): Promise<void>
}

/** How near something is, by PDQ distance, and in which form. */
export interface Likeness {
  readonly distance: number
  readonly view: ViewName
}

const PAGE = 1_000

interface BenignClear {
  readonly addedAt: string
}
interface BenignSealed {
  readonly pdqs: readonly string[]
}

type Benign = Pick<Row<BenignClear, BenignSealed>, 'id' | 'sealed'>

/** Reads the whole corpus: it is meant to be some ten thousand pictures. */
export async function openCorpus(
  { store, sealer, clock }: Context,
  audit: Audit,
  indexes: IndexSource,
): Promise<Corpus> {
  const benign = new Collection<BenignClear, BenignSealed>(keySpace('benign'), sealer)
  const index = await indexes.open()
  const ids = new Set<string>()
  let labels = 0
  await load()

  return {
    get pictures() {
      return ids.size
    },

    async add(by, { sha256, views }) {
      const id = idOf(sha256)
      const sealed = { pdqs: views.filter(isTelling).map(({ pdq }) => pdq) }
      const isNew = await store.transact(async (tx) => {
        if ((await benign.get(tx, id)) !== undefined) return false
        benign.put(tx, id, { addedAt: isoTime(clock.now()) }, sealed)
        audit.append(tx, { by: by.id, action: 'corpus.add', subject: id })
        return true
      })
      if (isNew) await hold([{ id, sealed }])
      return isNew
    },

    async nearest({ sha256, views, qualityUntold = false }, radius) {
      if (sha256 !== undefined && ids.has(idOf(sha256))) return { distance: 0, view: 'whole' }
      const probes = views.filter(({ quality }) => quality > 0 || qualityUntold)
      if (probes.length === 0 || labels === 0) return undefined
      const { counts, distances } = await index.search(packed(probes.map(hashOf)), radius)
      let nearest: Likeness | undefined
      let next = 0
      probes.forEach(({ name: view }, position) => {
        for (let left = counts[position] ?? 0; left > 0; left -= 1) {
          const distance = distances[next] ?? 0
          if (distance < (nearest?.distance ?? Infinity)) nearest = { distance, view }
          next += 1
        }
      })
      return nearest
    },

    close: () => index.close(),
  }

  async function load(): Promise<void> {
    for await (const rows of benign.pages(store, PAGE)) await hold(rows)
  }

  async function hold(records: readonly Benign[]): Promise<void> {
    const hashes = records.flatMap(({ sealed }) => sealed.pdqs).map(parseHash256)
    const first = labels
    labels += hashes.length
    for (const { id } of records) ids.add(id)
    if (hashes.length === 0) return
    await addTo(index, first, hashes)
  }

  function idOf(sha256: string): string {
    return sealer.digest('benign', sha256)
  }
}

async function addTo(index: SearchIndex, first: number, hashes: readonly Uint8Array[]) {
  const labels = Uint32Array.from(hashes, (_, position) => first + position)
  await index.add({ labels, hashes: packed(hashes) })
}

/** A picture as it is: probes are turned instead. Of no quality it would resemble everything. */
function isTelling({ name, quality }: View): boolean {
  return name === 'whole' && quality > 0
}

function hashOf({ pdq }: View) {
  return parseHash256(pdq)
}

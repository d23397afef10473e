import { createRequire } from 'node:module'
import type { Hash256 } from '../../src/core/index.ts'
import { createHnswIndex, createLinearIndex, type HashIndex } from '../../src/index/index.ts'
import type { Bench } from '../bench.ts'
import type { Contender, Found } from './contender.ts'
import { countOf, hashAt } from './dataset.ts'

interface Peer {
  search(hash: Hash256, radius: number): Found
  close(): void
}

type PeerClass = new (hashes: Uint8Array) => Peer

/** What is needed of the addons that bench/peers/build-search.sh builds. */
interface Addons {
  readonly scan: { readonly Scan: PeerClass }
  readonly faiss: { readonly MultiHash: PeerClass; readonly Flat: PeerClass }
}

export interface Scan extends Contender {
  /** Reads all that the scan reads and compares nothing: the limit of one core here. */
  read(): void
}

/** undefined, with a note on what to do about it, where it was not built or cannot run here. */
export function openScan(bench: Bench, hashes: Uint8Array): Scan | undefined {
  const addon = load(bench, 'scan')
  if (addon === undefined) return undefined
  const peer = new addon.Scan(hashes)
  const anyHash = hashes.subarray(0, 32)
  return {
    ...contender('AVX-512 scan', peer),
    read() {
      peer.search(anyHash, -1)
    },
  }
}

/** What all are compared with: the scan, or the portable one where there is none. */
export function openTruth(bench: Bench, hashes: Uint8Array): Scan | Contender {
  return openScan(bench, hashes) ?? openLinear(hashes)
}

/** IndexBinaryMultiHash(256, 16, 16) with one flip, exact to radius 31, and IndexBinaryFlat. */
export function openFaiss(bench: Bench, hashes: Uint8Array): readonly Contender[] {
  const addon = load(bench, 'faiss')
  if (addon === undefined) return []
  return [
    contender('FAISS multi-hash', new addon.MultiHash(hashes)),
    contender('FAISS flat', new addon.Flat(hashes)),
  ]
}

export function openLinear(hashes: Uint8Array): Contender {
  return addEach(createLinearIndex(), hashes)
}

/** Of 100,000 hashes hnswlib found 89% with a search width of 96, and all with this one. */
export function openHnsw(bench: Bench, hashes: Uint8Array): Contender {
  bench.note('hnsw is being built, which takes a minute for 100,000')
  return addEach(createHnswIndex({ buildWidth: 100, searchWidth: 384 }), hashes)
}

/** One by one, labels being positions. */
export function addEach(index: HashIndex, hashes: Uint8Array): HashIndex {
  for (let label = 0; label < countOf(hashes); label += 1) index.add(label, hashAt(hashes, label))
  return index
}

function contender(name: string, peer: Peer): Contender {
  return {
    name,
    search: ({ hash, radius }) => peer.search(hash, radius),
    close() {
      peer.close()
    },
  }
}

function load<Name extends keyof Addons>(bench: Bench, name: Name): Addons[Name] | undefined {
  const file = new URL(`../peers/search/build/Release/${name}.node`, import.meta.url)
  try {
    return createRequire(import.meta.url)(file.pathname) as Addons[Name]
  } catch (error) {
    const [reason] = error instanceof Error ? error.message.split('\n') : []
    bench.note(`without the peer ${name} (${reason ?? 'unknown'}): bench/peers/build-search.sh`)
    return undefined
  }
}

import sharpPhash from 'sharp-phash'
import { configWith } from '../../src/config.ts'
import { type Hash256, hammingDistance, parseHash256 } from '../../src/core/index.ts'
import { fingerprintMedia } from '../../src/fingerprint/index.ts'

const { decode: limits, match } = configWith({})
/** Its types speak of a default export, its code exports the function itself. */
const phash = sharpPhash as unknown as (picture: Buffer) => Promise<string>

/**
 * Radius of each. PDQ's is the one of its authors; the others' are the largest at which none of
 * 1,785 photographs matched another.
 */
export const RADII = { pdq: 31, 'pdq-dihedral': 31, blockhash: 17, phash: 6 } as const
export type PeerName = keyof typeof RADII
export const PEERS = Object.keys(RADII) as readonly PeerName[]

/** What other systems keep of a picture, and ask of one. */
export interface PeerHashes {
  readonly pdq: Hash256
  readonly dihedral: readonly Hash256[]
  readonly blockhash: Hash256
  readonly phash: string
}

export async function peerHashes(picture: Uint8Array): Promise<PeerHashes> {
  const [{ views, blockhash }, bits] = await Promise.all([
    fingerprintMedia(picture, limits),
    phash(Buffer.from(picture)),
  ])
  const dihedral = views
    .filter(({ region, name }) => region === undefined && name !== 'complement')
    .map(({ pdq }) => parseHash256(pdq))
  const [pdq] = dihedral
  if (pdq === undefined || blockhash === undefined) throw new Error('no picture')
  return { pdq, dihedral, blockhash: parseHash256(blockhash), phash: bits }
}

/**
 * PDQ distance of two pictures as they are, by which a hash alone is judged; undefined where the quality of either is
 * too low for it to confirm.
 */
export async function pdqDistance(one: Uint8Array, other: Uint8Array): Promise<number | undefined> {
  const [a, b] = await Promise.all([wholeView(one), wholeView(other)])
  if (a === undefined || b === undefined) return undefined
  if (Math.min(a.quality, b.quality) < match.confirmQualityMin) return undefined
  return hammingDistance(parseHash256(a.pdq), parseHash256(b.pdq))
}

async function wholeView(picture: Uint8Array) {
  return (await fingerprintMedia(picture, limits)).views.find(({ name }) => name === 'whole')
}

/** Whether the peer takes the picture for the known one. */
export function peerFinds(peer: PeerName, seen: PeerHashes, known: PeerHashes): boolean {
  return peerDistance(peer, seen, known) <= RADII[peer]
}

function peerDistance(peer: PeerName, seen: PeerHashes, known: PeerHashes): number {
  switch (peer) {
    case 'pdq':
      return hammingDistance(seen.pdq, known.pdq)
    case 'pdq-dihedral':
      return Math.min(...seen.dihedral.map((hash) => hammingDistance(hash, known.pdq)))
    case 'blockhash':
      return hammingDistance(seen.blockhash, known.blockhash)
    case 'phash':
      return Array.from(seen.phash).filter((bit, index) => bit !== known.phash[index]).length
  }
}

import type { Match } from '../../src/match/index.ts'
import type { Bench } from '../bench.ts'
import { inLanes } from './lanes.ts'
import { PEERS, type PeerHashes, type PeerName, peerFinds, peerHashes } from './peers.ts'
import type { Photographs } from './photographs.ts'
import { drawOf, type Way } from './transforms/index.ts'
import type { World } from './world.ts'

/** What became of copies. */
interface Tally {
  queries: number
  confirmed: number
  review: number
  falseConfirmed: number
  falseReview: number
  readonly peers: Record<PeerName, number>
  readonly peersFalse: Record<PeerName, number>
}

interface Reference {
  readonly id: string
  readonly picture: Buffer
  readonly hashes: PeerHashes
}

/**
 * Every reference altered in every way and looked for. A copy is found where its own item matches;
 * every other item that matches is a false one.
 */
export async function benchRecall(
  bench: Bench,
  world: World,
  photographs: Photographs,
  ways: readonly Way[],
) {
  const references = await inLanes(photographs.references, async (picture): Promise<Reference> => {
    return { id: await world.know(picture), picture, hashes: await peerHashes(picture) }
  })
  await inLanes(photographs.distractors, (picture) => world.know(picture))

  const all = new Map(ways.map(({ name }) => [name, emptyTally()]))
  const tallyOf = (name: string) => {
    const tally = all.get(name)
    if (tally === undefined) throw new Error(`no ${name}`)
    return tally
  }
  const jobs = ways.flatMap((each, way) =>
    references.map((reference, index) => ({ ...each, reference, way, index })),
  )
  await inLanes(jobs, async ({ name, transform, reference, way, index }) => {
    const seed = Math.imul(bench.seed, 0x9e3779b1) ^ (way * 8191 + index)
    const copy = await transform(reference.picture, drawOf(photographs.others, seed))
    const [matches, hashes] = await Promise.all([world.scan(copy), peerHashes(copy)])
    const tally = tallyOf(name)
    count(tally, matches, reference.id)
    for (const peer of PEERS) {
      const hits = references.filter((known) => peerFinds(peer, hashes, known.hashes))
      tally.peers[peer] += hits.includes(reference) ? 1 : 0
      tally.peersFalse[peer] += hits.filter((hit) => hit !== reference).length
    }
  })

  for (const { name } of ways) report(bench, name, tallyOf(name))
  for (const group of new Set(ways.map((each) => each.group))) {
    const members = ways.filter((each) => each.group === group)
    report(bench, `= ${group}`, sum(members.map(({ name }) => tallyOf(name))))
  }
  report(bench, '= all', sum([...all.values()]))
}

function count(tally: Tally, matches: readonly Match[], id: string): void {
  tally.queries += 1
  for (const { itemId, verdict } of matches) {
    const isSure = verdict !== 'review'
    if (itemId === id) tally[isSure ? 'confirmed' : 'review'] += 1
    else tally[isSure ? 'falseConfirmed' : 'falseReview'] += 1
  }
}

function report(bench: Bench, name: string, tally: Tally): void {
  const share = (count: number) => (100 * count) / tally.queries
  const percent = (metric: string, count: number) => {
    bench.record({ case: name, metric, value: share(count), unit: '%' })
  }
  const counted = (metric: string, value: number) => {
    bench.record({ case: name, metric, value, unit: `of ${tally.queries} queries` })
  }
  percent('found', tally.confirmed + tally.review)
  percent('found.confirmed', tally.confirmed)
  percent('found.review', tally.review)
  counted('false.confirmed', tally.falseConfirmed)
  counted('false.review', tally.falseReview)
  for (const peer of PEERS) {
    percent(`found.${peer}`, tally.peers[peer])
    if (tally.peersFalse[peer] > 0) counted(`false.${peer}`, tally.peersFalse[peer])
  }
}

function emptyTally(): Tally {
  return {
    queries: 0,
    confirmed: 0,
    review: 0,
    falseConfirmed: 0,
    falseReview: 0,
    peers: forPeers(() => 0),
    peersFalse: forPeers(() => 0),
  }
}

function sum(tallies: readonly Tally[]): Tally {
  const total = (value: (tally: Tally) => number) =>
    tallies.reduce((all, tally) => all + value(tally), 0)
  return {
    queries: total((tally) => tally.queries),
    confirmed: total((tally) => tally.confirmed),
    review: total((tally) => tally.review),
    falseConfirmed: total((tally) => tally.falseConfirmed),
    falseReview: total((tally) => tally.falseReview),
    peers: forPeers((peer) => total((tally) => tally.peers[peer])),
    peersFalse: forPeers((peer) => total((tally) => tally.peersFalse[peer])),
  }
}

function forPeers(value: (peer: PeerName) => number): Record<PeerName, number> {
  return Object.fromEntries(PEERS.map((peer) => [peer, value(peer)])) as Record<PeerName, number>
}

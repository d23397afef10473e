import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { SeededRandom } from '../../src/core/index.ts'
import type { Match } from '../../src/match/index.ts'
import type { Bench } from '../bench.ts'
import { percentile } from '../measure.ts'
import { inLanes } from '../robustness/lanes.ts'
import { shuffled } from '../robustness/photographs.ts'
import type { World } from '../robustness/world.ts'
import { type Group, STILLS } from './edits.ts'
import type { Copy, FilmDraw } from './edits/edit.ts'
import type { Film } from './film.ts'
import { PEER_NAMES, type PeerFrames, PEERS, peerFrames, type PeerName } from './peers.ts'
import { endsOff, type Piece, segmentF1 } from './pieces.ts'
import { isSure, type Outcome, reportEdit } from './tally.ts'

/** What is registered. */
export interface Item {
  readonly id: string
  readonly name: string
  readonly path: string
  readonly frames: PeerFrames
}

/** A copy that is to be made and looked for. */
export interface Job {
  readonly group: string
  readonly edit: string
  readonly item: Item
  readonly make: (draw: FilmDraw) => Promise<Copy>
}

interface Told {
  readonly truth: readonly Piece[]
  readonly said: readonly Piece[]
}

/** Seconds: the goal for 19 ends of 20. Which pieces are off by more is said, with what they are. */
const ENDS_OFF_MAX = 1.5

export async function know(world: World, name: string, path: string): Promise<Item> {
  const [id, frames] = await Promise.all([world.know(readFileSync(path)), peerFrames(path)])
  return { id, name, path, frames }
}

/** Films altered by some edits of each group, so that all edits get as many films. */
export function filmJobs(
  films: readonly (readonly [Film, Item])[],
  groups: readonly Group[],
  editsAGroup: number,
): readonly Job[] {
  return groups.flatMap(({ name: group, edits, secondsMin = 0 }) => {
    const all = Object.entries(edits)
    const some = Math.min(editsAGroup, all.length)
    const long = films.filter(([{ seconds }]) => seconds >= secondsMin)
    return long.flatMap(([film, item], number) =>
      Array.from({ length: some }, (_, turn) => (number * some + turn) % all.length).flatMap(
        (index): readonly Job[] => {
          const [edit, alter] = all[index] ?? []
          if (edit === undefined || alter === undefined) return []
          return [{ group, edit, item, make: (draw) => alter(film, draw) }]
        },
      ),
    )
  })
}

/** Copies that are there already. */
export function copyJobs(copies: readonly (readonly [path: string, item: Item])[]): readonly Job[] {
  return copies.map(([path, item]) => {
    const make = () => Promise.resolve({ path, pieces: [] })
    return { group: "others' copies", edit: basename(path), item, make }
  })
}

export function stillJobs(stills: readonly Item[]): readonly Job[] {
  return Object.entries(STILLS).flatMap(([edit, show]) =>
    stills.map((item) => ({
      group: 'stills',
      edit,
      item,
      make: (draw: FilmDraw) => show(item.path, draw),
    })),
  )
}

/** Makes every copy, looks for it, and reports what was found by edit and by group. */
export async function benchRecall(
  bench: Bench,
  world: World,
  jobs: readonly Job[],
  { items, reels }: { readonly items: readonly Item[]; readonly reels: readonly Film[] },
  progress: (text: string) => void,
): Promise<void> {
  let done = 0
  const found = await inLanes([...jobs.entries()], async ([number, job]) => {
    const random = new SeededRandom(Math.imul(bench.seed, 0x9e3779b1) ^ (number * 8191))
    const copy = await job.make({ random, reel: turns(shuffled(reels, random)) })
    const [{ matches, hasFailed }, frames] = await Promise.all([
      look(world, copy.path, progress),
      peerFrames(copy.path),
    ])
    const outcome = { ...outcomeOf(job.item, items, matches, frames), hasFailed }
    done += 1
    if (!outcome.isFound) progress(`missed: ${job.item.name}, ${job.edit}: ${copy.path}`)
    else if (!outcome.isConfirmed)
      progress(`review: ${job.item.name}, ${job.edit}: ${whyOf(job.item, matches)}: ${copy.path}`)
    if (outcome.falseConfirmed > 0) progress(`false: ${job.item.name}, ${job.edit}: ${copy.path}`)
    const told = toldOf(job.item, matches, copy)
    if (told !== undefined && Math.max(...endsOff(told.truth, told.said)) > ENDS_OFF_MAX) {
      progress(`ends off: ${job.item.name}, ${job.edit}: ${endsOf(told)}: ${copy.path}`)
    }
    if (done % 25 === 0) progress(`${done} of ${jobs.length} copies`)
    return { ...job, outcome, told }
  })
  for (const group of new Set(jobs.map((job) => job.group))) {
    const members = found.filter((each) => each.group === group)
    for (const edit of new Set(members.map((each) => each.edit))) {
      const ofEdit = members.filter((each) => each.edit === edit)
      reportEdit(
        bench,
        edit,
        ofEdit.map(({ outcome }) => outcome),
      )
    }
    reportEdit(
      bench,
      `= ${group}`,
      members.map(({ outcome }) => outcome),
    )
  }
  reportPieces(
    bench,
    found.flatMap(({ told }) => told ?? []),
  )
}

/** What matches a file. One that cannot be read ends no run: it is counted, and said. */
export async function look(
  world: World,
  path: string,
  progress: (text: string) => void,
): Promise<{ readonly matches: readonly Match[]; readonly hasFailed: boolean }> {
  try {
    return { matches: await world.scan(readFileSync(path)), hasFailed: false }
  } catch (error) {
    progress(`failed: ${path}: ${String(error)}`)
    return { matches: [], hasFailed: true }
  }
}

function outcomeOf(
  item: Item,
  items: readonly Item[],
  matches: readonly Match[],
  frames: PeerFrames,
): Omit<Outcome, 'hasFailed'> {
  const own = matches.filter(({ itemId }) => itemId === item.id)
  const others = matches.filter(({ itemId }) => itemId !== item.id)
  const sure = others.filter(isSure).length
  const finds = (peer: PeerName) => items.filter((each) => PEERS[peer](frames, each.frames))
  return {
    of: item.name,
    isFound: own.length > 0,
    isConfirmed: own.some(isSure),
    falseConfirmed: sure,
    falseReview: others.length - sure,
    peers: forPeers((peer) => finds(peer).includes(item)),
    peersFalse: forPeers((peer) => finds(peer).filter((each) => each !== item).length),
  }
}

/** The method and reason of the match with the right item, for a copy that was not confirmed; empty where there is none. */
function whyOf(item: Item, matches: readonly Match[]): string {
  const own = matches.find(({ itemId }) => itemId === item.id)
  return own === undefined ? '' : `${own.method}, ${own.reason}`
}

/** What the match with the right item says of its pieces, beside what they are. */
function toldOf(item: Item, matches: readonly Match[], { pieces }: Copy): Told | undefined {
  const own = matches.find(({ itemId }) => itemId === item.id)
  const said = own?.pieces
  return said === undefined || pieces.length === 0 ? undefined : { truth: pieces, said }
}

function endsOf({ truth, said }: Told): string {
  const shown = (pieces: readonly Piece[]) =>
    pieces
      .map(({ from, to, itemFrom, itemTo }) => [from, to, itemFrom, itemTo])
      .map((times) => times.map((second) => second.toFixed(2)).join(' '))
      .join(' + ')
  return `${shown(said)} told, ${shown(truth)} true`
}

function reportPieces(bench: Bench, told: readonly Told[]): void {
  if (told.length === 0) {
    bench.note('no match tells its pieces: neither ends nor segments can be measured')
    return
  }
  const ends = told.flatMap(({ truth, said }) => endsOff(truth, said))
  for (const percent of [50, 95]) {
    const value = percentile(ends, percent)
    bench.record({
      case: 'pieces',
      metric: `ends.p${percent}`,
      value,
      unit: `s, ${ends.length} ends`,
    })
  }
  const sum = told.reduce((total, { truth, said }) => total + segmentF1(truth, said), 0)
  const unit = `mean of ${told.length} copies that were found`
  bench.record({ case: 'pieces', metric: 'segment F1', value: sum / told.length, unit })
}

/** One after the other, again from the first after the last. */
export function turns<T>(all: readonly T[]): () => T {
  let turn = -1
  return () => {
    turn += 1
    const next = all[turn % all.length]
    if (next === undefined) throw new Error('there is none')
    return next
  }
}

function forPeers<T>(value: (peer: PeerName) => T): Record<PeerName, T> {
  return Object.fromEntries(PEER_NAMES.map((peer) => [peer, value(peer)])) as Record<PeerName, T>
}

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** Each bench's list, and how many of its ways are run. */
const LISTS: Readonly<Record<string, { readonly file: string; readonly drawn: number }>> = {
  robustness: { file: 'UNSEEN.md', drawn: 10 },
  film: { file: '../film/UNSEEN.md', drawn: 5 },
}

/**
 * Draws ways of UNSEEN.md by a commit, which nobody knows before it is made: `tsx bench/robustness/draw-unseen.ts
 * COMMIT`, whose 40 hex digits are whole; with ` film` behind it those of films.
 */
const [commit = '', bench = 'robustness'] = process.argv.slice(2)
const list = LISTS[bench]
if (!/^[0-9a-f]{40}$/.test(commit) || list === undefined) {
  const names = Object.keys(LISTS).join('|')
  console.error(`usage: npx tsx bench/robustness/draw-unseen.ts COMMIT [${names}] (40 hex digits)`)
  process.exit(2)
}
const text = readFileSync(new URL(list.file, import.meta.url), 'utf8')
const ways = text.split(/\n(?=\d+\. )/).slice(1)
const places = ways.map((way) => ({ way: firstWords(way), place: placeOf(way) }))
for (const { way } of places.sort((a, b) => (a.place < b.place ? -1 : 1)).slice(0, list.drawn)) {
  console.log(way)
}

function placeOf(way: string): string {
  return createHash('sha256')
    .update(`${commit} ${Number.parseInt(way, 10)}`)
    .digest('hex')
}

/** The way without the heading behind it. */
function firstWords(way: string): string {
  const [paragraph = ''] = way.split('\n\n')
  return paragraph.replace(/\s+/g, ' ')
}

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** How many of the ways are run. */
const DRAWN = 10

/**
 * Draws ways of UNSEEN.md by a commit, which nobody knows before it is made: `tsx bench/robustness/draw-unseen.ts
 * COMMIT`, whose 40 hex digits are whole.
 */
const commit = process.argv[2] ?? ''
if (!/^[0-9a-f]{40}$/.test(commit)) {
  console.error('usage: npx tsx bench/robustness/draw-unseen.ts COMMIT (40 hex digits)')
  process.exit(2)
}
const text = readFileSync(new URL('UNSEEN.md', import.meta.url), 'utf8')
const ways = text.split(/\n(?=\d+\. )/).slice(1)
const places = ways.map((way) => ({ way: firstWords(way), place: placeOf(way) }))
for (const { way } of places.sort((a, b) => (a.place < b.place ? -1 : 1)).slice(0, DRAWN)) {
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

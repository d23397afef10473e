import {
  type Delta,
  type Exported,
  type FormatName,
  readList,
  writeList,
} from '../../src/exchange/index.ts'
import type { Classification } from '../../src/register/index.ts'

/** Few bytes at a time, so that nothing relies on where a chunk ends. */
const CHUNK_BYTES = 61

export async function* bytesOf(text: string | Buffer): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    await Promise.resolve()
    yield bytes.subarray(at, at + CHUNK_BYTES)
  }
}

export async function linesOf(
  format: FormatName,
  text: string | Buffer,
): Promise<readonly Delta[]> {
  const deltas: Delta[] = []
  for await (const delta of readList(format, bytesOf(text))) deltas.push(delta)
  return deltas
}

/** What lines say, as it leaves again in the same format. */
export async function writtenAgain(
  format: FormatName,
  deltas: readonly Delta[],
  classes: Readonly<Record<string, Classification>> = {},
): Promise<string> {
  async function* entries() {
    for (const delta of deltas) {
      await Promise.resolve()
      yield exportedOf(delta, classes)
    }
  }
  const named = Object.fromEntries(Object.entries(classes).map(([theirs, ours]) => [ours, theirs]))
  const counts = { written: 0, leftOut: 0 }
  let text = ''
  for await (const piece of writeList(format, entries(), { classes: named }, counts)) text += piece
  if (counts.leftOut > 0) throw new Error(`${counts.leftOut} entries have no room in ${format}`)
  return text
}

function exportedOf(delta: Delta, classes: Readonly<Record<string, Classification>>): Exported {
  if (delta.change !== 'put') throw new Error(`line ${delta.line} is no entry`)
  const { key = 'x', kind = 'unknown', hashes, sourceClass = '', description = {} } = delta
  const classification = delta.classification ?? classes[sourceClass] ?? 'Baseline'
  return {
    key,
    kind,
    classification,
    status: 'verified',
    hashes,
    sourceReference: description.sourceReference ?? null,
    jurisdiction: description.jurisdiction ?? null,
    victimIdentified: description.victimIdentified ?? null,
    selfGenerated: description.selfGenerated ?? null,
    note: description.note ?? null,
    feedback: null,
  }
}

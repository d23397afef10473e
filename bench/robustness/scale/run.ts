import { readFileSync, writeFileSync } from 'node:fs'
import { deserialize, serialize } from 'node:v8'
import { configWith } from '../../../src/config.ts'
import { verifyItems } from '../../../src/match/index.ts'
import { candidatesOf, votedCandidates } from '../../../src/known/index.ts'
import type { IndexedItem } from '../../../src/register/index.ts'
import { syntheticItems } from '../synthetic-items.ts'
import type { Answered, Asked, SourceFigures, SourceTask } from './task.ts'

const BATCH = 64
/** Looked for before anything is measured, for the compiler. */
const WARM_UP = 20

const { features: settings, match: policy } = configWith({})
const [asked = '', answered = ''] = process.argv.slice(2)
const task = deserialize(readFileSync(asked)) as SourceTask
const source = votedCandidates()
const synthetic = syntheticItems(task.models, task.seed)
/** Evenly among the others, so that what comes first or last is no advantage. */
const places = new Map(
  task.references.map((known, reference) => [
    Math.floor(((reference + 0.5) * task.items) / task.references.length),
    { known, reference },
  ]),
)
const numberOf = new Map([...places].map(([number, { reference }]) => [reference, number]))

writeFileSync(answered, serialize(await figures()))
await source.close()

async function figures(): Promise<SourceFigures> {
  const before = residentBytes()
  const buildSeconds = await build()
  const grownBytes = residentBytes() - before
  for (const each of task.altered.slice(0, WARM_UP)) await answerTo(each)
  const altered = await inTurn(task.altered)
  const heavy = await inTurn(task.heavy)
  const unmatched = await inTurn(task.unmatched)
  return { items: task.items, buildSeconds, grownBytes, altered, heavy, unmatched }
}

/** The making of the items is not counted. */
async function build(): Promise<number> {
  let milliseconds = 0
  for (let first = 0; first < task.items; first += BATCH) {
    const count = Math.min(BATCH, task.items - first)
    const items = Array.from({ length: count }, (_, index) => itemOf(first + index))
    const began = performance.now()
    await source.add(items)
    milliseconds += performance.now() - began
  }
  return milliseconds / 1000
}

async function inTurn(all: readonly Asked[]): Promise<Answered[]> {
  const answers: Answered[] = []
  for (const each of all) answers.push(await answerTo(each))
  return answers
}

async function answerTo({ seen, fingerprint, reference }: Asked): Promise<Answered> {
  const searched = await spentBy(async () => {
    const limit = settings.candidatesMax
    return candidatesOf([await source.proposals(seen, limit)], limit)
  })
  const items = searched.value.map(({ itemId, variant }) => ({
    ...itemOf(Number(itemId)),
    vetoes: false,
    variant,
  }))
  const compared = await spentBy(() =>
    verifyItems({ seen: [seen], fingerprint, items, hits: [], policy }),
  )
  return {
    isProposed:
      reference !== undefined && items.some(({ id }) => id === String(numberOf.get(reference))),
    searchMs: searched.milliseconds,
    compareMs: compared.milliseconds,
    searchCpuMs: searched.cpuMilliseconds,
    compareCpuMs: compared.cpuMilliseconds,
  }
}

async function spentBy<T>(work: () => Promise<T>) {
  const cpuBefore = process.cpuUsage()
  const began = performance.now()
  const value = await work()
  const milliseconds = performance.now() - began
  const { user, system } = process.cpuUsage(cpuBefore)
  return { value, milliseconds, cpuMilliseconds: (user + system) / 1000 }
}

function itemOf(number: number): IndexedItem {
  const known = places.get(number)?.known ?? synthetic(number)
  const features = Buffer.from(known).toString('base64')
  const fingerprints = [{ kind: 'image', views: [], features }] as const
  return { id: String(number), revision: 1, isOwn: true, fingerprints }
}

function residentBytes(): number {
  globalThis.gc?.()
  return process.memoryUsage.rss()
}

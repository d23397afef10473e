import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { deserialize, serialize } from 'node:v8'
import { configWith } from '../../src/config.ts'
import { fingerprintMedia, sightMedia } from '../../src/fingerprint/index.ts'
import type { Bench } from '../bench.ts'
import { percentile } from '../measure.ts'
import { inLanes } from './lanes.ts'
import type { Photographs } from './photographs.ts'
import type { Answered, Asked, SourceFigures, SourceTask } from './scale/task.ts'
import { drawOf, GROUPS, heavy, transforms, type Way } from './transforms/index.ts'

/** How many of the ordinary ways to alter a reference are tried on each, all of them in turn; of the heavy ones all. */
const WAYS = 8
/** Fewer features are no picture to make others of. */
const FEATURES_MIN = 100
/** `both` is what a picture waits for beside its hashes. */
const TIMES: readonly (readonly [string, string, (answer: Answered) => number])[] = [
  ['search', 'ms', ({ searchMs }) => searchMs],
  ['both', 'ms', ({ searchMs, compareMs }) => searchMs + compareMs],
  ['search', 'CPU ms', ({ searchCpuMs }) => searchCpuMs],
  ['both', 'CPU ms', ({ searchCpuMs, compareCpuMs }) => searchCpuMs + compareCpuMs],
]
const MILLION = 1_000_000
const MIB = 1024 * 1024
const RUN = fileURLToPath(new URL('scale/run.ts', import.meta.url))
const { decode: limits } = configWith({})
const execute = promisify(execFile)

/** A copy is told by the numbers of its reference and of the way in which that is altered. */
interface Copy {
  readonly reference: number
  readonly way: number
}

/**
 * The source of candidates at a size that no folder of photographs has: the references among synthetic
 * items, looked for by altered copies, and by photographs that match nothing. In a process of its own, one
 * query after the other, so that search and comparison have one core.
 */
export async function benchScale(bench: Bench, photographs: Photographs, items: number) {
  const references = await inLanes(photographs.references, featuresOf)
  const distractors = await inLanes(photographs.distractors, featuresOf)
  const models = distractors.filter((known) => known.readUInt16LE(6) >= FEATURES_MIN)
  const inTurn = photographs.references.flatMap((_, reference) =>
    Array.from({ length: WAYS }, (_, turn) => {
      return { reference, way: (reference * WAYS + turn) % transforms.length }
    }),
  )
  const all = photographs.references.flatMap((_, reference) =>
    heavy.map((_, way) => ({ reference, way })),
  )
  const copyOf = (ways: readonly Way[]) => async (copy: Copy) => {
    const { reference, way } = copy
    const seed = Math.imul(bench.seed, 0x9e3779b1) ^ (way * 8191 + reference)
    const draw = drawOf(photographs.others, seed)
    const picture = present(photographs.references[reference])
    const altered = await present(ways[way]).transform(picture, draw)
    return { ...(await sightOf(altered)), reference }
  }
  const altered = await inLanes(inTurn, copyOf(transforms))
  const heavilyAltered = await inLanes(all, copyOf(heavy))
  const unmatched = await inLanes(photographs.others, async (picture): Promise<Asked> => {
    return { ...(await sightOf(picture)), reference: undefined }
  })
  const task = {
    items,
    seed: bench.seed,
    references,
    models,
    altered,
    heavy: heavilyAltered,
    unmatched,
  }
  bench.note(
    `${items} items, ${inTurn.length + all.length} copies, ${unmatched.length} that match nothing`,
  )
  report(bench, await figuresOf(task), {
    altered: inTurn.map(({ way }) => present(transforms[way]).group),
    heavy: all.map(({ way }) => present(heavy[way]).name),
  })
}

async function figuresOf(task: SourceTask): Promise<SourceFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'hindra-bench-'))
  try {
    const [asked, answered] = [join(folder, 'asked'), join(folder, 'answered')]
    await writeFile(asked, serialize(task))
    await execute(process.execPath, ['--import', 'tsx', '--expose-gc', RUN, asked, answered])
    return deserialize(await readFile(answered)) as SourceFigures
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function report(
  bench: Bench,
  { buildSeconds, grownBytes, items, altered, heavy: heavilyAltered, unmatched }: SourceFigures,
  groupsOf: Readonly<Record<'altered' | 'heavy', readonly string[]>>,
): void {
  const record = (metric: string, value: number, unit: string) => {
    bench.record({ case: 'scale', metric: `votes.${metric}`, value, unit })
  }
  const recall = (name: string, of: typeof altered) => {
    if (of.length === 0) return
    const found = of.filter(({ isProposed }) => isProposed).length
    record(name, (100 * found) / of.length, `% of ${of.length} copies`)
  }
  recall('proposed', altered)
  for (const group of GROUPS) {
    recall(
      `proposed: ${group}`,
      altered.filter((_, index) => groupsOf.altered[index] === group),
    )
  }
  recall('proposed, heavy', heavilyAltered)
  for (const { name } of heavy) {
    recall(
      `proposed, heavy: ${name}`,
      heavilyAltered.filter((_, index) => groupsOf.heavy[index] === name),
    )
  }
  for (const [name, answers] of Object.entries({ altered, unmatched })) {
    for (const percent of [50, 99]) {
      for (const [metric, unit, value] of TIMES) {
        record(`${name}.${metric}.p${percent}`, percentile(answers.map(value), percent), unit)
      }
    }
  }
  record('build', buildSeconds, 's')
  record('memory', grownBytes / items, 'bytes/item')
  record('memory.million', ((grownBytes / items) * MILLION) / MIB, 'MiB, extrapolated')
}

async function featuresOf(picture: Buffer): Promise<Buffer> {
  const set = await fingerprintMedia(Uint8Array.from(picture), limits, { features: true })
  return Buffer.from(present(set.features), 'base64')
}

async function sightOf(picture: Buffer) {
  const bytes = Uint8Array.from(picture)
  const { seen, fingerprint } = await sightMedia(bytes, limits, 'default')
  return { seen: present(seen?.[0]?.features), fingerprint }
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a reference, a way or the native core is missing')
  return value
}

import { SeededRandom } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { readModelFiles } from '../model/index.ts'
import { type TrialLook, type ModelReport, reportOf } from './report.ts'
import { WAYS } from './ways.ts'
import { openWorld } from './world.ts'

export interface TrialInput {
  /** Directory of the model. */
  readonly directory: string
  readonly backend: 'auto' | 'wasm'
  /** Files of harmless pictures, no two of one thing. */
  readonly files: readonly string[]
  /** Reads one of them. */
  readonly read: (file: string) => Promise<Buffer>
  /** Pictures that are registered, altered and looked for; the others are not known. */
  readonly references: number
  readonly seed: number
  readonly profile: 'default' | 'exhaustive'
}

/** A trial that is about to begin. */
export interface Trial {
  /** Pictures that are registered or scanned. */
  readonly steps: number
  /** Throws MODEL_INVALID, MODEL_RUNTIME_MISSING, and what a file that is no picture throws. */
  run(step: () => void): Promise<ModelReport>
}

/** How many are scanned unaltered at most: more would tell little, and take long. */
const UNKNOWN_MAX = 200
const OTHERS_MIN = 2

/**
 * Measures what a model adds beside hashes and local features: copies of some pictures, altered in each of
 * `WAYS`, and pictures that are not known, by a Hindra of its own. Throws INVALID_INPUT, MODEL_INVALID,
 * MODEL_RUNTIME_MISSING.
 */
export async function prepareTrial(input: TrialInput): Promise<Trial> {
  const { directory, backend, profile, references, seed, read } = input
  const files = shuffled(input.files, seed)
  if (files.length < references + OTHERS_MIN) {
    throw new HindraError(
      'INVALID_INPUT',
      `${files.length} pictures are too few for ${references} references and ${OTHERS_MIN} others`,
    )
  }
  const { facts } = await readModelFiles(directory)
  const known = files.slice(0, references)
  const unknown = files.slice(references, references + UNKNOWN_MAX)
  const ways = Object.entries(WAYS)

  async function run(step: () => void): Promise<ModelReport> {
    const settings = {
      'model.path': directory,
      'model.backend': backend,
      'features.profile': profile,
    }
    const world = await openWorld(facts, { ...settings, 'pool.threads': 1 })
    try {
      const items: Awaited<ReturnType<typeof world.know>>[] = []
      for (const file of known) {
        items.push(await world.know(await read(file)))
        step()
      }
      const looks: TrialLook[] = []
      const look = async (picture: Buffer, way: string | null, own?: (typeof items)[number]) => {
        const { matches, vector } = await world.scan(picture)
        const distance = (item: (typeof items)[number]) => distanceOf(vector, item.vector)
        looks.push({
          way,
          isFound: matches.some(
            (match) => match.itemId === own?.itemId && match.method !== 'learned',
          ),
          ownDistance: own === undefined ? Infinity : distance(own),
          wrongDistances: items.filter((item) => item !== own).map(distance),
        })
        step()
      }
      for (const [index, file] of known.entries()) {
        const picture = await read(file)
        const other = await read(unknown[index % unknown.length] ?? file)
        for (const [way, alter] of ways) await look(await alter(picture, other), way, items[index])
      }
      for (const file of unknown) await look(await read(file), null)
      return reportOf(facts, known.length, looks)
    } finally {
      await world.close()
    }
  }

  return { steps: known.length * (1 + ways.length) + unknown.length, run }
}

/** Euclidean; infinite where the model made nothing of one of them. */
function distanceOf(a: Float32Array | undefined, b: Float32Array | undefined): number {
  if (a === undefined || b === undefined) return Infinity
  return Math.hypot(...a.map((value, index) => value - (b[index] ?? 0)))
}

function shuffled(files: readonly string[], seed: number): readonly string[] {
  const random = new SeededRandom(seed)
  return files
    .map((file) => ({ file, place: random.integer(0, 2 ** 30) }))
    .sort((a, b) => a.place - b.place)
    .map(({ file }) => file)
}

import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { SeededRandom } from '../../src/core/index.ts'

/** Other photographs stand beside and behind the altered ones: the share of the folder kept for that. */
const OTHERS_SHARE = 0.25

/** The same photograph as another one of ../shared/data/photos, with other colours: no false match. */
const TWICE = ['12916441224_2ed63596f8_n.jpg', '13734221225_0e04edc6b6.jpg']

export interface Photographs {
  /** Registered, altered and looked for. */
  readonly references: readonly Buffer[]
  /** Registered and not altered: what must not be found. */
  readonly distractors: readonly Buffer[]
  /** Never registered. */
  readonly others: readonly Buffer[]
}

/** Names of all photographs under the folder. */
export function photographNames(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(jpe?g|png|webp|avif)$/i.test(name) && !TWICE.includes(basename(name)))
    .sort()
}

/** These photographs, shuffled by the seed. */
export function readPhotographs(
  folder: string,
  all: readonly string[],
  counts: { readonly references: number; readonly distractors: number },
  seed: number,
): Photographs {
  const names = shuffled(all, new SeededRandom(seed))
  const others = Math.max(2, Math.floor(names.length * OTHERS_SHARE))
  if (names.length - others < counts.references || counts.references < 1) {
    throw new Error(`${folder} has too few pictures for ${counts.references} references`)
  }
  const read = (from: number, to: number) =>
    names.slice(from, to).map((name) => readFileSync(join(folder, name)))
  const { references, distractors } = counts
  return {
    others: read(0, others),
    references: read(others, others + references),
    distractors: read(others + references, others + references + distractors),
  }
}

export function shuffled<T>(all: readonly T[], random: SeededRandom): T[] {
  const left = [...all]
  return all.flatMap(() => left.splice(random.integer(0, left.length - 1), 1))
}

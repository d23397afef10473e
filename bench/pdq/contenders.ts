import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { HASH256_BYTES } from '../../src/core/index.ts'
import type { Raster } from '../../src/decode/index.ts'
import { type Dihedral, type Hasher, portableHasher } from '../../src/fingerprint/index.ts'
import type { Answer, Question } from './kernel-process.ts'
import type { SizeName } from './pictures.ts'
import { said, type Task, timed } from './tasks.ts'

export interface Contender {
  readonly name: string
  /** Milliseconds a picture, in one batch. */
  readonly time: (task: Task) => number | Promise<number>
  /** What it says of each picture. */
  readonly say: (task: Task) => readonly string[] | Promise<readonly string[]>
  readonly close: () => void
}

interface Reference {
  readonly flags: string
  hash(data: Uint8Array, width: number, height: number, dihedrals: 1 | 8): Uint8Array
}

const ORDER: readonly Dihedral[] = [
  'whole',
  'rot90',
  'rot180',
  'rot270',
  'flipx',
  'flipy',
  'flipp',
  'flipm',
]

/** The scalar C++ port of the reference; undefined where it was not built. */
export function openReference(
  rasters: readonly Raster[],
): (Contender & { flags: string }) | undefined {
  const file = new URL('../peers/pdq/build/Release/reference.node', import.meta.url)
  let addon: Reference
  try {
    addon = createRequire(import.meta.url)(fileURLToPath(file)) as Reference
  } catch {
    return undefined
  }
  const hasher: Hasher = {
    ...portableHasher,
    pdqHash({ data, width, height }) {
      const record = addon.hash(data, width, height, 1)
      return { pdq: record.subarray(0, HASH256_BYTES), quality: record.at(-1) ?? 0 }
    },
    pdqDihedral({ data, width, height }) {
      const record = addon.hash(data, width, height, 8)
      const hashes = {} as Record<Dihedral, Uint8Array>
      for (const [index, view] of ORDER.entries()) {
        hashes[view] = record.subarray(index * HASH256_BYTES, (index + 1) * HASH256_BYTES)
      }
      return { hashes, quality: record.at(-1) ?? 0 }
    },
  }
  return { ...inThisProcess('C++ port', hasher, rasters), flags: addon.flags }
}

export function inThisProcess(name: string, hasher: Hasher, rasters: readonly Raster[]): Contender {
  return {
    name,
    time: (task) => timed(hasher, task, rasters),
    say: (task) => rasters.map((raster) => said(hasher, task, raster)),
    close() {
      // Nothing is held.
    },
  }
}

/** A kernel set in a process of its own, for one is chosen at load; undefined if not to be had. */
export async function openKernel(
  kernel: string,
  size: SizeName,
  seed: number,
): Promise<Contender | undefined> {
  const file = fileURLToPath(new URL('kernel-process.ts', import.meta.url))
  const child = fork(file, [size, String(seed)], {
    env: { ...process.env, HINDRA_KERNEL: kernel },
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'inherit', 'ignore', 'ipc'],
  })
  const ended = once(child, 'exit').then(() => undefined)
  const ready = await Promise.race([once(child, 'message'), ended])
  if (ready === undefined) return undefined
  return {
    name: kernel,
    time: async (task) => Number(await ask(child, { task, what: 'time' })),
    say: async (task) => (await ask(child, { task, what: 'say' })) as readonly string[],
    close() {
      child.disconnect()
    },
  }
}

async function ask(child: ChildProcess, question: Question): Promise<Answer> {
  const answer = once(child, 'message')
  child.send(question)
  const [value] = (await answer) as [Answer]
  return value
}

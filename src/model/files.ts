import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { z } from 'zod'
import { defined } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { CARD_FILE, type Card, cardSchema, type Topology, topologySchema } from './card.ts'
import type { ModelFacts } from './model.ts'

const MIB = 1024 * 1024
const FILE_BYTES_MAX = 512 * MIB
const DIGEST_CHARS = 16
const BYTES_OF = { float32: 4, int32: 4, bool: 1, uint8: 1, uint16: 2, float16: 2 } as const

/** A model as it lies on the disk, checked. */
export interface ModelFiles {
  readonly facts: ModelFacts
  readonly card: Card
  readonly topology: Topology
  /** The bytes of all files of weights, in the order of the manifest. */
  readonly weights: ArrayBuffer
}

type WeightSpec = Topology['weightsManifest'][number]['weights'][number]

/**
 * Reads and checks all files of a model; nothing of it is run. Throws MODEL_INVALID, which names
 * file and field.
 */
export async function readModelFiles(directory: string): Promise<ModelFiles> {
  const card = parsed(cardSchema, await readBytes(directory, CARD_FILE), CARD_FILE)
  const described = await readBytes(directory, card.model)
  const topology = parsed(topologySchema, described, card.model)
  const hash = createHash('sha256')
  // What decides a vector, and not from where on it counts.
  hash.update(JSON.stringify([card.input, card.output, described.length]))
  hash.update(described)
  const parts: Buffer[] = []
  for (const { paths, weights } of topology.weightsManifest) {
    const group: Buffer[] = []
    for (const path of paths) group.push(await readBytes(directory, path))
    const bytes = Buffer.concat(group)
    checkWeights(bytes, weights, paths.join(', '))
    hash.update(bytes)
    parts.push(bytes)
  }
  const id = `${card.name}@${card.version}#${hash.digest('hex').slice(0, DIGEST_CHARS)}`
  const { dimensions } = card.output
  const facts = { id, dimensions, reviewDistance: card.reviewDistance }
  return { facts, card, topology, weights: Uint8Array.from(Buffer.concat(parts)).buffer }
}

async function readBytes(directory: string, name: string): Promise<Buffer> {
  const path = join(directory, name)
  try {
    const { size } = await stat(path)
    if (size > FILE_BYTES_MAX) {
      throw invalid(`${path} is larger than ${FILE_BYTES_MAX / MIB} MiB`)
    }
    return await readFile(path)
  } catch (cause) {
    if (cause instanceof HindraError) throw cause
    throw invalid(`${path} cannot be read`, { cause })
  }
}

function parsed<Schema extends z.ZodType>(schema: Schema, bytes: Buffer, file: string) {
  let json: unknown
  try {
    json = JSON.parse(bytes.toString())
  } catch (cause) {
    throw invalid(`${file} is no JSON`, { cause })
  }
  const result = schema.safeParse(json)
  if (result.success) return result.data
  const problems = result.error.issues.map(
    ({ path, message }) => `${path.join('.') || 'the whole'}: ${message}`,
  )
  const field = result.error.issues[0]?.path.join('.')
  throw invalid(`${file}: ${problems.join('; ')}`, defined({ field }))
}

/** Throws unless there are as many bytes as the manifest says, and each number is one. */
function checkWeights(bytes: Buffer, specs: readonly WeightSpec[], file: string): void {
  let at = 0
  for (const spec of specs) {
    const count = spec.shape.reduce((product, side) => product * side, 1)
    const end = at + count * BYTES_OF[spec.quantization?.dtype ?? spec.dtype]
    if (end > bytes.length) break
    const isPlain = spec.dtype === 'float32' && spec.quantization === undefined
    for (; isPlain && at < end; at += 4) {
      if (!Number.isFinite(bytes.readFloatLE(at))) {
        throw invalid(`${file}: the weights ${spec.name} hold what is no finite number`)
      }
    }
    at = end
    if (spec === specs.at(-1) && at === bytes.length) return
  }
  throw invalid(`${file}: ${bytes.length} bytes are not what the manifest says of the weights`)
}

export function invalid(
  message: string,
  place: { readonly field?: string; readonly cause?: unknown } = {},
): HindraError {
  return new HindraError('MODEL_INVALID', message, place)
}

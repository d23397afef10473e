import { join } from 'node:path'
import type { Audit } from '../audit/index.ts'
import type { Config } from '../config.ts'
import { indexSource } from '../index/index.ts'
import type { Register } from '../register/index.ts'
import type { Context } from '../store/index.ts'
import { type Corpus, openCorpus } from './corpus.ts'
import { createGates, type Gates } from './gates.ts'
import { type KnownSet, type KnownSetOptions, openKnownSet } from './known-set.ts'
import { isEmpty, isWhole, rangeOf } from './place-range.ts'
import { openShards } from './shards/shards.ts'
import { type Neighbours, openNeighbourhood } from './neighbours.ts'

/** All that hashes are compared with: known items, their neighbours, ordinary pictures. */
export interface Knowledge {
  readonly known: KnownSet
  readonly corpus: Corpus
  readonly neighbours: Neighbours
  readonly gates: Gates
}

/** Opens it as the settings say. Throws as `openKnownSet`. */
export async function openKnowledge(
  context: Context,
  audit: Audit,
  register: Register,
  options: Pick<KnownSetOptions, 'model' | 'warn'> & {
    readonly config: Config
    /** The neighbours of a simulation. */
    readonly neighbours: Neighbours | undefined
  },
): Promise<Knowledge> {
  const { config } = options
  const { reviewRadius: radius, cellsMin } = config.match
  const indexes = indexSource(config.index.kind)
  const corpus = await openCorpus(context, audit, indexes)
  const { shard, listen } = config.matcher
  const range = rangeOf(shard)
  // Processes of other parts may share the directory.
  const name = isWhole(range) ? 'known.sealed' : `known-${shard.replace('/', '-of-')}.sealed`
  const own = await openKnownSet(context, register, {
    ...options,
    indexes,
    range,
    candidates: config.features.store === true,
    ...(isEmpty(range) ? {} : { snapshot: { ...config.index, file: join(config.data, name) } }),
  })
  const isAlone = isWhole(range) && listen === undefined
  const known = isAlone ? own : await openShards(context, register, own, config.matcher)
  const neighbours = options.neighbours ?? openNeighbourhood(context, register)
  const { store } = context
  const settings = config.register
  const gates = createGates({ store, register, known, corpus, settings, radius, cellsMin })
  return { known, corpus, neighbours, gates }
}

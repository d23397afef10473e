import type { Config } from '../config.ts'
import { HindraError } from '../errors.ts'
import { type ModelFacts, readModelFiles } from '../model/index.ts'
import { createPool } from './pool.ts'
import type { PoolModel } from './task.ts'

/** 16 pixels a side: what the pool is given so that the model runs once. */
const PICTURE =
  'iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAIAAACQkWg2AAAACXBIWXMAAAPoAAAD6AG1e1JrAAAAFElEQVQoz2NoIBEwjGoY1TB8NQAAJYSAEESZTEwAAAAASUVORK5CYII='

/** A model that has been seen to run. */
export interface KnownModel {
  readonly facts: ModelFacts
  /** What the pool's workers load. */
  readonly source: PoolModel
}

/**
 * The model of the settings, checked, and run once in a worker thread: what it does there never reaches
 * the server. Undefined where none is set. Throws INVALID_CONFIG, MODEL_INVALID,
 * MODEL_RUNTIME_MISSING, WORKER_DIED.
 */
export async function openModel(config: Config): Promise<KnownModel | undefined> {
  const { path, backend } = config.model
  if (path === undefined) return undefined
  if (config.features.store !== true) {
    throw new HindraError(
      'INVALID_CONFIG',
      'model.path: needs features.store: true, for its vectors are kept with the features',
      { field: 'model.path' },
    )
  }
  const { facts } = await readModelFiles(path)
  const source = { directory: path, backend, id: facts.id }
  const pool = createPool({
    settings: { ...config.pool, threads: 1 },
    limits: config.decode,
    model: source,
  })
  try {
    await pool.fingerprint(Buffer.from(PICTURE, 'base64'), { features: true })
  } finally {
    await pool.close()
  }
  return { facts, source }
}

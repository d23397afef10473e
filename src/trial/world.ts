import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { OPERATOR, type Principal, type Role } from '../access/index.ts'
import { type Config, configWith } from '../config.ts'
import { systemRandom } from '../core/index.ts'
import { createEngine } from '../engine.ts'
import { vectorOf } from '../fingerprint/index.ts'
import type { Match } from '../match/index.ts'
import type { ModelFacts } from '../model/index.ts'
import { createPool, type Pool } from '../pool/index.ts'

const KEY_BYTES = 32

/** A Hindra with a model, in a directory of its own that goes with it. One call at a time. */
export interface World {
  /** Registers and verifies a picture: its id, and its vector where the model makes one. */
  know(picture: Uint8Array): Promise<Described & { readonly itemId: string }>
  /** All that matches, the strongest first. */
  scan(picture: Uint8Array): Promise<Described & { readonly matches: readonly Match[] }>
  close(): Promise<void>
}

interface Described {
  readonly vector: Float32Array | undefined
}

/** Throws MODEL_INVALID, MODEL_RUNTIME_MISSING. */
export async function openWorld(
  { id }: ModelFacts,
  settings: Readonly<Record<string, unknown>>,
): Promise<World> {
  const directory = await mkdtemp(join(tmpdir(), 'hindra-model-check-'))
  try {
    const config = configWith({ ...settings, data: directory, 'features.store': true })
    const noted = notingPool(config, id)
    const engine = await createEngine({
      config,
      pool: noted.pool,
      dataKey: systemRandom.bytes(KEY_BYTES),
    })
    const person = async (role: Role): Promise<Principal> => {
      const described = { name: role, pseudonym: role, kind: 'person' as const, roles: [role] }
      const { people, keys } = engine.as(OPERATOR)
      const { id: personId } = await people.add(described)
      return engine.authenticate((await keys.create({ personId, label: 'check' })).secret)
    }
    const analyst = await person('analyst')
    const verifier = await person('verifier')
    return {
      async know(picture) {
        const item = await engine.stages.curation.propose(analyst, {
          media: picture,
          classification: 'Baseline',
        })
        await engine.as(verifier).items.verify({ id: item.id, acknowledgeFindings: true })
        return { itemId: item.id, vector: noted.take() }
      },
      async scan(picture) {
        const { matches } = await engine.as(analyst).sightings.scan({
          url: 'https://file.invalid/',
          media: picture,
        })
        return { matches, vector: noted.take() }
      },
      async close() {
        await engine.shutdown()
        await rm(directory, { recursive: true, force: true })
      },
    }
  } catch (error) {
    await rm(directory, { recursive: true, force: true })
    throw error
  }
}

/** A pool, and the vector of the last picture that it described. */
function notingPool(config: Config, id: string) {
  const { path: directory = '', backend } = config.model
  const limits = config.decode
  const pool = createPool({ settings: config.pool, limits, model: { directory, backend, id } })
  let last: Float32Array | undefined
  const noting: Pool = {
    get queued() {
      return pool.queued
    },
    async fingerprint(bytes, options) {
      const fingerprint = await pool.fingerprint(bytes, options)
      if (fingerprint.learned !== undefined) last = vectorOf(fingerprint.learned)
      return fingerprint
    },
    scan: (bytes, options) => pool.scan(bytes, options),
    async sight(bytes, profile, options) {
      const sight = await pool.sight(bytes, profile, options)
      if (sight.learned !== undefined) last = vectorOf(sight.learned)
      return sight
    },
    moments: (bytes, spans, options) => pool.moments(bytes, spans, options),
    still: (bytes, size, options) => pool.still(bytes, size, options),
    close: () => pool.close(),
  }
  return {
    pool: noting,
    take() {
      const taken = last
      last = undefined
      return taken
    },
  }
}

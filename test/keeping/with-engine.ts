import { configWith } from '../../src/config.ts'
import type { Clock } from '../../src/core/index.ts'
import { createEngine, type Engine } from '../../src/engine.ts'

/** What seals the data of tests of retention. */
export const DATA_KEY = Buffer.alloc(32, 4)

/** Works with an engine on data that stays: each time it is opened anew, and closed before anybody looks at files. */
export async function withEngine<T>(
  clock: Clock,
  settings: Readonly<Record<string, unknown>> & { readonly data: string },
  work: (engine: Engine) => Promise<T>,
): Promise<T> {
  const config = configWith({ 'pool.threads': 1, ...settings })
  const resolver = { resolve: () => Promise.resolve(['192.0.2.7']) }
  const engine = await createEngine({ config, dataKey: DATA_KEY, clock, resolver })
  try {
    return await work(engine)
  } finally {
    await engine.shutdown()
  }
}

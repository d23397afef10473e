import fc from 'fast-check'

/**
 * Property tests draw from one seed, so that a run can be repeated and a change is judged by what
 * it changed. `HINDRA_SEED=N npm test` explores another one.
 */
const DEFAULT_SEED = 20261124

fc.configureGlobal({ seed: Number(process.env['HINDRA_SEED'] ?? DEFAULT_SEED) })

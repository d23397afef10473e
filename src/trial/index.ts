/** What a learned model adds, measured on altered copies of pictures that somebody has. */
export type { ModelReport } from './report.ts'
export { prepareTrial } from './trial.ts'

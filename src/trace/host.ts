import type { CaseHost } from '../cases/index.ts'
import type { Config } from '../config.ts'

/** One look-up and its answer, kept so that a notice can be defended. */
export type TraceEvidence = CaseHost['evidence'][number]

/** Who can remove it, and how that was found. */
export type Host = CaseHost

/** A row of a table of providers: what it runs, and how it is told. */
export type Provider = Config['trace']['providers'][number]

import { type DestinationStream, destination, type Logger, pino } from 'pino'
import type { Config } from '../config.ts'
import { stackFrames } from './problem.ts'
import { REDACTED, REDACTED_FIELDS, redacted } from './redaction.ts'

/** Structured lines. They hold ids, codes and counts: never a body, URL, query, hash or key. */
export type Log = Logger

/**
 * Writes JSON lines, to standard error by default, so that standard output stays for answers.
 * Whoever writes one leaves out what must not be there; should one forget, it is taken out here.
 */
export function createLog(
  level: Config['log']['level'],
  sink: DestinationStream = destination({ dest: 2, sync: true }),
): Log {
  return pino(
    {
      level,
      base: null,
      redact: { paths: REDACTED_FIELDS, censor: REDACTED },
      // A message may quote anything.
      serializers: { err: (error: Error) => ({ kind: error.name, at: stackFrames(error) }) },
      hooks: { streamWrite: redacted },
    },
    sink,
  )
}

import { type Logger, destination, pino } from 'pino'
import type { Config } from '../config.ts'

/** Structured lines. They hold ids, codes and counts: never a body, URL, query, hash or key. */
export type Log = Logger

/** Writes JSON lines to standard error, so that standard output stays for answers. */
export function createLog(level: Config['log']['level']): Log {
  return pino({ level, base: null }, destination({ dest: 2, sync: true }))
}

import type { Config } from './schema.ts'

/** What belongs to one machine, or protects it. What stands in files is compared by what they say, not by where they are. */
const OF_A_MACHINE: ReadonlySet<string> = new Set<keyof Config>([
  'data',
  'dataKey',
  'store',
  'server',
  'limits',
  'log',
  'decode',
  'pool',
  'index',
  'matcher',
  'backup',
  'policy',
])

/** The settings that the servers of one house must have alike. */
export function alikeSettings(config: Config): readonly (readonly [string, unknown])[] {
  return Object.entries(config).filter(([section]) => !OF_A_MACHINE.has(section))
}

import type { LoadedConfig } from '../../config.ts'
import type { Check } from './check.ts'
import { installationChecks } from './installation.ts'
import { machineChecks } from './machine.ts'
import { runtimeChecks } from './runtime.ts'

export { clusterChecks } from './installation.ts'

export function allChecks(loaded: LoadedConfig, env: NodeJS.ProcessEnv): readonly Check[] {
  const { config } = loaded
  return [
    ...runtimeChecks(config),
    ...machineChecks(config, env),
    ...installationChecks(loaded, env),
  ]
}

import { z } from 'zod'
import { providerRow } from '../config.ts'
import { type PolicyFiles, readPolicyFile } from '../policy/index.ts'
import type { Provider } from './host.ts'

const file = z.strictObject({
  version: z.literal(1),
  asOf: z.string().min(4),
  providers: z.array(providerRow),
})

/** Known proxies and platforms. Throws INVALID_CONFIG with every problem at once. */
export function knownProviders(files: PolicyFiles): readonly Provider[] {
  return readPolicyFile(files, 'providers.yaml', file).providers
}

import { z } from 'zod'
import { providerRow } from '../config.ts'
import type { PolicyFiles } from '../policy/index.ts'
import { HindraError } from '../errors.ts'
import type { Provider } from './host.ts'

const file = z.strictObject({
  version: z.literal(1),
  asOf: z.string().min(4),
  providers: z.array(providerRow),
})

/** Known proxies and platforms. Throws INVALID_CONFIG with every problem at once. */
export function knownProviders(files: PolicyFiles): readonly Provider[] {
  const { path, content } = files.read('providers.yaml')
  const parsed = file.safeParse(content)
  if (parsed.success) return parsed.data.providers
  const problems = parsed.error.issues.map(
    (issue) => `${issue.path.map(String).join('.') || 'the file'}: ${issue.message}`,
  )
  throw new HindraError('INVALID_CONFIG', `${path}: ${problems.join('; ')}`)
}

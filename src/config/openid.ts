import { z } from 'zod'
import { secret } from './fields.ts'

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']

const methods = () => z.array(z.string().min(1).max(200)).max(20).default([])

/** Signing in by a provider of OpenID Connect. Off unless `issuer` is set. */
export const openidSettings = {
  issuer: z
    .url({ protocol: /^https?$/, error: 'is no http or https URL' })
    .refine((url) => {
      const { protocol, hostname } = new URL(url)
      return protocol === 'https:' || LOOPBACK.includes(hostname)
    }, 'takes https, but for a provider on the same machine')
    .optional()
    .describe('The provider, as it names itself; people may then sign in by it, too'),
  clientId: z.string().min(1).optional().describe('What the provider calls Hindra'),
  clientSecret: secret().optional(),
  clientSecretFile: z.string().optional().describe('A file that holds the secret, instead'),
  acr: methods().describe('Classes (`acr`) by which the provider says that two factors were shown'),
  amr: methods().describe(
    'Or methods (`amr`), of which one tells of a second factor: `mfa`, `hwk`',
  ),
  label: z.string().trim().min(1).max(60).optional().describe('Its name on the page to sign in'),
  answerSeconds: z.number().min(1).max(60).default(10).describe('How long it is waited for'),
}

import aws4 from 'aws4'
import type { Config } from '../../config.ts'
import { type Clock, defined, isoTime } from '../../core/index.ts'
import { HindraError } from '../../errors.ts'
import { AWS_TERMS } from './aws-terms.ts'

/** What is signed and where it goes, for one account at AWS. */
export interface AwsSigner {
  /** The address and the headers of a call, signed for this moment (Signature Version 4, service `abuse`). */
  signed(
    method: 'GET' | 'POST',
    path: string,
    body?: string,
  ): { readonly url: string; readonly headers: Readonly<Record<string, string>> }
}

/** Undefined without a region. Throws INVALID_CONFIG where there is no key for it. */
export function createAwsSigner(
  { clock }: { readonly clock: Clock },
  settings: Config['aws'],
): AwsSigner | undefined {
  const { region, accessKeyId, secretAccessKey, sessionToken } = settings
  if (region === undefined) return undefined
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    const needed = 'aws.accessKeyId and aws.secretAccessKey'
    throw new HindraError('INVALID_CONFIG', `aws.region needs ${needed}`)
  }
  const credentials = { accessKeyId, secretAccessKey, ...defined({ sessionToken }) }
  const { origin, host } = new URL(settings.endpoint ?? AWS_TERMS.endpoint(region))

  return {
    signed(method, path, body) {
      // The date is given, for the library would take that of the machine.
      const at = isoTime(clock.now()).replace(/[-:]|\.\d{3}/g, '')
      const about =
        body === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
      const request = { method, host, path, service: AWS_TERMS.service, region }
      const headers = { host, 'x-amz-date': at, ...about }
      const given = { ...request, headers, ...defined({ body }) }
      const { headers: signed = {} } = aws4.sign(given, credentials)
      const texts = Object.entries(signed).map(([name, value]) => [name, String(value)] as const)
      return { url: `${origin}${path}`, headers: Object.fromEntries(texts) }
    },
  }
}

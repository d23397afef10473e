import type { Config } from '../../config.ts'
import type { Clock } from '../../core/index.ts'
import type { Post } from '../../post/index.ts'
import type { CarriersByKind } from '../carriers.ts'
import { cloudflareCarrier } from './cloudflare-carrier.ts'
import { webhookCarrier } from './webhook-carrier.ts'

export interface PostOptions {
  readonly post: Post
  readonly cloudflare: Config['cloudflare']
}

/** What leaves over HTTP, as far as the settings have the secrets for it. Throws INVALID_CONFIG. */
export function postCarriers(
  context: { readonly clock: Clock },
  options: PostOptions & {
    readonly settings: Config['takedown']
    readonly reporter: {
      readonly organisation: string
      readonly from: string
    }
  },
): Pick<CarriersByKind, 'webhook' | 'http-api'> {
  const { post, cloudflare, settings, reporter } = options
  return {
    webhook: webhookCarrier(context, settings.webhookSecrets, post),
    'http-api': cloudflareCarrier(cloudflare, reporter, post),
  }
}

import type { Config } from '../../config.ts'
import { type Clock, defined } from '../../core/index.ts'
import { awsCarrier } from '../aws/aws-carrier.ts'
import type { AwsSigner } from '../aws/aws-signer.ts'
import type { Ask, Post } from '../../post/index.ts'
import type { Denials } from '../../trace/index.ts'
import type { CarriersByKind } from '../carriers.ts'
import { cloudflareCarrier } from './cloudflare-carrier.ts'
import { webhookCarrier } from './webhook-carrier.ts'

export interface PostOptions {
  readonly post: Post
  readonly cloudflare: Config['cloudflare']
  /** Absent: AWS is not reported to by its API. */
  readonly aws?: {
    readonly settings: Config['aws']
    readonly ask: Ask
    /** Who has said that a host is none of theirs. */
    readonly denials: Pick<Denials, 'add'>
  }
}

/** What leaves over HTTP, as far as the settings have the secrets for it. Throws INVALID_CONFIG. */
export function postCarriers(
  context: { readonly clock: Clock },
  options: PostOptions & {
    readonly settings: Config['takedown']
    readonly awsSigner: AwsSigner | undefined
    readonly reporter: {
      readonly organisation: string
      readonly from: string
    }
  },
): Pick<CarriersByKind, 'webhook' | 'http-api'> {
  const { post, cloudflare, aws, awsSigner, settings, reporter } = options
  const isTest = aws?.settings.test ?? false
  return {
    webhook: webhookCarrier(context, settings.webhookSecrets, post),
    'http-api': defined({
      'cloudflare-abuse': cloudflareCarrier(cloudflare, reporter, post),
      'aws-abuse-signal':
        awsSigner && awsCarrier(awsSigner, { post, isTest, replyTo: reporter.from }),
    }),
  }
}

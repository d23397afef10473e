import type { Channel } from '../../channels/index.ts'
import type { Clock } from '../../core/index.ts'
import { type Post, sign } from '../../post/index.ts'
import type { Carrier } from '../carriers.ts'
import { DeliveryError } from '../delivery-error.ts'
import { postLetter } from './post-letter.ts'

/**
 * Notices as signed POSTs (Standard Webhooks 1.0.0) to providers that want them so and have a secret in
 * the settings; without one, a person tells them: an unsigned notice can be forged by anybody. The
 * envelope's id is `webhook-id`, the same at every attempt.
 */
export function webhookCarrier(
  { clock }: { readonly clock: Clock },
  /** URL to `whsec_...` */
  secrets: Readonly<Record<string, string>>,
  post: Post,
): Carrier<Extract<Channel, { kind: 'webhook' }>> {
  const secretOf = new Map(
    Object.entries(secrets).map(([url, secret]) => [new URL(url).href, secret]),
  )

  return {
    carries: ({ url }) => secretOf.has(new URL(url).href),

    hasWords: false,

    compose(part, { kind, url }) {
      const { envelopeId, step, composedAt } = part
      const body = { type: `takedown.${step}`, timestamp: composedAt, data: part }
      return Promise.resolve({
        envelopeId,
        messageId: envelopeId,
        channel: kind,
        from: '',
        to: new URL(url).href,
        raw: Buffer.from(JSON.stringify(body)),
      })
    },

    async send({ envelopeId, to, raw }) {
      const secret = secretOf.get(to)
      if (secret === undefined) {
        const why = 'its secret is not in takedown.webhookSecrets any more'
        throw new DeliveryError('unavailable', why, { code: 'POST_FAILED' })
      }
      const body = Buffer.from(raw).toString('utf8')
      return postLetter(post, to, sign(envelopeId, clock.now(), body, [secret]), body)
    },
  }
}

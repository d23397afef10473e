import { z } from 'zod'
import type { Channel } from '../../channels/index.ts'
import type { Config } from '../../config.ts'
import { HindraError } from '../../errors.ts'
import type { Post } from '../../post/index.ts'
import type { Carrier } from '../carriers.ts'
import { isAfterword } from '../notice.ts'
import { DeliveryError } from '../delivery-error.ts'
import { cloudflareReport } from './cloudflare-report.ts'
import { asJson, faultOfStatus, postLetter } from './post-letter.ts'

const API = 'cloudflare-abuse'
/** The statuses for a token that is wrong, or may not report. */
const NO_ACCESS = [401, 403]

/** The two shapes in which the API has answered: its own of abuse reports, and that of all its calls. */
const answer = z.object({
  success: z.boolean().optional(),
  result: z.unknown(),
  errors: z.array(z.object({ message: z.string() })).optional(),
})

/**
 * `POST /accounts/{account}/abuse-reports/abuse_children` of Cloudflare's API
 * (https://developers.cloudflare.com/api/resources/abuse_reports). Undefined without an account.
 * Harmful content that is no crime is none of its types, and it has none for taking a report back: both
 * are told by hand. Throws INVALID_CONFIG where only one of account and token is set.
 */
export function cloudflareCarrier(
  settings: Config['cloudflare'],
  reporter: { readonly organisation: string; readonly from: string },
  post: Post,
): Carrier<Extract<Channel, { kind: 'http-api' }>> | undefined {
  const { account, token, api } = settings
  if (account === undefined && token === undefined) return undefined
  if (account === undefined || token === undefined) {
    throw new HindraError(
      'INVALID_CONFIG',
      'cloudflare.account and cloudflare.token need each other',
    )
  }
  const url = `${api.replace(/\/$/, '')}/accounts/${account}/abuse-reports/abuse_children`

  return {
    carries: (_api, { nature }, step) => nature === 'illegal' && !isAfterword(step),

    hasWords: true,

    compose(part, { kind }, words) {
      const { envelopeId } = part
      const raw = Buffer.from(JSON.stringify(cloudflareReport(part, words.body, reporter)))
      return Promise.resolve({
        envelopeId,
        messageId: envelopeId,
        channel: kind,
        from: '',
        to: API,
        raw,
      })
    },

    async send({ envelopeId, raw }) {
      // Not documented there, and no harm where it is passed over.
      const headers = { authorization: `Bearer ${token}`, 'idempotency-key': envelopeId }
      const body = Buffer.from(raw).toString('utf8')
      const { response } = await postLetter(post, url, headers, body, ({ status }) =>
        NO_ACCESS.includes(status) ? 'unavailable' : faultOfStatus(status),
      )
      const refusal = refusalIn(response)
      if (refusal === undefined) return { response: 'reported' }
      throw new DeliveryError('refused', 'the report is refused', {
        code: 'POST_FAILED',
        response: refusal.replaceAll(token, '[token]'),
      })
    },
  }
}

/** Success in the status and not in the body; undefined where it was taken. */
function refusalIn(text: string): string | undefined {
  const { success, data } = answer.safeParse(asJson(text))
  if (!success || (data.success !== false && data.result !== 'error')) return undefined
  return data.errors?.map(({ message }) => message).join('; ') ?? 'without a word'
}

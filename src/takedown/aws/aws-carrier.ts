import { z } from 'zod'
import type { ApiChannel } from '../../channels/index.ts'
import type { EndpointAnswer, Post } from '../../post/index.ts'
import type { Carrier } from '../carriers.ts'
import { xarfReports } from '../mail/xarf.ts'
import { asJson, faultOfStatus, postLetter } from '../posts/post-letter.ts'
import type { DeliveryFault } from '../delivery-error.ts'
import type { NoticePart } from '../notice-part.ts'
import type { AwsSigner } from './aws-signer.ts'
import { AWS_TERMS } from './aws-terms.ts'

const { fields } = AWS_TERMS
const NO_ACCESS = [401, 403]
/** What of an answer is read. */
const taken = z.object({ [fields.id]: z.string().min(1).max(256) })
const refused = z.object({ [fields.error]: z.string().max(256) })

/**
 * `POST /v1/abuse` of AWS Abuse Signal: one notice a report, as XARF 4.2.0 says it, and nothing beside. The token by
 * which AWS knows a repetition is the notice's own id: the same at every try, after a crash, and where a person sends
 * it again. It takes first notices alone: a reminder would be a second report, and nothing takes one back.
 */
export function awsCarrier(
  signer: AwsSigner,
  options: { readonly post: Post; readonly isTest: boolean; readonly replyTo: string },
): Carrier<ApiChannel> {
  const { post, isTest, replyTo } = options

  return {
    carries: (_api, { nature }, step) => nature === 'illegal' && step === 'notice',

    hasWords: false,

    lacks: (part) => (reportOf(part) === undefined ? ['xarf'] : []),

    compose(part, { kind, api }) {
      const { envelopeId } = part
      const [notice] = part.notices
      const report = reportOf(part)
      if (notice === undefined || report === undefined) throw new Error('a report has one notice')
      const body = {
        [fields.token]: notice.noticeId,
        [fields.correlation]: notice.caseId.slice(0, AWS_TERMS.correlationMax),
        [fields.report]: report,
        ...(isTest ? { [fields.tags]: AWS_TERMS.testTag } : {}),
      }
      return Promise.resolve({
        envelopeId,
        messageId: envelopeId,
        channel: kind,
        from: '',
        to: api,
        raw: Buffer.from(JSON.stringify(body)),
      })
    },

    /** Resolves to the id that AWS gave the report; empty where it named none. */
    async send({ raw }) {
      const body = Buffer.from(raw).toString('utf8')
      const { url, headers } = signer.signed('POST', AWS_TERMS.reports, body)
      const { response } = await postLetter(post, url, headers, body, faultOf)
      return { response: taken.safeParse(asJson(response)).data?.[fields.id] ?? '' }
    },
  }

  function reportOf(part: Omit<NoticePart, 'attached'>) {
    return xarfReports(part, replyTo)[0]
  }
}

/** AWS says with a 400, too, that a key does not do, or that it has had enough. */
function faultOf({ status, text }: EndpointAnswer): DeliveryFault {
  const type = refused.safeParse(asJson(text)).data?.[fields.error] ?? ''
  const is = (words: readonly string[]) => words.some((word) => type.endsWith(word))
  if (NO_ACCESS.includes(status) || is(AWS_TERMS.noAccess)) return 'unavailable'
  return is(AWS_TERMS.throttled) ? 'deferred' : faultOfStatus(status)
}

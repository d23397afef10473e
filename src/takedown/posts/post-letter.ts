import { toHindraError } from '../../errors.ts'
import { type EndpointAnswer, type Post, PostError } from '../../post/index.ts'
import { DeliveryError, type DeliveryFault } from '../delivery-error.ts'

/** Asked to come again, or nobody had a look at it (RFC 9110, RFC 8470). */
const LATER: readonly number[] = [408, 425, 429, 503]

const WORDS: Readonly<Record<DeliveryFault, string>> = {
  unavailable: 'our account cannot be used there now',
  deferred: 'asked to try again later',
  refused: 'the notice is refused',
  unanswered: 'nobody said whether it was taken',
}

/** What an endpoint said that took the notice. Throws DeliveryError. */
export async function postLetter(
  post: Post,
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  /** What a status means that is no success, where the API says it otherwise. */
  faultOf: (answer: EndpointAnswer) => DeliveryFault = ({ status }) => faultOfStatus(status),
): Promise<{ readonly response: string }> {
  const answer = await post(url, headers, body).catch((error: unknown) => {
    throw failure(error)
  })
  const { status, retryAfterSeconds, text } = answer
  if (status >= 200 && status < 300) return { response: text }
  const fault = faultOf(answer)
  throw new DeliveryError(fault, `${WORDS[fault]} (HTTP ${status})`, {
    code: 'POST_FAILED',
    response: `HTTP ${status}`,
    ...(retryAfterSeconds === null ? {} : { retryAfterSeconds }),
  })
}

/**
 * A fault of the server in the midst of its work says nothing of the notice: it may have been taken, so
 * only the same bytes may follow. A redirect is a refusal: it may lead anywhere.
 */
export function faultOfStatus(status: number): DeliveryFault {
  if (LATER.includes(status)) return 'deferred'
  return status >= 500 ? 'unanswered' : 'refused'
}

function failure(error: unknown): DeliveryError {
  const code = 'POST_FAILED'
  if (!(error instanceof PostError)) {
    const { message } = toHindraError(error)
    return new DeliveryError('unanswered', message, { code, cause: error })
  }
  const fault = error.fault === 'unreached' ? 'deferred' : error.fault
  return new DeliveryError(fault, error.message, { code, response: error.message, cause: error })
}

/** Undefined of what is no JSON. */
export function asJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

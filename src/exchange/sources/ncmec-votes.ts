import { SaxesParser } from 'saxes'
import { HindraError } from '../../errors.ts'
import { kindOf } from '../../hashes/index.ts'
import type { SourceBody } from './source-call.ts'
import { drained, RefusedVote, type Vote, type Voting } from './voting.ts'

const NAMESPACE = 'https://hashsharing.ncmec.org/hashsharing/v2'

interface Reason {
  readonly guid: string
  readonly name: string
}

/**
 * A vote a fingerprint, PUT in its place: sent again it is the same vote. A negative one needs a reason
 * of the exchange's own, which is asked for once a run.
 */
export const ncmecVoting: Voting = {
  isRepeatable: true,
  credentials: [],

  sender(call) {
    const asked = new Map<string, Promise<readonly Reason[]>>()
    return async (vote, onSent) => {
      const place = /^(\d+)-(.+)$/.exec(vote.key)
      const types = typesOf(vote)
      if (place === null || types.length === 0) {
        throw new RefusedVote('the entry has no fingerprint that the exchange takes votes on')
      }
      const [, member = '', id = ''] = place
      // All that can be wrong with it is known before the first one leaves.
      const bodies = new Map<string, string>()
      for (const type of types) bodies.set(type, await bodyOf(vote, () => reasonsOf(type)))
      for (const [type, body] of bodies) {
        const path = `/v2/entries/${member}/${encodeURIComponent(id)}/${type}/feedback`
        const headers = { 'content-type': 'application/xml; charset=utf-8' }
        await call(path, drained, { method: 'PUT', body, headers, onSent })
      }
    }

    function reasonsOf(type: string): Promise<readonly Reason[]> {
      const reasons = asked.get(type) ?? call(`/v2/feedback/${type}/reasons`, readReasons)
      asked.set(type, reasons)
      return reasons
    }
  },
}

/** What its fingerprints are called in a path; of an `ssvh` it is not known any more which one it was. */
function typesOf({ hashes }: Vote): readonly string[] {
  return [...new Set(hashes.flatMap(({ type }) => kindOf(type).names.ncmec ?? []))]
}

async function bodyOf(
  { opinion, exchangeReason }: Vote,
  reasons: () => Promise<readonly Reason[]>,
): Promise<string> {
  const vote =
    opinion === 'agree'
      ? '<affirmative/>'
      : `<negative><reasonIds><guid>${chosen(await reasons(), exchangeReason)}</guid></reasonIds></negative>`
  return `<?xml version="1.0" encoding="UTF-8"?>\n<feedbackSubmission xmlns="${NAMESPACE}">${vote}</feedbackSubmission>\n`
}

/** The one that was named, or the only one there is. Throws RefusedVote, naming what there is. */
function chosen(reasons: readonly Reason[], named: string | null): string {
  const sought = named?.toLowerCase()
  const [only, ...others] = reasons
  const found =
    sought === undefined
      ? others.length === 0
        ? only
        : undefined
      : reasons.find(({ guid, name }) => [guid, name].some((one) => one.toLowerCase() === sought))
  if (found !== undefined) return found.guid
  const names = reasons.map(({ name }) => name).join(', ')
  throw new RefusedVote(`the exchange wants one of its reasons (--exchange-reason): ${names}`)
}

/** `availableFeedbackReasons`. Throws SOURCE_MALFORMED. */
async function readReasons(body: SourceBody): Promise<readonly Reason[]> {
  const reasons: Reason[] = []
  const parser = new SaxesParser()
  const malformed = () =>
    new HindraError(
      'SOURCE_MALFORMED',
      'the reasons of the exchange are no whole XML of its format',
    )
  for (const wrong of ['error', 'doctype'] as const) {
    parser.on(wrong, () => {
      throw malformed()
    })
  }
  parser.on('opentag', ({ name, attributes }) => {
    const { guid = '', name: called = '' } = attributes as Readonly<Record<string, string>>
    if (!name.endsWith('reason')) return
    // It goes into a document of ours.
    if (!/^[\w-]{1,64}$/.test(guid)) throw malformed()
    reasons.push({ guid, name: called })
  })
  const decoder = new TextDecoder()
  for await (const chunk of body) parser.write(decoder.decode(chunk, { stream: true }))
  parser.write(decoder.decode()).close()
  return reasons
}

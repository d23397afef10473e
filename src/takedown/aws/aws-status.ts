import { z } from 'zod'
import { type Ask, PostError } from '../../post/index.ts'
import { asJson } from '../posts/post-letter.ts'
import type { AwsSigner } from './aws-signer.ts'
import { AWS_TERMS } from './aws-terms.ts'

const { fields } = AWS_TERMS
/** A word of theirs, as it may be shown to people: anything else could be anything. */
const word = z.string().regex(/^[A-Z][A-Z0-9_]{0,63}$/)
const answer = z.object({
  [fields.state]: word,
  [fields.outcome]: word.nullable().default(null),
})

/** `pending`: ask again. `said`: what became of it, or a word that nobody here knows. `fault`: nothing was heard. */
export type AwsAnswer =
  | { readonly kind: 'pending' }
  | { readonly kind: 'said'; readonly word: string }
  | { readonly kind: 'fault'; readonly why: string }

export type AwsStatus = (reportId: string) => Promise<AwsAnswer>

/** What became of one report, as AWS says it. */
export function createAwsStatus(signer: AwsSigner, ask: Ask): AwsStatus {
  return async (reportId) => {
    const { url, headers } = signer.signed('GET', AWS_TERMS.report(reportId))
    try {
      const { status, text } = await ask(url, headers)
      return status === 200 ? read(text) : { kind: 'fault', why: `HTTP ${status}` }
    } catch (error) {
      if (error instanceof PostError) return { kind: 'fault', why: error.message }
      throw error
    }
  }
}

function read(text: string): AwsAnswer {
  const { success, data } = answer.safeParse(asJson(text))
  if (!success) return { kind: 'fault', why: 'the answer cannot be read' }
  const state = data[fields.state]
  if (AWS_TERMS.pending.some((one) => one === state)) return { kind: 'pending' }
  const outcome = state === AWS_TERMS.completed ? data[fields.outcome] : null
  return { kind: 'said', word: outcome ?? state }
}

import type { SingleLetterState } from '../single-letters.ts'

/** What the police are told of one tip in words, once a person has decided so. */
export interface TipLetter extends SingleLetterState {
  readonly id: string
  readonly tipId: string
  /** Our number of it, as it stands in the subject. */
  readonly reference: string
  /** What letters call the police, and the rule of the policy that named them. */
  readonly recipient: string
  readonly rule: string
  readonly lastError: string | null
  /** The letter as it leaves, or left: URLs in it are defanged. */
  readonly subject: string
  readonly body: string
}

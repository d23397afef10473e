import type { Language } from '../notice.ts'

/**
 * `queued`: it waits to leave, or for a person where it leaves by hand. `told`: a relay took it, or a person told it.
 */
export const TIP_LETTER_STATES = ['queued', 'told'] as const

/** What the police are told of one tip in words, once a person has decided so. */
export interface TipLetter {
  readonly id: string
  readonly tipId: string
  /** Our number of it, as it stands in the subject. */
  readonly reference: string
  readonly state: (typeof TIP_LETTER_STATES)[number]
  /** By hand where no address is set, or where the address did not take it. */
  readonly channel: 'mail' | 'by-hand'
  /** What letters call the police, and the rule of the policy that named them. */
  readonly recipient: string
  readonly rule: string
  readonly language: Language
  readonly queuedAt: string
  readonly toldAt: string | null
  /** How often a relay was asked to take it. */
  readonly attempts: number
  /** Handed over without an answer being heard: it may have gone twice. */
  readonly possiblyDoubled: boolean
  readonly lastError: string | null
  /** The letter as it leaves, or left: URLs in it are defanged. */
  readonly subject: string
  readonly body: string
}

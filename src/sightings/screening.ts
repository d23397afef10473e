import type { UnjudgedWhy, VerdictAnswer } from '../match/index.ts'

/**
 * What whoever screens media learns of each, and nothing about the item it hit, nor how near it is: equal bytes are
 * `confirmed` like all that needs no person.
 */
export interface ScreeningAnswer {
  readonly verdict: 'confirmed' | 'review' | 'none' | 'unjudged'
  /** Where it is `unjudged`. */
  readonly why?: UnjudgedWhy
}

export function asScreened({ verdict, why }: VerdictAnswer): ScreeningAnswer {
  switch (verdict) {
    case 'exact':
    case 'confirmed':
      return { verdict: 'confirmed' }
    case 'unjudged':
      return why === undefined ? { verdict } : { verdict, why }
    case 'pending':
      throw new Error('media that was brought is judged at once')
    default:
      return { verdict }
  }
}

/** Whether somebody who is told this knows that it is registered, or near to what is. */
export function isToldHit({ verdict }: Pick<VerdictAnswer, 'verdict'>): boolean {
  return verdict === 'exact' || verdict === 'confirmed' || verdict === 'review'
}

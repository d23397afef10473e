import type { Alert } from '../../src/cases/index.ts'
import { Violation } from './violation.ts'

/** What every way of delivery tells of an alert. */
export type AlertHad = Pick<
  Alert,
  'id' | 'sequence' | 'kind' | 'caseId' | 'status' | 'at' | 'notice'
>

const RULE = 'every alert arrives'

/** Somebody who is told of alerts, at least once each. */
export class AlertReader {
  readonly had = new Map<number, AlertHad>()
  readonly #name: string

  constructor(name: string) {
    this.#name = name
  }

  /** Another alert under a number that was there is no repetition. Throws Violation. */
  take({ id, sequence, kind, caseId, status, at, notice }: AlertHad): void {
    const alert = { id, sequence, kind, caseId, status, at, ...(notice && { notice }) }
    const before = this.had.get(sequence)
    if (before !== undefined && JSON.stringify(before) !== JSON.stringify(alert)) {
      throw new Violation(RULE, `${this.#name} had another alert ${sequence}`)
    }
    this.had.set(sequence, alert)
  }

  /** All of them, from the first on. Throws Violation. */
  checkWhole(newest: number): void {
    for (let sequence = 1; sequence <= newest; sequence += 1) {
      if (this.had.has(sequence)) continue
      throw new Violation(RULE, `${this.#name} lacks ${sequence} of ${newest}`)
    }
  }
}

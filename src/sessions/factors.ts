import { Collection, type Context, keySpace, type Row, type Transaction } from '../store/index.ts'
import { newCode, plainCode } from './codes.ts'
import { totpStep } from './second-factor.ts'

const RECOVERY_CODES = 10
/** 75 bits each. */
const RECOVERY_GROUPS = 3
/** From here on somebody should be invited anew before the last one is gone. */
const FEW_CODES = 2

interface FactorsClear {
  readonly enrolledAt: string
  /** The step of the last code that was used: neither it nor one from before it opens anything again. */
  readonly lastStep: number
  readonly recoveryCodes: number
}

interface FactorsSealed {
  /** Of this password and second factor: what was signed for earlier ones is void. */
  readonly epoch: string
  /** In the PHC string format. */
  readonly password: string
  /** Of the second factor, base 32. */
  readonly secret: string
  /** Keyed digests of the recovery codes that are left. */
  readonly recovery: readonly string[]
}

/** What a person signs in with, password and second factor; its id is the person's. */
export type FactorsRow = Row<FactorsClear, FactorsSealed>

/** The second factor was shown: what is kept of that, and by what. */
export interface ShownFactor {
  readonly factor: 'code' | 'recovery'
  readonly after: FactorsRow
}

export interface Factors {
  newRecoveryCodes(): readonly string[]
  get(tx: Transaction, personId: string): Promise<FactorsRow | undefined>
  put(tx: Transaction, kept: FactorsRow): void
  drop(tx: Transaction, personId: string): void
  /** What is kept at first. */
  made(
    personId: string,
    sealed: Omit<FactorsSealed, 'recovery'>,
    first: {
      readonly at: string
      readonly step: number
      readonly recoveryCodes: readonly string[]
    },
  ): FactorsRow
  /** With these recovery codes in place of those that are left. */
  withRecoveryCodes(kept: FactorsRow, recoveryCodes: readonly string[]): FactorsRow
  /** Undefined where the code is none of the second factor, or was used. Asks the same, whatever the code is. */
  proofOf(kept: FactorsRow, typed: string, nowMs: number): ShownFactor | undefined
  /** How many there are, and of whom recovery codes are nearly used up. */
  census(tx: Transaction): Promise<{ readonly all: number; readonly few: readonly string[] }>
}

export function createFactors({ sealer, random }: Context): Factors {
  const factors = new Collection<FactorsClear, FactorsSealed>(keySpace('sign-in'), sealer)

  function digestOf(personId: string, code: string): string {
    return sealer.digest('recovery-code', `${personId}\n${plainCode(code)}`)
  }

  function withRecoveryCodes(
    { id, clear, sealed }: FactorsRow,
    recoveryCodes: readonly string[],
  ): FactorsRow {
    const recovery = recoveryCodes.map((code) => digestOf(id, code))
    const counted = { ...clear, recoveryCodes: recovery.length }
    return { id, clear: counted, sealed: { ...sealed, recovery } }
  }

  return {
    newRecoveryCodes: () =>
      Array.from({ length: RECOVERY_CODES }, () => newCode(random, RECOVERY_GROUPS)),
    get: (tx, personId) => factors.get(tx, personId),
    put(tx, { id, clear, sealed }) {
      factors.put(tx, id, clear, sealed)
    },
    drop(tx, personId) {
      factors.delete(tx, personId)
    },

    made(id, sealed, { at, step, recoveryCodes }) {
      const clear = { enrolledAt: at, lastStep: step, recoveryCodes: 0 }
      return withRecoveryCodes({ id, clear, sealed: { ...sealed, recovery: [] } }, recoveryCodes)
    },

    withRecoveryCodes,

    proofOf({ id, clear, sealed }, typed, nowMs) {
      const step = totpStep(sealed.secret, typed, nowMs)
      const digest = digestOf(id, typed)
      const recovery = sealed.recovery.filter((one) => one !== digest)
      if (step !== undefined && step > clear.lastStep) {
        return { factor: 'code', after: { id, clear: { ...clear, lastStep: step }, sealed } }
      }
      if (recovery.length === sealed.recovery.length) return undefined
      const left = { ...clear, recoveryCodes: recovery.length }
      return { factor: 'recovery', after: { id, clear: left, sealed: { ...sealed, recovery } } }
    },

    async census(tx) {
      const few: string[] = []
      let all = 0
      for await (const { id, clear } of factors.clearRows(tx)) {
        all += 1
        if (clear.recoveryCodes <= FEW_CODES) few.push(id)
      }
      return { all, few }
    },
  }
}

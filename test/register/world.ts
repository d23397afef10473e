import { afterEach, beforeEach } from 'vitest'
import { createAudit } from '../../src/audit/index.ts'
import { createRegister, type Register } from '../../src/register/index.ts'
import type { Transaction } from '../../src/store/index.ts'
import { openTestContext, type TestContext } from '../context.ts'

/** A register of its own for each test of a file. */
export interface RegisterWorld {
  readonly context: TestContext
  readonly register: Register
  transact<T>(work: (tx: Transaction) => Promise<T>): Promise<T>
}

export function useRegister(): RegisterWorld {
  let context: TestContext
  let register: Register
  beforeEach(async () => {
    context = await openTestContext()
    register = createRegister(context, createAudit(context))
  })
  afterEach(() => context.dispose())
  return {
    get context() {
      return context
    },
    get register() {
      return register
    },
    transact: (work) => context.store.transact(work),
  }
}

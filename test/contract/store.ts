import { describe } from 'vitest'
import { anomalyContract } from './store-anomalies.ts'
import type { OpenStore } from './store-bench.ts'
import { feedContract } from './store-feed.ts'
import { limitContract } from './store-limits.ts'
import { modelContract } from './store-model.ts'
import { rangeContract } from './store-ranges.ts'
import { transactionContract } from './store-transactions.ts'

/** Everything that callers rely on; every store passes it. */
export function storeContract(name: string, open: OpenStore): void {
  describe(`${name} store`, () => {
    rangeContract(open)
    transactionContract(open)
    anomalyContract(open)
    feedContract(open)
    limitContract(open)
    modelContract(open)
  })
}

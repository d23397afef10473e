import {
  Collection,
  type Context,
  keySpace,
  type ReadTransaction,
  take,
  type Transaction,
} from '../store/index.ts'
import type { Checkpoint } from './entry.ts'

/**
 * A backup was restored though a witness had seen more than it holds, and two persons answer for that. What
 * the witness saw of the chain behind the backup is of a chain that no longer is.
 */
export interface Epoch {
  readonly at: string
  /** Entries of the chain that the backup held. */
  readonly entries: number
  /** The newest checkpoint that the witness had when the backup was restored. */
  readonly witness: Checkpoint
}

/** The epochs of a store, the oldest first. */
export interface Epochs {
  all(tx: ReadTransaction): Promise<readonly Epoch[]>
  begin(tx: Transaction, id: string, epoch: Epoch): void
}

export function createEpochs({ sealer }: Pick<Context, 'sealer'>): Epochs {
  const epochs = new Collection<Epoch, Record<string, never>>(keySpace('audit-epoch'), sealer)
  return {
    async all(tx) {
      // The sealed part proves the clear one.
      return (await take(epochs.rows(tx))).map(({ clear }) => clear)
    },
    begin(tx, id, epoch) {
      epochs.put(tx, id, epoch, {})
    },
  }
}

/** The checkpoint of the chain as it is that has seen most; undefined where there is none. */
export function newestOf(
  checkpoints: readonly Checkpoint[],
  epochs: readonly Epoch[],
): Checkpoint | undefined {
  return ofThisChain(checkpoints, epochs)
    .toSorted((a, b) => a.count - b.count)
    .at(-1)
}

/** The checkpoints of the chain as it is, without those of what a restore left behind. */
export function ofThisChain(
  checkpoints: readonly Checkpoint[],
  epochs: readonly Epoch[],
): readonly Checkpoint[] {
  return checkpoints.filter(
    ({ at, count }) => !epochs.some((epoch) => count > epoch.entries && at <= epoch.at),
  )
}

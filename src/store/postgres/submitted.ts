import type { Client } from 'pg'
import type { Fence } from '../lease.ts'
import type { Versionstamp } from '../port.ts'
import type { ReadSet } from '../reads.ts'
import type { WriteBuffer } from '../write-buffer.ts'
import { leaseElsewhere } from '../leases.ts'
import { leaseNumbers } from './lease.ts'

/** A transaction that waits for its batch. */
export interface Submitted {
  readonly fences: readonly Fence[]
  readonly reads: ReadSet
  readonly writes: WriteBuffer
  readonly since: Versionstamp
  readonly resolve: (isDurable: boolean) => void
  readonly reject: (reason: unknown) => void
}

/** What began before that changed on which all rests runs again. */
export function founded(
  batch: readonly Submitted[],
  changedAt: Versionstamp,
): readonly Submitted[] {
  return batch.filter(({ since, resolve }) => {
    if (since < changedAt) resolve(false)
    return since >= changedAt
  })
}

/** What was made by a lease that another process has taken over is refused. */
export async function allowed(
  client: Client,
  batch: readonly Submitted[],
): Promise<readonly Submitted[]> {
  if (batch.every(({ fences }) => fences.length === 0)) return batch
  const newest = await leaseNumbers(client)
  return batch.filter(({ fences, reject }) => {
    const lost = fences.find(({ lease, number }) => newest.get(lease) !== number)
    if (lost !== undefined) reject(leaseElsewhere(lost.lease))
    return lost === undefined
  })
}

import type { Cases } from '../cases/index.ts'
import type { UrlRule } from '../core/index.ts'
import type { Tips } from '../intake/index.ts'
import type { Register } from '../register/index.ts'
import { type Context, idsThatBegin } from '../store/index.ts'
import type { Takedown } from '../takedown/index.ts'
import { createFind } from './find.ts'
import { createHosts, type HostParts } from './hosts.ts'
import { openOldRecords } from './old-records.ts'

/** What finds records and hosts, and what takes in records of before they could be found. */
export async function openFind(
  context: Pick<Context, 'store' | 'sealer'>,
  stages: HostParts & {
    readonly cases: Pick<Cases, 'found' | 'read'>
    readonly tips: Pick<Tips, 'found' | 'read'>
    readonly register: Pick<Register, 'found' | 'read' | 'placing'>
    readonly takedown: Pick<Takedown, 'found' | 'findingOld' | 'read' | 'ofCase' | 'objections'>
    readonly rules: readonly UrlRule[]
  },
) {
  const { cases, tips, register, takedown } = stages
  // Those of cases are the first, see `areCasesLeft`; what comes to be found later stands behind the others, so that a
  // store that has those goes on here.
  const steps = [
    ...[cases.found.step(), takedown.findingOld, tips.found.step(), register.found.step()],
    takedown.objections.found.step(),
    register.placing,
  ]
  const old = await openOldRecords(context, steps)
  return {
    find: createFind(context, { ...stages, old }),
    hosts: createHosts(context, stages),
    idsThatBegin: (kind: string, beginning: string, limit: number) =>
      context.store.read((tx) => idsThatBegin(tx, kind, beginning, { limit })),
    old: { ...old, areCasesLeft: () => old.areLeft(0) },
  }
}

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Principal, Role } from '../../src/access/index.ts'
import { HOUR_MS, ManualClock } from '../../src/core/index.ts'
import type { Case } from '../../src/cases/index.ts'
import { configWith } from '../../src/config.ts'
import { createEngine, type Engine } from '../../src/engine.ts'
import { tableResolver } from '../intake/table-resolver.ts'
import type { RecheckResult } from '../../src/recheck/index.ts'
import { httpHost } from '../intake/hosts.ts'

/** What a URL answers. */
export interface Shown {
  readonly status?: number
  readonly body?: Buffer | string
  readonly location?: string
}

function person(id: string, ...roles: Role[]): Principal {
  return { id, pseudonym: id, kind: 'person', roles }
}
export const ANN = person('ann', 'analyst', 'officer', 'auditor', 'pipeline')
const BOB = person('bob', 'verifier')
const CRAWLER = person('crawler', 'crawler-verdict')

/** A whole Hindra that keeps features, and a host on real HTTP that shows what it is told to. */
export interface Hosted {
  readonly engine: Engine
  url(path: string): string
  show(path: string, shown: Shown): void
  /** Registers it and has a second person verify it; the id of the item. */
  know(media: Buffer, list?: string): Promise<string>
  /** A crawler sees what is at the URL; the case of that, accepted where that was asked for. */
  see(path: string): Promise<Case | undefined>
  pass(hours: number): void
  look(caseId: string): Promise<RecheckResult>
  /** Looks until it is removed, or so many times at most, five hours apart; gives the last case. */
  follow(caseId: string, looks: number): Promise<Case>
  close(): Promise<void>
}

export async function openHosted(settings: Record<string, unknown> = {}): Promise<Hosted> {
  const shown = new Map<string, Shown>()
  const host = await httpHost((request, response) => {
    const { status = 200, body = '', location } = shown.get(request.url ?? '') ?? { status: 404 }
    response.writeHead(status, { connection: 'close', ...(location && { location }) }).end(body)
  })
  const directory = await mkdtemp(join(tmpdir(), 'hindra-hosted-'))
  const clock = new ManualClock(Date.UTC(2026, 10, 2, 8))
  const engine = await createEngine({
    config: configWith({
      data: directory,
      'pool.threads': 2,
      'features.store': true,
      'fetch.allowNetworks': ['127.0.0.0/8'],
      'fetch.allowPorts': [host.port],
      ...settings,
    }),
    dataKey: Buffer.alloc(32, 5),
    clock,
    resolver: tableResolver({ 'pictures.example': ['127.0.0.1'] }),
  })
  const url = (path: string) => `http://pictures.example:${host.port}${path}`

  const hosted: Hosted = {
    engine,
    url,
    show: (path, what) => {
      shown.set(path, what)
    },
    async know(media, list) {
      const what =
        list === undefined
          ? ({ classification: 'Baseline' } as const)
          : ({ classification: 'Ignore', list } as const)
      const { id } = await engine.stages.curation.propose(ANN, { media, ...what })
      await engine.stages.curation.verify(BOB, { itemId: id, acknowledgeFindings: true })
      return id
    },
    async see(path) {
      const { caseId } = await engine.as(CRAWLER).sightings.submit({ url: url(path) })
      if (caseId === undefined) return undefined
      const found = await engine.as(ANN).cases.show({ id: caseId })
      if (found.decision !== 'pending') return found
      return engine
        .as(ANN)
        .cases.decide({ id: caseId, decision: 'accepted', reason: 'the same picture' })
    },
    pass: (hours) => {
      clock.advance(hours * HOUR_MS)
    },
    async look(caseId) {
      const [seen] = await engine.as(ANN).cases.recheck({ caseId })
      if (seen === undefined) throw new Error('one case is looked at once')
      return seen
    },
    async follow(caseId, looks) {
      for (let left = looks; left > 0; left -= 1) {
        clock.advance(5 * HOUR_MS)
        await hosted.look(caseId)
        const found = await engine.as(ANN).cases.show({ id: caseId })
        if (found.status === 'removed') return found
      }
      return engine.as(ANN).cases.show({ id: caseId })
    },
    async close() {
      await engine.shutdown()
      await host.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
  return hosted
}

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterEach, beforeEach, expect } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import type { Principal, Role } from '../../src/access/index.ts'
import type { AuditEntry } from '../../src/audit/index.ts'
import { configWith } from '../../src/config.ts'
import { defined, ManualClock } from '../../src/core/index.ts'
import { createEngine, type Engine } from '../../src/engine.ts'
import { matchOf } from '../cases/world.ts'
import { knownItem } from '../known-item.ts'

export const WHY = 'the carpet has the same stain'

export function person(id: string, ...roles: Role[]): Principal {
  return { id, pseudonym: id, kind: 'person', roles }
}

function urlOf(index: number): string {
  return `https://media.alpha.example/1/${index}.jpg`
}

/** Cases of which a person must say whether they are the same, one at each URL. */
export async function pendingCases(engine: Engine, count: number): Promise<readonly string[]> {
  const media = await sceneJpeg(1, { width: 480, height: 360 })
  // Two pixels less on each side: too far for a hash to confirm, near enough to ask.
  const inner = { left: 2, top: 2, width: 476, height: 356 }
  const copy = await sharp(media).extract(inner).jpeg({ quality: 80 }).toBuffer()
  const { curation } = engine.stages
  const proposer = person('proposer', 'analyst')
  const item = await curation.propose(proposer, { media, classification: 'Baseline' })
  await curation.verify(person('verifier', 'verifier'), { itemId: item.id })
  const crawler = engine.as(person('crawler', 'crawler-verdict'))
  const ids: string[] = []
  for (let index = 0; index < count; index += 1) {
    const seen = { url: urlOf(index), media: new Uint8Array(copy) }
    const { caseId = '' } = await crawler.sightings.submit(seen)
    ids.push(caseId)
  }
  return ids
}

/** A house whose policy has so many of a hundred decisions decided again, and whose mails go nowhere. */
export async function openSampleHouse(ofHundred: number) {
  const data = mkdtempSync(join(tmpdir(), 'hindra-samples-'))
  mkdirSync(join(data, 'policy'))
  const clock = new ManualClock(Date.UTC(2026, 10, 2, 8, 17))
  lay(ofHundred)
  let engine = await open()

  function lay(share: number): void {
    const shares = `{ matches: ${share}, assessments: ${share} }`
    const policy = `version: "1"\nofHundred: ${shares}\n`
    writeFileSync(join(data, 'policy', 'blind-samples.yaml'), policy)
  }

  function open(): Promise<Engine> {
    return createEngine({
      config: configWith({
        data,
        'pool.threads': 1,
        'looks.enabled': true,
        'trace.registries': false,
        'retention.nightly': false,
      }),
      dataKey: Buffer.alloc(32, 4),
      clock,
      resolver: { resolve: () => Promise.resolve(['192.0.2.7']) },
      fetcher: {
        fetch: (finalUrl) =>
          Promise.resolve({
            status: 404,
            bytes: new Uint8Array(Buffer.from('<h1>Not found</h1>')),
            contentType: 'text/html',
            finalUrl,
            address: '192.0.2.7',
          }),
        close: () => Promise.resolve(),
      },
    })
  }

  return {
    clock,
    engine: () => engine,
    calls: (by: Principal) => engine.as(by),

    /** The same, of what nobody had to hash. */
    async pending(count: number): Promise<readonly string[]> {
      const { store, cases } = engine.stages
      const register = {
        countCase: () => undefined,
        known: () => Promise.resolve(knownItem({ id: 'item', fingerprints: [] })),
      }
      const judgement = { verdict: 'review', matches: [matchOf('item', 'review')] } as const
      const ids: string[] = []
      for (let index = 0; index < count; index += 1) {
        const seen = { url: urlOf(index) }
        const { caseId = '' } = await store.transact((tx) =>
          cases.openFromMatch(tx, 'crawler', seen, judgement, register),
        )
        ids.push(caseId)
      }
      return ids
    },

    /** As after a crash: nothing but the store is left. */
    async restart(share?: number): Promise<void> {
      await engine.shutdown()
      if (share !== undefined) lay(share)
      engine = await open()
    },

    async entries(): Promise<readonly AuditEntry[]> {
      const found: AuditEntry[] = []
      for (let after: string | undefined; ; ) {
        const page = await engine.stages.audit.entries(defined({ after }))
        found.push(...page)
        after = page.at(-1)?.cursor
        if (after === undefined) return found
      }
    },

    async close(): Promise<void> {
      await engine.shutdown()
      rmSync(data, { recursive: true, force: true })
    },
  }
}

export type SampleHouse = Awaited<ReturnType<typeof openSampleHouse>>

/** Decides first, and would like to know what is decided again; sees the audit and the alerts, too. */
export const bob = person('bob', 'analyst', 'auditor', 'pipeline')
export const cy = person('cy', 'analyst', 'pipeline')
export const di = person('di', 'analyst')
export const officer = person('olle', 'officer')
export const notThere = { code: 'NOT_FOUND' }

/** A house for each test in which every decision is drawn, and what is done in it. */
export function useSampleHouse() {
  let house: SampleHouse
  beforeEach(async () => {
    house = await openSampleHouse(100)
  })
  afterEach(() => house.close())

  const decide = (id: string, decision: 'accepted' | 'rejected', by = bob) =>
    house.calls(by).cases.decide({ id, decision, reason: WHY })
  const waitingFor = (by: Principal) => house.calls(by).samples.list()
  const differingFor = (by: Principal) => house.calls(by).samples.differing()

  /** One case that bob has decided, and the sample of it. */
  async function sampled(decision: 'accepted' | 'rejected') {
    const [caseId = ''] = await house.pending(1)
    await decide(caseId, decision)
    const [sample] = await waitingFor(cy)
    return { caseId, id: sample?.id ?? '' }
  }

  /** The same, and cy has decided otherwise. */
  async function differing(decision: 'accepted' | 'rejected') {
    const { caseId, id } = await sampled(decision)
    await house.calls(cy).samples.take({ id })
    const answer = decision === 'accepted' ? 'rejected' : 'accepted'
    const came = await house.calls(cy).samples.decide({ id, answer, reason: 'another carpet' })
    expect(came).toEqual({ id, state: 'third', outcome: null })
    return { caseId, id }
  }

  return { the: () => house, decide, waitingFor, differingFor, sampled, differing }
}

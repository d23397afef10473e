import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { OPERATOR, type Principal } from '../../src/access/index.ts'
import { configWith } from '../../src/config.ts'
import { ManualClock } from '../../src/core/index.ts'
import { createEngine, type Engine } from '../../src/engine.ts'
import type { ImportView, NewSource, SourceView } from '../../src/exchange/index.ts'
import type { ListView } from '../../src/register/index.ts'

export const NOW_MS = Date.UTC(2026, 10, 20, 12)

/** A real engine with a clock of its own, and a person who exchanges lists. */
export interface ExchangeWorld {
  readonly engine: Engine
  readonly clock: ManualClock
  readonly person: Principal
  addSource(list: string, source: Omit<NewSource, 'list' | 'intervalMinutes'>): Promise<SourceView>
  /** One run to its end. */
  run(list: string, dryRun?: boolean): Promise<{ source: SourceView; found: ImportView | null }>
  entries(list: string): Promise<ListView['entries']>
  /** What the list holds now by the exchange's names, without what is retracted: key to class. */
  living(list: string): Promise<Readonly<Record<string, string>>>
  dispose(): Promise<void>
}

export async function openExchangeWorld(
  settings: Readonly<Record<string, unknown>> = {},
): Promise<ExchangeWorld> {
  const directory = mkdtempSync(join(tmpdir(), 'hindra-exchange-'))
  const clock = new ManualClock(NOW_MS)
  const engine = await createEngine({
    clock,
    dataKey: Buffer.alloc(32, 3),
    config: configWith({
      data: directory,
      'pool.threads': 1,
      'exchange.allowHttpLoopback': true,
      ...settings,
    }),
  })
  const person = { id: 'x', pseudonym: 'X', kind: 'person', roles: ['exchange'] } as const
  const officer: Principal = { ...OPERATOR, kind: 'person', roles: ['officer'] }

  async function ended(list: string): Promise<SourceView> {
    for (;;) {
      const source = await engine.as(person).sources.show({ list })
      if (source.run?.state !== 'running') return source
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }

  return {
    engine,
    clock,
    person,
    async addSource(list, source) {
      await engine.as(officer).lists.create({ name: list, kind: 'partner' })
      return engine.as(person).sources.add({ list, intervalMinutes: 60, ...source })
    },
    async run(list, dryRun = false) {
      await engine.as(person).sources.run({ list, dryRun })
      const source = await ended(list)
      const id = source.run?.importId ?? null
      return {
        source,
        found: id === null ? null : await engine.as(person).imports.show({ id }),
      }
    },
    async entries(list) {
      const views = await engine.as(person).lists.list()
      const found = views.find(({ name }) => name === list)
      if (found === undefined) throw new Error(`no list ${list}`)
      return found.entries
    },
    async living(list) {
      const { id } = await engine.as(person).listExports.begin({ list, reason: 'a test' })
      const page = await engine.as(person).listExports.entries({ id, limit: 1_000 })
      const rows = page.filter(({ status }) => status !== 'retracted')
      const keys = rows.map(({ key, classification }) => [key, classification])
      if (new Set(keys.map(([key]) => key)).size !== rows.length)
        throw new Error('a key is doubled')
      return Object.fromEntries(keys) as Record<string, string>
    },
    async dispose() {
      await engine.shutdown()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

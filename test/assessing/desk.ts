import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { OPERATOR, type Role } from '../../src/access/index.ts'
import type { AuditEntry } from '../../src/audit/index.ts'
import { configWith } from '../../src/config.ts'
import { defined, ManualClock } from '../../src/core/index.ts'
import { createEngine, type Engine } from '../../src/engine.ts'
import type { LocalCalls } from '../../src/operations/index.ts'

/** A real engine whose clock stands, and the people who work there. */
export interface Desk {
  readonly engine: Engine
  readonly clock: ManualClock
  /** Every operation for a new person of that pseudonym. */
  person(pseudonym: string, ...roles: readonly Role[]): Promise<LocalCalls>
  /** Entries of the audit by that action, oldest first. */
  audit(action: string): Promise<readonly AuditEntry[]>
  close(): Promise<void>
}

export async function openDesk(settings: Readonly<Record<string, unknown>> = {}): Promise<Desk> {
  const data = mkdtempSync(join(tmpdir(), 'hindra-desk-'))
  const clock = new ManualClock(Date.UTC(2026, 10, 2, 8))
  const engine = await createEngine({
    config: configWith({ data, 'pool.threads': 1, ...settings }),
    dataKey: Buffer.alloc(32, 4),
    clock,
    resolver: { resolve: () => Promise.resolve(['127.0.0.1']) },
  })
  return {
    engine,
    clock,
    async person(pseudonym, ...roles) {
      const calls = engine.as(OPERATOR)
      const named = { name: `The person ${pseudonym}`, pseudonym, kind: 'person' as const, roles }
      const { id } = await calls.people.add(named)
      return engine.as({ id, pseudonym, kind: 'person', roles })
    },
    async audit(action) {
      const found: AuditEntry[] = []
      for (let after: string | undefined; ; ) {
        const page = await engine.stages.audit.entries(defined({ after }))
        found.push(...page.filter((entry) => entry.action === action))
        after = page.at(-1)?.cursor
        if (after === undefined) return found
      }
    },
    async close() {
      await engine.shutdown()
      rmSync(data, { recursive: true, force: true })
    },
  }
}

/** Takes a single tip in, and gives its id. */
export async function tipFrom(calls: LocalCalls, tip: Readonly<Record<string, unknown>>) {
  const receipt = await calls.tips.submit(tip)
  if ('id' in receipt) return receipt.id
  throw new Error('one tip was answered as a list')
}

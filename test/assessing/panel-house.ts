import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { OPERATOR, type Role } from '../../src/access/index.ts'
import type { AssessmentOutcome } from '../../src/assessing/index.ts'
import type { AuditEntry } from '../../src/audit/index.ts'
import { configWith } from '../../src/config.ts'
import { ManualClock } from '../../src/core/index.ts'
import { createEngine, type Engine } from '../../src/engine.ts'
import type { LocalCalls } from '../../src/operations/index.ts'
import type { Classification } from '../../src/register/index.ts'

/** The classes of which the house asks two people. */
export const TWO = '{ Baseline: two, National: two, Harmful: one, Ignore: two }'
/** What the first says of it, and nobody else. */
export const SECRET = 'the blue wall behind the bed'

/** Somebody who assesses. */
export interface Colleague {
  readonly id: string
  readonly pseudonym: string
  readonly as: () => LocalCalls
}

/**
 * One engine for all tests of a file, in a house that asks two people; each test has people and URLs of its own.
 *
 * @param settings More of them, asked at each start
 * @param laid What the house lays down at first: cases, questions that must be equal, what verifies entries
 */
export function usePanelHouse(
  settings: () => Readonly<Record<string, unknown>> = () => ({}),
  laid: readonly [cases: string, equal?: readonly string[], verifying?: string] = [TWO],
) {
  const clock = new ManualClock(Date.UTC(2026, 10, 2, 8, 17))
  let directory = ''
  let engine: Engine
  let test = 0
  let people: string[] = []
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'hindra-panels-'))
    mkdirSync(join(directory, 'policy'))
    await open(...laid)
  })
  beforeEach(() => {
    test += 1
    people = []
  })
  afterAll(async () => {
    await engine.shutdown()
    rmSync(directory, { recursive: true, force: true })
  })

  /** Writes the policy of the house; answers where it stands. */
  function lay(cases: string, equal: readonly string[] = [], verifying = '{}'): string {
    const rules = `cases: ${cases}\nequal: [${equal.join()}]\nregister: ${verifying}\n`
    const policy = `version: "1"\n${rules}`
    writeFileSync(join(directory, 'policy', 'second-assessments.yaml'), policy)
    return join(directory, 'policy')
  }

  async function open(...now: Parameters<typeof lay>): Promise<void> {
    lay(...now)
    engine = await createEngine({
      config: configWith({
        data: directory,
        'pool.threads': 1,
        'takedown.dutyAddress': 'd@d.example',
        ...settings(),
      }),
      dataKey: Buffer.alloc(32, 4),
      clock,
      resolver: { resolve: () => Promise.resolve(['127.0.0.1']) },
    })
  }

  const urlOf = (name: string) => `http://host.example/${test}/${name}.jpg`

  async function reopen(...now: Parameters<typeof lay>): Promise<void> {
    await engine.shutdown()
    await open(...now)
  }

  async function person(letter: string, ...more: readonly Role[]): Promise<Colleague> {
    const pseudonym = `${letter}-${test}`
    const roles = ['analyst', ...more] as const
    const named = { name: `The person ${pseudonym}`, pseudonym, kind: 'person' as const, roles }
    const { id } = await engine.as(OPERATOR).people.add(named)
    people.push(id)
    return { id, pseudonym, as: () => engine.as({ id, pseudonym, kind: 'person', roles }) }
  }

  function assess(
    who: Colleague,
    classification: Classification,
    more: Partial<Parameters<LocalCalls['assessments']['assess']>[0]> = {},
  ): Promise<AssessmentOutcome> {
    const reason = `${SECRET}, as I see it`
    return who.as().assessments.assess({ url: urlOf('a'), classification, reason, ...more })
  }

  /** Of this test alone. */
  async function waitingFor(who: Colleague, mine?: 'true') {
    const all = await who.as().assessments.waiting({ ...(mine && { mine }), limit: 1_000 })
    return all.filter((one) => one.url.includes(`/${test}/`))
  }
  async function listed(who: Colleague) {
    const all = await who.as().assessments.list({ limit: 1_000 })
    return all.filter(({ by }) => people.includes(by))
  }
  const casesOf = (who: Colleague) => who.as().cases.ofUrl({ url: urlOf('a') })

  async function entries(): Promise<readonly AuditEntry[]> {
    const found: AuditEntry[] = []
    for (let after: string | undefined; ; ) {
      const page = await engine.stages.audit.entries({ ...(after !== undefined && { after }) })
      found.push(...page)
      after = page.at(-1)?.cursor
      if (after === undefined) return found
    }
  }

  return {
    clock,
    lay,
    engine: () => engine,
    urls: () => ({ url: urlOf('a'), other: urlOf('b') }),
    reopen,
    person,
    assess,
    waitingFor,
    listed,
    casesOf,
    entries,
  }
}

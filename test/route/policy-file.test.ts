import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openRouting, told } from './routing.ts'

let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'hindra-policy-'))
})
afterAll(() => {
  rmSync(directory, { recursive: true, force: true })
})

const HEAD = 'version: 1\nhome: NL\n'
const POLICE =
  'recipients: { police: { role: police, name: Politie, language: en, jurisdiction: NL } }\n'

async function refused(text: string): Promise<string> {
  writeFileSync(join(directory, 'routes.yaml'), text)
  const error = await openRouting({}, directory).then(
    () => 'accepted',
    (reason: unknown) => (reason as Error).message,
  )
  rmSync(join(directory, 'routes.yaml'))
  return error
}

describe('a policy of the operator', () => {
  it('takes the place of the shipped one', async () => {
    const rules =
      'rules: [{ rule: all, why: We tell the host., tell: [police, host] }]\nladder: []\n'
    writeFileSync(join(directory, 'routes.yaml'), HEAD + POLICE + rules)
    mkdirSync(join(directory, 'jurisdictions'), { recursive: true })
    writeFileSync(
      join(directory, 'jurisdictions', 'VU.yaml'),
      'language: fr\nlaw: [{ en: a law, sv: en lag }]\nregulator: { name: R, address: r@r.example }\n',
    )
    const world = await openRouting({}, directory)
    const decision = await world.decide({ country: 'VU' })
    expect(told(decision)).toEqual(['police by-hand:police', 'host mail:abuse@one.example'])
    expect(decision.recipients[1]).toMatchObject({ language: 'fr', jurisdiction: 'VU' })
    expect(world.router.jurisdiction('VU').law).toEqual([
      { en: 'a law', sv: 'en lag', asOf: null, confirmedBy: null },
    ])
    expect(world.router.jurisdiction('XX')).toMatchObject({ name: 'EU', law: [] })
    await world.context.dispose()
    rmSync(join(directory, 'routes.yaml'))
  })

  it('is refused with every problem at once', async () => {
    const message = await refused(
      `${HEAD}recipients: { police: { role: sheriff, name: P, language: sv, jurisdiction: SE } }
rules:
  - { rule: One, why: w, tell: [host] }
  - { rule: two, why: w, when: { country: sweden, colour: red }, tell: [] }
`,
    )
    expect(message).toMatch(/recipients\.police\.role/)
    expect(message).toMatch(/rules\.0\.rule: lower-case/)
    expect(message).toMatch(/rules\.1\.when\.country/)
    expect(message).toMatch(/colour/)
    expect(message).toMatch(/rules\.1\.tell/)
    expect(message).toMatch(/ladder/)
  })

  it('is refused where its rules contradict each other', async () => {
    const message = await refused(
      `${HEAD}${POLICE}ladder: []
rules:
  - { rule: a, why: w, tell: [nobody] }
  - { rule: a, why: w, when: { nature: illegal }, tell: [{ to: host, hold: { until: police-release, timeoutHours: 1 } }] }
`,
    )
    expect(message).toMatch(/rules\.0 \(a\): nobody is called nobody/)
    expect(message).toMatch(/rules\.0 \(a\): without `when` it fits always/)
    expect(message).toMatch(/rules\.1 \(a\): there is a rule of that name/)
    expect(message).toMatch(/host waits for the police, who are not told before/)
    expect(message).toMatch(/the last rule has no `when`/)
  })

  it('is refused where it is no YAML, with the line', async () => {
    expect(await refused('rules: [')).toMatch(/routes\.yaml is not readable YAML: .*line 1/)
  })
})

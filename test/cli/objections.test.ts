import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Objection } from '../../src/takedown/index.ts'
import type { Home } from './hindra.ts'
import { openTakedownHome } from './takedown-home.ts'

let home: Home
let officer: string
let caseId: string
let close: () => Promise<void>

beforeAll(async () => {
  const opened = await openTakedownHome({ country: 'TV', classification: 'Baseline' })
  ;({ home, officer, caseId, close } = opened)
})
afterAll(() => close())

const run = (...args: readonly string[]) => home.run(['objections', ...args], { key: officer })

it('an objection is written down, shown with who may decide, decided and told by hand', async () => {
  expect((await run()).stdout).toMatch(/^nobody has objected/)
  const said = ['--case', caseId.slice(0, 13), '--by', 'uploader', '--way', 'phone']
  const added = await run('add', ...said, '--words', 'It is my own picture.')
  expect(added.stdout).toMatch(/uploader +phone +open/)
  const [one] = (await home.json(['objections', 'list'], { key: officer })) as Objection[]
  const id = one?.id ?? ''
  const shown = (await run('show', id.slice(0, 13))).stdout
  expect(shown).toContain('It is my own picture.')
  expect(shown).toMatch(/may decide +\S*Ola/i)

  const unclear = await run('decide', id, '--reason', 'x')
  expect([unclear.code, unclear.stderr]).toEqual([
    2,
    expect.stringContaining('--uphold or --reject'),
  ])
  const lacking = await run('decide', id, '--uphold', '--reason', 'x')
  expect(lacking.stderr).toContain('INVALID_INPUT: takeBack: say why the case does not stand')

  const decided = await run(
    'decide',
    id,
    '--uphold',
    '--take-back',
    'not-illegal',
    '--reason',
    'No.',
  )
  expect(decided.stdout).toMatch(/upheld.*WAITS FOR YOU: by hand/)
  expect(decided.stdout).toMatch(/the case is +not-illegal/)
  expect(decided.stdout).toContain('hindra objections told ID')
  expect((await run('told', id)).stdout).toMatch(/upheld.* told/)
  expect((await run('withdraw', id, '--reason', 'x')).stderr).toContain('CONFLICT')
})

it('one whose time is over is a warning of doctor, which says how to see it', async () => {
  const said = ['--case', caseId, '--by', 'host', '--way', 'post', '--words', 'Not ours.']
  await run('add', ...said, '--received-at', '2026-01-02T08:00:00Z')
  const { stdout } = await home.run(['doctor'], { key: officer })
  expect(stdout).toMatch(/warn +store: .*objections whose time to decide is over: 1/)
  expect(stdout).toContain('hindra objections --overdue')
})

it('alerts tell of it', async () => {
  const { stdout } = await home.run(['alerts'], { key: officer })
  expect(stdout).toMatch(/objection .* received/)
  expect(stdout).toMatch(/objection .* by-hand/)
})

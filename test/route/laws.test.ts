import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { policyFiles } from '../../src/policy/index.ts'
import { confirmedLaws, isConfirmed, readRoutes, unconfirmedLaws } from '../../src/route/index.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'hindra-laws-'))
  mkdirSync(join(directory, 'jurisdictions'))
})
afterEach(() => {
  rmSync(directory, { recursive: true })
})

function own(law: string): void {
  const text = `language: sv\nlaw:\n${law}\nregulator: null\n`
  writeFileSync(join(directory, 'jurisdictions', 'SE.yaml'), text)
}

function read() {
  return readRoutes(policyFiles(directory)).tables
}

const WORDS = '  - en: the law\n    sv: lagen'

it('shipped are confirmed by nobody, so that no letter cites them', () => {
  const { jurisdictions } = read()
  expect(jurisdictions.length).toBeGreaterThan(3)
  expect(jurisdictions.flatMap(confirmedLaws)).toEqual([])
  expect(jurisdictions.flatMap(unconfirmedLaws).length).toBeGreaterThan(3)
})

it('shipped of the Regulation that notices are given under is confirmed by nobody either', () => {
  const { digitalServicesAct } = read()
  expect(digitalServicesAct).toEqual({
    en: 'Regulation (EU) 2022/2065',
    sv: 'förordning (EU) 2022/2065',
    asOf: null,
    confirmedBy: null,
  })
  expect(isConfirmed(digitalServicesAct)).toBe(false)
})

describe('of the Regulation that notices are given under', () => {
  const UNION = 'language: en\nlaw: []\nregulator: null\n'
  const ofUnion = (text: string, file = 'EU.yaml') => {
    writeFileSync(join(directory, 'jurisdictions', file), `${UNION}${text}`)
  }
  const ACT = 'digitalServicesAct:\n  en: the Regulation\n  sv: förordningen\n'

  it('is confirmed by a copy of the file of the Union with a name and a day', () => {
    ofUnion(`${ACT}  asOf: 2026-12-01\n  confirmedBy: Anna Andersson, lawyer\n`)
    expect(isConfirmed(read().digitalServicesAct)).toBe(true)
    expect(read().digitalServicesAct.sv).toBe('förordningen')
  })

  it('is confirmed by nobody in a file that says nothing of it, as older ones do', () => {
    ofUnion('')
    expect(isConfirmed(read().digitalServicesAct)).toBe(false)
    expect(read().digitalServicesAct.en).toBe('Regulation (EU) 2022/2065')
  })

  it('is refused half confirmed, and in the file of a country', () => {
    ofUnion(`${ACT}  confirmedBy: Anna\n`)
    expect(read).toThrow(/digitalServicesAct: .*asOf/)
    ofUnion('')
    ofUnion(ACT, 'SE.yaml')
    expect(read).toThrow(/SE\.yaml: .*digitalServicesAct/)
  })
})

it('shipped are national ones: a directive binds states, and nobody breaks it', () => {
  const words = read().jurisdictions.flatMap(({ law }) => law.flatMap(({ en, sv }) => [en, sv]))
  expect(words.join()).not.toMatch(/directive|direktiv/i)
})

it('are confirmed by a copy of the file with a name and a day', () => {
  own(`${WORDS}\n    asOf: 2026-12-01\n    confirmedBy: Anna Andersson, lawyer`)
  const se = read().jurisdiction('SE')
  expect(unconfirmedLaws(se)).toEqual([])
  expect(confirmedLaws(se)).toEqual([
    { en: 'the law', sv: 'lagen', asOf: '2026-12-01', confirmedBy: 'Anna Andersson, lawyer' },
  ])
})

it('of a file of before that was told apart are confirmed by nobody', () => {
  own(WORDS)
  expect(confirmedLaws(read().jurisdiction('SE'))).toEqual([])
})

it.each([
  ['    confirmedBy: Anna', /law\.0: .*asOf/],
  ['    asOf: yesterday\n    confirmedBy: Anna', /law\.0\.asOf: .*YYYY-MM-DD/],
  ["    asOf: 2026-12-01\n    confirmedBy: ' '", /law\.0\.confirmedBy/],
])('are refused half confirmed: %s', (rest, problem) => {
  own(`${WORDS}\n${rest}`)
  expect(read).toThrow(problem)
})

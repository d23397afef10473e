import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { policyFiles } from '../../src/core/index.ts'
import { confirmedLaws, readRoutes, unconfirmedLaws } from '../../src/route/index.ts'

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

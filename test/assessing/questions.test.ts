import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { keptAnswers } from '../../src/assessing/answering.ts'
import { readQuestions } from '../../src/assessing/index.ts'
import { iccamAnswers } from '../../src/cases/index.ts'
import { policyFiles } from '../../src/policy/index.ts'

let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'hindra-questions-'))
})
afterAll(() => {
  rmSync(directory, { recursive: true, force: true })
})
beforeEach(() => {
  rmSync(join(directory, 'assessment'), { recursive: true, force: true })
  mkdirSync(join(directory, 'assessment'))
})

/** The questions with these files of the house beside, or in place of, those that are shipped. */
function questionsWith(files: Readonly<Record<string, string>> = {}) {
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(directory, 'assessment', name), text)
  }
  return readQuestions(policyFiles(directory))
}

describe('the questions that are shipped', () => {
  it('are words of ICCAM only where that is verified', () => {
    const shipped = questionsWith()
    const made = keptAnswers(shipped, 'Baseline', { made: 'ai', age: 'infant', child: 'yes' }, {})
    expect(iccamAnswers(made)).toEqual({ age: ['infant'] })
    expect(made.find(({ question }) => question === 'made')).toMatchObject({
      means: ['made by AI'],
      iccam: { field: 'virtual', values: [] },
    })
    const recorded = keptAnswers(shipped, 'Baseline', { made: 'recorded' }, {})
    expect(iccamAnswers(recorded)).toEqual({ virtual: [false] })
  })

  it('require nothing: what was assessed without answers still is', () => {
    expect(keptAnswers(questionsWith(), 'Baseline', {}, {})).toEqual([])
  })

  it.each([
    ['no such question', { haircut: 'short' }, 'answers.haircut'],
    ['a name that every object has', { constructor: 'x' }, 'answers.constructor'],
    ['no such answer', { made: 'painted' }, 'answers.made'],
    ['two answers to what has one', { made: ['ai', 'drawn'] }, 'answers.made'],
    ['no answer at all', { made: [] }, 'answers.made'],
    ['what is not asked', { child: 'no', age: 'infant' }, 'answers.age'],
    ['no country', { 'child-country': 'Sweden' }, 'answers.child-country'],
    ['a name of two lines', { series: 'a\nb' }, 'answers.series'],
    ['a name without end', { series: 'a'.repeat(300) }, 'answers.series'],
    ['nothing sexual, as Baseline', { shown: 'nothing-sexual' }, 'answers.shown'],
    ['no child, as Baseline', { child: 'no' }, 'answers.child'],
  ])('refuse %s, naming the question', (_what, given, field) => {
    const shipped = questionsWith()
    expect(() => keptAnswers(shipped, 'Baseline', given, {})).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', field }) as Error,
    )
  })

  it('let what no child shows be harmful', () => {
    const [child] = keptAnswers(questionsWith(), 'Harmful', { child: 'no' }, {})
    expect(child).toMatchObject({ question: 'child', answer: ['no'] })
  })

  it('refuse what contradicts itself under any class', () => {
    const given = { shown: ['nothing-sexual', 'posing'] }
    expect(() => keptAnswers(questionsWith(), 'Harmful', given, {})).toThrow(/nothing sexual/)
  })
})

const UCS = `
version: "3.1"
questions:
  setting: { asks: Where?, answers: { indoors: { means: inside }, outdoors: { means: outside } }, required: [Baseline] }
`

describe('files of a house', () => {
  it('are more questions beside those of the house, which can be required for a class', () => {
    const both = questionsWith({ 'ucs.yaml': UCS })
    expect(both.all.at(-1)).toMatchObject({ id: 'setting', set: 'ucs' })
    expect(both.all[0]?.set).toBe('house')
    expect(keptAnswers(both, 'National', {}, {})).toEqual([])
    expect(() => keptAnswers(both, 'Baseline', {}, {})).toThrow(/setting: is to be answered/)
    const [kept] = keptAnswers(both, 'Baseline', { setting: 'indoors' }, {})
    expect(kept).toMatchObject({ set: 'ucs', means: ['inside'], asks: 'Where?' })
    expect(kept?.version).toMatch(/^3\.1\+[0-9a-f]{8}$/)
  })

  it('have another version wherever their content differs, though somebody forgot to say so', () => {
    const [one] = questionsWith({ 'house.yaml': UCS }).all
    const [other] = questionsWith({ 'house.yaml': UCS.replace('inside', 'within') }).all
    expect(other?.version).not.toBe(one?.version)
    expect(other?.version.split('+')[0]).toBe('3.1')
  })

  it.each([
    ['a name twice', UCS.replace('setting', 'age'), /house\.yaml has a question of that name/],
    ['the class', UCS.replace('setting', 'class'), /the class is no question/],
    ['a choice of nothing', 'version: "1"\nquestions: { a: { asks: b } }', /a choice has answers/],
    [
      'a condition on nothing',
      UCS.replace('required:', 'when: { colour: [red] }, required:'),
      /no choice called colour/,
    ],
    [
      'a contradiction of nothing',
      `${UCS}\nnever: [{ why: x, of: { setting: [attic] } }]`,
      /attic is none of indoors, outdoors/,
    ],
    ['a truth without yes', UCS.replace('required:', 'fills: account, required:'), /fills/],
    ['a class that is none', UCS.replace('[Baseline]', '[Bad]'), /required/],
  ])('are refused at the start for %s', (_what, text, message) => {
    expect(() => questionsWith({ 'ucs.yaml': text })).toThrow(message)
  })

  it('are refused with every problem at once', () => {
    const text = UCS.replace('setting', 'age').replace('required:', 'fills: account, required:')
    expect(() => questionsWith({ 'ucs.yaml': text })).toThrow(/question of that name.*; .*fills/)
  })
})

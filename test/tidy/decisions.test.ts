import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { citedIn, countOf, wrongForm } from './decisions.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const HOME = join(ROOT, 'docs/decisions')

/** The pages by stage. */
const pages = new Map(
  readdirSync(HOME)
    .filter((name) => name.endsWith('.md') && name !== 'README.md')
    .map((name) => [name.replace('.md', ''), readFileSync(join(HOME, name), 'utf8')] as const),
)

function textsBelow(folder: string): readonly { name: string; text: string }[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|js|cc|h|md|yaml|eta)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !/node_modules|\/build\//.test(path))
    .map((path) => ({ name: relative(ROOT, path), text: readFileSync(path, 'utf8') }))
}

describe('decisions', () => {
  it('have at most four lines each, and numbers that run from 1', () => {
    expect(pages.size).toBeGreaterThan(20)
    const wrong = [...pages].flatMap(([stage, page]) =>
      wrongForm(page).map((problem) => `${stage}: ${problem}`),
    )
    expect(wrong).toEqual([])
  })

  it('are all in the list of stages, with how many there are', () => {
    const list = readFileSync(join(HOME, 'README.md'), 'utf8')
    const rows = Array.from(
      list.matchAll(/^\| \[(\w+)\]\((\w+)\.md\) \| .+ \| (\d+) \|$/gm),
      ([, stage, file, count]) => [stage, file, Number(count)],
    )
    const expected = [...pages].map(([stage, page]) => [stage, stage, countOf(page)])
    expect(rows.sort()).toEqual(expected.sort())
  })

  it('are there where they are cited', () => {
    const cited = ['src', 'test', 'bench', 'native', 'docs', 'policy', 'templates']
      .flatMap(textsBelow)
      // Their own test cites some that are not there.
      .filter(({ name }) => !name.startsWith('test/tidy/decisions'))
      .flatMap(({ name, text }) => citedIn(text).map((one) => ({ name, ...one })))
    expect(cited.length).toBeGreaterThan(10)
    const missing = cited.filter(
      ({ stage = '', number }) => number < 1 || number > countOf(pages.get(stage) ?? ''),
    )
    expect(missing).toEqual([])
  })

  it('a breach would be seen', () => {
    const good = '# x\n\n1. **This** and\n   that.\n2. **More.**\n'
    expect(wrongForm(good)).toEqual([])
    expect(wrongForm('# x\n')).toEqual(['there is no decision'])
    expect(wrongForm(good.replace('2.', '3.'))).toEqual(['line 5: 3 follows 1'])
    expect(wrongForm(`${good}   a\n   b\n   c\n   d\n`)).toEqual(['line 9: 2 has over 4 lines'])
    expect(wrongForm(`${good}   ${'a'.repeat(120)}\n`)).toEqual(['line 6: over 120 characters'])
    expect(wrongForm('1. This.\n')).toEqual(['line 1: does not begin with what was decided'])
    expect(citedIn('see decisions match 5 and\n  // 9; decision 12')).toEqual([
      { stage: 'match', number: 5 },
      { stage: 'match', number: 9 },
      { stage: undefined, number: 12 },
    ])
  })
})

import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { glossaryNouns, sharedNouns } from './head-nouns.ts'

const src = resolve(import.meta.dirname, '../../src')
const GLOSSARY_LINES_MAX = 80

/** The glossary from its heading to the next one. */
function glossary(): string {
  const readme = readFileSync(join(src, 'README.md'), 'utf8')
  return /^## Glossary\n[^]*?(?=\n## )/m.exec(readme)?.[0] ?? ''
}

describe('the noun that the name of an exported type ends in', () => {
  it('is in the glossary, or only one folder uses it', () => {
    const sources = readdirSync(src, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name))
      .map((name) => ({ name, text: readFileSync(join(src, name), 'utf8') }))
    const shared = sharedNouns(sources)
    expect(shared.size).toBeGreaterThan(50)
    const explained = glossaryNouns(glossary())
    expect([...shared].filter(([noun]) => !explained.has(noun))).toEqual([])
  })

  it('is missed where two folders use one that nobody explained', () => {
    const sources = [
      { name: 'cases/a.ts', text: 'export interface CaseGadget {}\nexport class Case {}' },
      { name: 'trace/b.ts', text: "export type Gadgets = 'a' | 'b'\ninterface Widget {}" },
      {
        name: 'trace/c.ts',
        text: 'export type AskGadget = () => void\nexport interface Widget {}',
      },
      { name: 'stats/d.ts', text: 'export interface HostStatus {}' },
    ]
    expect([...sharedNouns(sources)]).toEqual([['gadget', ['cases/CaseGadget', 'trace/Gadgets']]])
    const words = '| errors | |\n| --- | --- |\n| Raw hit, status | told |\n| Case | one |'
    expect(glossaryNouns(words)).toEqual(new Set(['error', '---', 'hit', 'status', 'case']))
  })

  it('is explained briefly', () => {
    const lines = glossary().split('\n')
    expect(lines.length).toBeGreaterThan(50)
    expect(lines.length).toBeLessThanOrEqual(GLOSSARY_LINES_MAX)
  })
})

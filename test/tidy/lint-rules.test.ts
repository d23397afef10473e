import { resolve } from 'node:path'
import { ESLint } from 'eslint'
import { describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '../..')

/** What breaks a rule, and what only comes near. */
const PLANTED = {
  'foreign-names': {
    broken: [
      'export const read = (name: string) => table[name]',
      'export const write = (name: string) => (table[name] = 1)',
      'export const has = (name: string) => name in table',
    ],
    fine: ["export const fine = (name: 'a', at: number) => [table[name], [1][at], 'b' in table]"],
  },
  'squeezed-objects': {
    broken: [
      'export const squeezed = (a: number, b: number) => ({ ...{ a, b } })',
      'export const spread = (a?: number) => ({ ...(a === undefined ? {} : { a }) })',
      'export const named = (a?: number) => ({ b: 1, ...(a !== undefined ? { c: a } : {}) })',
      'export const given = (o: { a?: 1 }) => (o.a === undefined ? {} : { a: o.a })',
    ],
    fine: [
      'export const empty = () => ({ ...table, ...{} })',
      'export const derived = (a?: number) => ({ ...(a === undefined ? {} : { a: a + 1 }) })',
      'export const other = (a: 1 | null) => ({ ...(a === null ? {} : { a }) })',
      'export const listed = (a: number) => [...[a, a]]',
    ],
  },
}

describe('the rules of our own', { timeout: 120_000 }, () => {
  it.each(Object.entries(PLANTED))('see a breach: %s', async (rule, { broken, fine }) => {
    const ruleFilter = ({ ruleId }: { ruleId: string }) => ruleId.startsWith('hindra/')
    const eslint = new ESLint({ cwd: root, ruleFilter })
    const text = ['const table: Record<string, number> = {}', ...broken, ...fine].join('\n')
    const [found] = await eslint.lintText(text, { filePath: resolve(root, 'src/config.ts') })
    const places = found?.messages.map(({ ruleId, line }) => `${String(ruleId)} ${String(line)}`)
    expect(places).toEqual(broken.map((_, at) => `hindra/${rule} ${String(at + 2)}`))
  })
})

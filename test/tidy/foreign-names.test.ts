import { resolve } from 'node:path'
import { ESLint } from 'eslint'
import { expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
const PLANTED = [
  'const table: Record<string, number> = {}',
  'export const read = (name: string) => table[name]',
  'export const write = (name: string) => (table[name] = 1)',
  'export const has = (name: string) => name in table',
  "export const fine = (name: 'a', at: number) => [table[name], [1][at], 'b' in table]",
]

it('looks up no name that others chose as a property', { timeout: 120_000 }, async () => {
  const eslint = new ESLint({ cwd: root, ruleFilter: ({ ruleId }) => ruleId.startsWith('hindra/') })
  const text = PLANTED.join('\n')
  const [found] = await eslint.lintText(text, { filePath: resolve(root, 'src/config.ts') })
  const places = found?.messages.map(({ ruleId, line }) => `${String(ruleId)} ${String(line)}`)
  expect(places).toEqual([2, 3, 4].map((line) => `hindra/foreign-names ${String(line)}`))
})

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { audit } from '../../src/console/words/audit/index.ts'
import { packageFile } from '../../src/core/index.ts'

/** An act by its name, where it is written whole. */
const ACT = /\b(?:action|reads)(?: =|:)[^\n]*/g
const NAME = /'([a-z]+(?:-[a-z]+)*\.[a-z]+(?:-[a-z]+)*)'/g

function written(): readonly string[] {
  const src = packageFile('src')
  return readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.startsWith('console'))
    .flatMap((file) => readFileSync(join(src, file), 'utf8').match(ACT) ?? [])
    .flatMap((line) => [...line.matchAll(NAME)].map(([, name = '']) => name))
}

it('has words in both languages for each act that the sources name', () => {
  const acts = new Set(written())
  expect(acts.size).toBeGreaterThan(200)
  const { en, sv } = audit
  expect([...acts].filter((act) => !(act in en.actions) || !(act in sv.actions))).toEqual([])
})

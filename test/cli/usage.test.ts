import { afterAll, expect, it } from 'vitest'
import { createHome } from './hindra.ts'

const home = createHome()
afterAll(() => home.dispose())

it.each([
  ['cases release x', "unknown command 'release'", 'hindra cases'],
  ['tips nope', "unknown command 'nope'", 'hindra tips'],
  [
    'cases list x',
    "too many arguments for 'list'. Expected 0 arguments but got 1.",
    'hindra cases list',
  ],
  ['cases --nope x', "unknown option '--nope'", 'hindra cases list'],
  ['cases show', "missing required argument 'id'", 'hindra cases show'],
  ['stats 3', "too many arguments for 'stats'. Expected 0 arguments but got 1.", 'hindra stats'],
  ['nope', "unknown command 'nope' (Did you mean people?)", 'hindra'],
])('hindra %s: %s', async (words, problem, help) => {
  const { code, stderr, stdout } = await home.run(words.split(' '))
  expect(stderr).toBe(`INVALID_INPUT: ${problem}\n  ${help} --help shows what it takes.\n`)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
})

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { run } from '../../src/cli/main.ts'
import { COMMAS, readCsv } from '../../src/csv/index.ts'
import { createHome, type Home } from './hindra.ts'

let home: Home
let key: string
beforeAll(async () => {
  home = createHome()
  await home.run(['init'])
  key = (await home.person('anna', 'analyst')).key
})
afterAll(() => home.dispose())

const JUDGED = ['--classification', 'Baseline', '--reason', 'as tested']

interface Shown {
  readonly assessments: readonly {
    readonly answers: readonly { readonly question: string; readonly answer: readonly string[] }[]
  }[]
}

async function answersOf(caseId: string) {
  const shown = (await home.json(['cases', 'show', caseId], { key })) as Shown
  return shown.assessments.flatMap(({ answers }) =>
    answers.map(({ question, answer }) => [question, ...answer]),
  )
}

/** Somebody sits at a terminal and types these lines, each when something is asked. */
async function typed(args: readonly string[], lines: readonly string[]) {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
  const left = [...lines]
  stderr.on('data', (chunk: Buffer) => {
    if (!chunk.toString().endsWith(': ')) return
    const line = left.shift()
    if (line === undefined) stdin.end()
    else stdin.write(`${line}\n`)
  })
  const said = text(stdout)
  const asked = text(stderr)
  const env = { HOME: home.directory, HINDRA_DATA: home.data, HINDRA_KEY: key }
  const pool = { HINDRA_POOL_THREADS: '1', HINDRA_FEATURES_STORE: 'false' }
  const code = await run(args, {
    env: { ...env, ...pool },
    stdin: Object.assign(stdin, { isTTY: true }),
    stdout,
    stderr: Object.assign(stderr, { isTTY: true }),
  })
  stdout.end()
  stderr.end()
  return { code, stdout: await said, stderr: await asked }
}

it('takes answers of options and of a file, and gives them back as CSV', async () => {
  const file = join(home.directory, 'answers.json')
  writeFileSync(file, JSON.stringify({ child: 'yes', sex: ['girl', 'boy'] }))
  const url = 'https://host.example/options.jpg'
  const options = [
    '--answers',
    file,
    '--answer',
    'made=ai',
    '--answer',
    'series==1+1',
    '--child',
    'se',
  ]
  const opened = (await home.json(['assess', url, ...JUDGED, ...options], { key })) as {
    id: string
  }
  expect(await answersOf(opened.id)).toEqual([
    ['child', 'yes'],
    ['sex', 'girl', 'boy'],
    ['made', 'ai'],
    ['series', '=1+1'],
    ['child-country', 'SE'],
  ])
  const { stdout } = await home.run(['cases', 'assessments', '--all', '--csv'], { key })
  // What a spreadsheet would run is no formula any more.
  expect(stdout).toContain("'=1+1")
  const [head, row] = readCsv(stdout, COMMAS).map(({ cells = [] }) => cells)
  const cell = (name: string) => row?.[head?.indexOf(name) ?? -1]
  expect([cell('assessor'), cell('class'), cell('sex'), cell('made')]).toEqual([
    ...['ANNA', 'Baseline', 'girl|boy', 'ai'],
  ])
  const shown = await home.run(['cases', 'show', opened.id], { key })
  expect(shown.stdout).toMatch(/How was it made\?\s+made by AI\s+house 2026-11\+/)
})

it.each([
  [['--answer', 'made'], /made is not question=term/],
  [['--answer', '__proto__=ai'], /INVALID_INPUT/],
  [['--answer', 'made=painted'], /made: one of recorded, ai/],
  [['--answers', 'none.json'], /cannot be read/],
])('refuses %j', async (options, message) => {
  const url = 'https://host.example/refused.jpg'
  const { code, stderr } = await home.run(['assess', url, ...JUDGED, ...options], { key })
  expect(code).not.toBe(0)
  expect(stderr).toMatch(message)
})

it('asks what options left open, one after the other, and only what is to be asked', async () => {
  const url = 'https://host.example/asked.jpg'
  const args = ['assess', url, ...JUDGED, '--answer', 'child=yes', '--child', 'DE']
  // Age: wrong, then right. Who: left open. What: two. Made by AI: nobody is asked whether the child made it.
  const { code, stderr } = await typed(args, [
    ...['old', 'infant', '', 'activity, posing', 'ai', '', '', '', '', ''],
  ])
  expect(code).toBe(0)
  expect(stderr).not.toMatch(/Is a child shown|Did the child make it|country is the child/)
  expect(stderr.match(/How old is the youngest/g)).toHaveLength(2)
  const [found] = (await home.json(['cases', 'of', url], { key })) as { id: string }[]
  expect(await answersOf(found?.id ?? '')).toEqual([
    ['child', 'yes'],
    ['age', 'infant'],
    ['shown', 'activity', 'posing'],
    ['made', 'ai'],
    ['child-country', 'DE'],
  ])
})

it('assesses nothing where whoever is asked goes away', async () => {
  const url = 'https://host.example/left.jpg'
  const { code, stderr } = await typed(['assess', url, ...JUDGED], ['yes', 'infant'])
  expect(code).not.toBe(0)
  expect(stderr).toContain('nothing was assessed')
  expect(await home.json(['cases', 'of', url], { key })).toEqual([])
})

it('asks nobody where --no-ask says so, or no terminal is there', async () => {
  const url = 'https://host.example/silent.jpg'
  const { code, stderr } = await typed(['assess', url, ...JUDGED, '--no-ask'], [])
  expect([code, stderr]).toEqual([0, ''])
})

it('prints what is asked without an assessment', async () => {
  const { stdout } = await home.run(['assess', '--questions'], { key })
  expect(stdout).toMatch(/self-made\s+Did the child make it\?\s+yes\s+the child made it/)
  expect(stdout).toContain('what shows no child is neither Baseline nor National')
})

import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createHome, type Home } from './hindra.ts'

const README = resolve(import.meta.dirname, '../../src/exchange/README.md')

let home: Home
let key: string
beforeAll(async () => {
  home = createHome()
  await home.json(['init'])
  key = (await home.person('partner', 'exchange', 'officer')).key
  const rows = ['a', 'b', 'c'].map((name) => `${name},Baseline,${name.repeat(32)}\n`)
  for (const [file, kept] of [
    ['partner.csv', rows],
    ['fewer.csv', rows.slice(1)],
  ] as const) {
    const path = join(home.directory, file)
    writeFileSync(path, `key,classification,md5\n${kept.join('')}`)
  }
})
afterAll(() => home.dispose())

it('the examples of its guide run as they stand', async () => {
  const blocks = readFileSync(README, 'utf8').matchAll(/^```sh example\n(.*?)^```$/gms)
  const lines = [...blocks].flatMap(([, body = '']) => body.trim().split('\n'))
  expect(lines.length).toBeGreaterThan(5)
  for (const line of lines) {
    const [, ...args] = line.split(' ')
    const there = args.map((arg) => (arg.endsWith('.csv') ? join(home.directory, arg) : arg))
    const { code, stderr } = await home.run(there, { key })
    expect([line, code, stderr]).toEqual([line, 0, expect.any(String)])
  }
  const lists = (await home.json(['lists'], { key })) as { name: string; entries: object }[]
  expect(lists.find(({ name }) => name === 'partner-x')?.entries).toMatchObject({
    ...{ proposed: 2, retracted: 1 },
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROLES } from '../../src/access/index.ts'
import type { Alert } from '../../src/cases/index.ts'
import { type Api, startApi } from '../http/api.ts'
import { createHome, type Home } from './hindra.ts'

/** Lists on a terminal: what a page leaves out is said, and --all leaves nothing out. */
let api: Api
let home: Home
let key: string

beforeAll(async () => {
  home = createHome()
  api = await startApi()
  // Who watches has no other role.
  key = (await api.keyOf(...ROLES.filter((role) => role !== 'monitor'))).key
  for (const at of [1, 2, 3]) {
    const url = `https://127.0.0.1/${String(at)}`
    const body = { url, classification: 'Baseline', reason: 'as tested' }
    await api.call('POST', '/v1/assessments', { key, body })
  }
})
afterAll(async () => {
  await api.dispose()
  await home.dispose()
})

const run = (...args: readonly string[]) => home.run(args, { key, env: { HINDRA_URL: api.url } })

describe('a list', () => {
  it.each([
    ...['alerts', 'audit', 'cases', 'cases rejudged', 'hotline-exports', 'items', 'notices'],
    ...[
      'notices holds',
      'notices police-mails',
      'waiting',
      'objections',
      'recheck waiting',
      'route contacts',
      'tips',
      'trace overrides',
    ],
  ])('of %s is shown to its end with --all', async (command) => {
    const shown = await run(...command.split(' '), '--all')
    expect([shown.code, shown.stderr]).toEqual([0, ''])
  })

  it.each(['sources votes none', 'webhooks dead none'])('%s takes --all', async (command) => {
    expect((await run(...command.split(' '), '--all')).stderr).toContain('NOT_FOUND')
  })

  it('says where a page ends, and goes on behind it', async () => {
    const cursors = async (...args: readonly string[]) => {
      const { stdout, stderr } = await run('alerts', ...args, '--json')
      return { found: (JSON.parse(stdout) as Alert[]).map(({ cursor }) => cursor), stderr }
    }
    const first = await cursors('--limit', '2')
    expect(first.found).toEqual(['1', '2'])
    expect(first.stderr).toBe('2 shown; --after 2 for more, --all for all\n')
    expect(await cursors('--after', '2')).toEqual({ found: ['3'], stderr: '' })
    expect((await run('cases', '--limit', '2')).stderr).toMatch(
      /^2 of 3 shown; --after \S+ for more/,
    )
    expect((await run('cases', '--limit', '3')).stderr).toBe('')
  })
})

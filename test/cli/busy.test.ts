import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPatience } from '../../src/client/patience.ts'
import { SeededRandom } from '../../src/core/index.ts'
import { HindraError } from '../../src/errors.ts'
import { type Api, startApi } from '../http/api.ts'
import { createHome, type Home } from './hindra.ts'

const A_MINUTE = 60

let api: Api
let home: Home
let key: string

beforeAll(async () => {
  home = createHome()
  api = await startApi({
    'limits.readsPerMinute': A_MINUTE,
    'limits.writesPerMinute': A_MINUTE,
    'limits.feedsPerMinute': A_MINUTE,
  })
  key = (await api.keyOf('analyst')).key
})
afterAll(async () => {
  await home.dispose()
  await api.dispose()
})

/** Uses up what the key may do in this minute. */
async function tire(method: string, path: string, type: string): Promise<void> {
  for (let left = A_MINUTE; ; left -= 1) {
    const headers = { 'content-type': type }
    const body = method === 'GET' ? {} : { body: '' }
    const { status } = await api.call(method, path, { key, headers, ...body })
    if (status === 429) return
    if (left < -A_MINUTE) throw new Error('there is no limit')
  }
}

const run = (args: readonly string[], stdin = '') =>
  home.run([...args], { key, stdin, env: { HINDRA_URL: api.url } })

describe('a server that asks for time', () => {
  const said = /RATE_LIMITED: the server is busy, trying again in \d+ s\n/

  it('is asked again later, and the command says why it waits', async () => {
    await tire('GET', '/v1/whoami', 'text/plain')
    const { code, stdout, stderr } = await run(['items'])
    expect([code, stdout]).toEqual([0, 'nothing\n'])
    expect(stderr).toMatch(said)
    await tire('POST', '/v1/tips', 'application/json')
    const tip = await run(['tip', 'https://host.example/a'])
    expect(tip.code).toBe(0)
    expect(tip.stderr).toMatch(said)
  })

  it('is sent every line of a scan nonetheless, once', async () => {
    await tire('POST', '/v1/scans', 'application/x-ndjson')
    const hashes = [{ type: 'md5', value: '0'.repeat(32) }]
    const lines = Array.from({ length: 30 }, (_, number) =>
      JSON.stringify({ url: `https://host.example/${String(number)}`, hashes }),
    )
    const { code, stdout, stderr } = await run(['scan', '-', '--json'], lines.join('\n'))
    expect(stderr).toMatch(said)
    expect(stderr).toMatch(/30 none\n$/)
    expect(code).toBe(0)
    expect(stdout.trimEnd().split('\n')).toHaveLength(30)
  })

  it('is not waited for longer than there is patience', async () => {
    const told: number[] = []
    const options = { giveUpAfterMs: 1_000, onRetry: (_: unknown, ms: number) => told.push(ms) }
    const patience = createPatience(options, new SeededRandom(1))
    const asks = (retryAfterSeconds: number) =>
      new HindraError('OVERLOADED', 'the server is too busy', { retryAfterSeconds })
    await expect(patience.afterFailure(asks(2))).rejects.toThrow('too busy')
    expect(told).toEqual([])
    await patience.afterFailure(asks(0.9))
    expect(told).toEqual([900])
    await expect(patience.afterFailure(asks(0.9))).rejects.toThrow('too busy')
  })
})

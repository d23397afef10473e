import { createInterface } from 'node:readline'
import { PassThrough } from 'node:stream'
import { request } from 'undici'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import { createHome, type Home } from '../cli/hindra.ts'

const LINES = 12

let home: Home
let key: string

beforeAll(async () => {
  home = createHome()
  await home.json(['init'])
  key = (await home.person('rack', 'crawler-verdict')).key
})
afterAll(() => home.dispose())

describe('a server that is told to end while it works', () => {
  it('answers what it has read, ends the answer whole, lets nobody else in, and is started again', async () => {
    const server = await home.serve()
    const media = (await sceneJpeg(4, { width: 1_200, height: 900 })).toString('base64')
    const body = new PassThrough()
    const sent = request(`${server.url}/v1/sightings?ordered=true`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/x-ndjson' },
      body,
    })
    for (let n = 1; n <= LINES; n += 1) {
      body.write(`${JSON.stringify({ url: `https://host.example/${String(n)}.jpg`, media })}\n`)
    }
    const answer = await sent
    const answers: { line: number; verdict: string }[] = []
    let ended: Promise<number | null> | undefined
    for await (const line of createInterface(answer.body)) {
      answers.push(JSON.parse(line) as { line: number; verdict: string })
      // In the middle of it; the request itself has no end.
      ended ??= server.end('SIGTERM')
    }
    // An answer that breaks off throws above.
    expect(answers).toEqual(answers.map((_one, at) => ({ line: at + 1, verdict: 'none' })))
    expect(answers.length).toBeGreaterThan(1)
    await expect(request(`${server.url}/livez`)).rejects.toThrow(/ECONNREFUSED/)
    body.end()
    expect(await ended).toBe(0)

    const next = await home.serve()
    expect(await (await request(`${next.url}/readyz`)).body.json()).toEqual({ ready: true })
    expect(await next.end('SIGTERM')).toBe(0)
  })
})

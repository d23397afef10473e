import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { request } from 'undici'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import { createHome, type Home } from './hindra.ts'

let home: Home

beforeEach(async () => {
  home = createHome()
  await home.json(['init'])
})
afterEach(() => home.dispose())

describe('the built command', () => {
  it('works alone under the same rules, and leaves no socket behind', async () => {
    const { key } = await home.person('Anna', 'analyst', 'verifier')
    const picture = join(home.directory, 'a.jpg')
    writeFileSync(picture, await sceneJpeg(3))
    const register = ['register', picture, '--classification', 'Baseline', '--json']
    const proposed = await home.spawn(register, { key })
    expect(proposed.code).toBe(0)
    const { id } = (JSON.parse(proposed.stdout) as { answer: { id: string } }).answer
    const own = await home.spawn(['verify', id], { key })
    expect(own).toMatchObject({ code: 3, stdout: '' })
    expect(own.stderr).toMatch(/^SAME_PERSON: /)
    expect(existsSync(join(home.data, 'hindra.sock'))).toBe(false)
  })

  it('ends quietly when nobody reads on', async () => {
    const child = home.start(['exit-codes'])
    child.stdout?.destroy()
    const stderr = child.stderr === null ? '' : text(child.stderr)
    const [code] = (await once(child, 'close')) as [number]
    expect([code, await stderr]).toEqual([141, ''])
  })

  it('waits for another one that has the store', async () => {
    const added = await Promise.all(
      ['one', 'two'].map((name) => home.spawn(['people', 'add', name, '--pseudonym', name])),
    )
    expect(added.map(({ code, stderr }) => [code, stderr])).toEqual([
      [0, ''],
      [0, ''],
    ])
    expect(await home.json(['people'])).toHaveLength(2)
  })
})

describe('hindra serve', () => {
  it('is what commands talk to, over the socket and over TCP, under the same rules', async () => {
    const server = await home.serve()
    for (const path of ['/livez', '/readyz']) {
      const { statusCode, body } = await request(`${server.url}${path}`)
      expect(statusCode).toBe(200)
      // Whoever has no key learns that it runs, and nothing else.
      expect(Object.keys((await body.json()) as object)).toHaveLength(1)
    }
    const analyst = await home.person('Anna', 'analyst')
    const verifier = await home.person('Bo', 'verifier')
    const picture = join(home.directory, 'a.jpg')
    writeFileSync(picture, await sceneJpeg(3))

    const proposed = await home.spawn(
      ['register', picture, '--classification', 'Baseline', '--json'],
      { key: analyst.key },
    )
    expect(proposed.code).toBe(0)
    const { id } = (JSON.parse(proposed.stdout) as { answer: { id: string } }).answer

    // Another machine: no data directory, only the URL.
    const elsewhere = { HINDRA_DATA: join(home.directory, 'none'), HINDRA_URL: server.url }
    const keyless = await home.run(['people'], { env: elsewhere })
    expect(keyless.stderr).toMatch(/^UNAUTHENTICATED: /)
    expect((await home.run(['verify', id], { key: analyst.key, env: elsewhere })).code).toBe(3)
    expect((await home.run(['verify', id], { key: verifier.key, env: elsewhere })).code).toBe(0)
    const scanned = await home.run(['scan', picture, '--json'], {
      key: analyst.key,
      env: elsewhere,
    })
    expect(JSON.parse(scanned.stdout)).toMatchObject({ answer: { verdict: 'exact' } })

    const ada = await home.person('Ada', 'admin')
    const settings = await home.json(['config'], { key: ada.key, env: elsewhere })
    expect(settings).toContainEqual(
      expect.objectContaining({ path: 'data', value: home.data, from: 'environment' }),
    )

    const second = await home.spawn(['serve', '--port', '0'])
    expect(second.code).toBe(6)
    expect(second.stderr).toMatch(new RegExp(`^STORE_LOCKED: .*${String(server.process.pid)}`))

    expect(await server.end('SIGTERM')).toBe(0)
    expect(existsSync(server.socket)).toBe(false)
    expect(await home.json(['items'], { key: analyst.key })).toHaveLength(1)
  })

  it('is killed, leaves a socket behind, and starts again with all that it answered', async () => {
    const killed = await home.serve()
    const { id } = await home.person('Anna', 'analyst')
    expect(await killed.end('SIGKILL')).toBe(null)
    expect(existsSync(killed.socket)).toBe(true)

    // Without a server: the socket that is left is not taken for one.
    expect(await home.json(['people'])).toMatchObject([{ id }])
    const again = await home.serve()
    expect(await home.json(['people'])).toMatchObject([{ id }])
    expect(await again.end('SIGINT')).toBe(0)
  })
})

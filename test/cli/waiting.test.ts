import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Errand } from '../../src/takedown/index.ts'
import type { Home } from './hindra.ts'
import { openTakedownHome } from './takedown-home.ts'

/** A relay that refuses every mail for good, and an officer at the command line. */
let home: Home
let officer: string
let caseId: string
let close: () => Promise<void>

beforeAll(async () => {
  const behaviour = 'refuse-recipient'
  const opened = await openTakedownHome({ country: 'MD', classification: 'Baseline', behaviour })
  ;({ home, officer, caseId, close } = opened)
})
afterAll(() => close())

const run = (...args: readonly string[]) => home.run(args, { key: officer })
const waiting = async () => (await home.json(['waiting'], { key: officer })) as readonly Errand[]

describe('hindra waiting', () => {
  it('shows what waits, since when and what ends it, as stats and doctor count it', async () => {
    const all = await waiting()
    expect(all.map(({ kind }) => kind).sort()).toEqual(['notice', 'undelivered'])
    for (const one of all) expect(one).toMatchObject({ caseId, urgent: false })
    const { stdout } = await run('waiting')
    expect(stdout).toMatch(/undelivered-[0-9a-f-]{36} +undelivered .*hindra notices retry ID/)
    expect(stdout).toMatch(/notice-[0-9a-f-]{36} +notice .*hindra notices told ID/)
    expect(stdout).not.toMatch(/alpha\.example/)
    const { since } = [...all].sort((a, b) => (a.since < b.since ? -1 : 1))[0] ?? {}
    expect(await home.json(['stats'], { key: officer })).toMatchObject({
      waiting: { count: 2, oldestSince: since },
    })
    expect((await run('stats')).stdout).toMatch(/waiting count +2\n/)
    expect((await run('doctor')).stdout).toContain(
      `things that wait for a person: 2, the oldest since ${since ?? ''} (hindra waiting)`,
    )
    expect((await run('alerts')).stdout).toMatch(/by-hand/)
  })

  it('is ended by the act that settles it, and says so where it is not', async () => {
    const [notice] = (await waiting()).filter(({ kind }) => kind === 'notice')
    const { code, stderr } = await run('waiting', 'done', notice?.id ?? '')
    expect(code).not.toBe(0)
    expect(stderr).toMatch(/^CONFLICT: that does not end it: hindra notices told ID/)
    await home.json(['hotline-exports', 'take', '--kind', 'interpol', '--today'], { key: officer })
    expect((await waiting()).map(({ kind }) => kind)).toEqual(['undelivered'])
    expect((await run('waiting', 'done', 'reply-none')).stderr).toMatch(/^NOT_FOUND/)
  })
})

const hasOpenssl = spawnSync('openssl', ['version']).status === 0
if (!hasOpenssl) console.warn('openssl is not installed: no key is checked here')

describe.skipIf(!hasOpenssl)('hindra route check-key', () => {
  const TO = 'police@police.example'

  function certificate(name: string, bits = 2_048, address = TO, more: readonly string[] = []) {
    const file = join(home.directory, `${name}.pem`)
    const key = ['-newkey', `rsa:${bits}`, '-nodes', '-keyout', `${file}.key`, '-out', file]
    const subject = ['-subj', '/CN=Test', '-addext', `subjectAltName=email:${address}`]
    const made = spawnSync('openssl', ['req', '-x509', ...key, '-days', '400', ...subject, ...more])
    if (made.status !== 0) throw new Error(made.stderr.toString())
    return file
  }

  const check = (file: string, to = TO) => run('route', 'check-key', to, file)

  it('says what a good one is, and how letters come to be encrypted with it', async () => {
    const file = certificate('good')
    const { code, stdout } = await check(file)
    expect(code).toBe(0)
    expect(stdout).toMatch(/kind +smime\n[^]*fingerprint +[0-9A-F]{64}\n[^]*to look at +nothing\n/)
    expect(stdout).toContain(`takedown.confidence: {"${TO}":{"certificate":"${file}"}}`)
    expect((await run('route', 'keys')).stdout).toMatch(/^nobody has a key/)
  })

  it('refuses what nothing could be encrypted with, and says why', async () => {
    const weak = await check(certificate('weak', 1_024))
    expect([weak.code, weak.stderr]).toEqual([
      expect.any(Number),
      expect.stringMatching(/^INVALID_INPUT: file: .*RSA with 1024 bits; 2048 are the least/),
    ])
    const signs = ['-addext', 'keyUsage=digitalSignature']
    expect((await check(certificate('signs', 2_048, TO, signs))).stderr).toMatch(
      /^INVALID_INPUT: file: .*not made for encryption/,
    )
    const text = join(home.directory, 'none.asc')
    writeFileSync(text, 'no key')
    expect((await check(text)).stderr).toMatch(/^INVALID_INPUT: file: /)
    expect((await check(join(home.directory, 'away'))).stderr).toMatch(
      /^INVALID_INPUT: .*cannot be/,
    )
    expect((await check(text, 'nobody')).stderr).toMatch(/^INVALID_INPUT: address: is no mail/)
  })

  it('tells of another address, which one key for several mailboxes may name', async () => {
    const { code, stdout } = await check(certificate('other', 2_048, 'other@police.example'))
    expect(code).toBe(0)
    expect(stdout).toMatch(/to look at +its key names another address/)
  })
})

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { defined } from '../../src/core/index.ts'
import { type Confidence, openConfidence as openBySettings } from '../../src/confidence/index.ts'
import { ALPHA, openTakedownWorld, type TakedownWorld } from './world.ts'

const TO = ALPHA.abuseContact
const URL_1 = 'http://alpha.example/1.jpg'
const has = (program: string) => spawnSync(program, ['--version']).status === 0
const [hasOpenssl, hasGpg] = [has('openssl'), has('gpg')]
if (!hasOpenssl) console.warn('openssl is not installed: S/MIME is not read back here')
if (!hasGpg) console.warn('gpg is not installed: OpenPGP is not read back here')

let folder: string
let world: TakedownWorld | undefined
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hindra-keys-'))
})
afterAll(() => {
  if (hasGpg) spawnSync('gpgconf', ['--homedir', folder, '--kill', 'all'])
  rmSync(folder, { recursive: true, force: true })
})
afterEach(async () => {
  await world?.dispose()
  world = undefined
})

type Settings = Parameters<typeof openBySettings>[0]

function openConfidence(
  confidence: Settings['confidence'],
  told?: Parameters<typeof openBySettings>[1],
): Promise<Confidence> {
  return openBySettings({ confidence, keyWarnDays: 30 }, told)
}

const file = (name: string) => join(folder, name)

function run(program: string, args: readonly string[], input?: Uint8Array): Buffer {
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: folder,
    env: { ...process.env, GNUPGHOME: folder },
    maxBuffer: 64 * 1024 * 1024,
    ...defined({ input }),
  })
  if (status !== 0) throw new Error(`${program}: ${stderr.toString()}`)
  return stdout
}

/** A certificate with its key, `NAME.pem` and `NAME.key`. */
function certificate(name: string, more: readonly string[] = [], key = 'rsa:2048'): string {
  const subject = ['-subj', '/CN=Test', '-addext', `subjectAltName=email:${TO}`]
  const made = [
    '-newkey',
    key,
    '-nodes',
    '-keyout',
    file(`${name}.key`),
    '-out',
    file(`${name}.pem`),
  ]
  run('openssl', ['req', '-x509', ...made, '-days', '3650', ...subject, ...more])
  return file(`${name}.pem`)
}

/** The public part of a new key that nobody but this test has. */
function openpgp(
  name: string,
  address: string,
  uses: string,
  algorithm = 'future-default',
): string {
  const quiet = ['--batch', '--passphrase', '', '--quick-gen-key', `Test <${address}>`]
  run('gpg', [...quiet, algorithm, uses, '2y'])
  writeFileSync(file(name), run('gpg', ['--armor', '--export', address]))
  return file(name)
}

async function open(way: object): Promise<TakedownWorld> {
  const confidence = await openConfidence({ [TO]: way } as Settings['confidence'])
  world = await openTakedownWorld({}, { confidence })
  return world
}

/** The mail as it left, whose outside says nothing. */
async function sent(here: TakedownWorld, url = URL_1): Promise<Buffer> {
  await here.assessed(url)
  // Keys that were made just now are not valid before.
  here.pass(Math.max(0, (Date.now() - Date.parse(here.now())) / 3_600_000) + 1)
  expect(await here.run()).toMatchObject({ mailsSent: 1, problems: [] })
  const raw = here.server.received.at(-1)?.raw ?? Buffer.alloc(0)
  const text = raw.toString('latin1')
  expect(text).toMatch(/^Subject: \[\.\.\.\]\r$/m)
  expect(text).not.toContain('alpha.example/1')
  expect(text).not.toContain('X-Hindra-Step')
  return raw
}

function opened(mail: string): void {
  expect(mail).toMatch(/^Subject: .{10}/m)
  expect(mail).toMatch(/^Content-Type: multipart\/report/m)
  expect(mail).toContain('message/feedback-report')
  expect(mail).toContain('xarf.json')
  expect(mail).toContain(URL_1)
}

describe.skipIf(!hasOpenssl)('a letter to somebody with a certificate', () => {
  const decrypted = (raw: Buffer, name: string): string => {
    const keys = ['-inkey', file(`${name}.key`), '-recip', file(`${name}.pem`)]
    return run('openssl', ['cms', '-decrypt', '-inform', 'SMIME', ...keys], raw).toString('utf8')
  }

  it('is opened by openssl with its key, and says outside nothing but who writes to whom', async () => {
    const here = await open({ certificate: certificate('rsa') })
    const raw = await sent(here)
    expect(raw.toString('latin1')).toContain('application/pkcs7-mime; smime-type=enveloped-data')
    opened(decrypted(raw, 'rsa'))
    certificate('stranger')
    expect(() => decrypted(raw, 'stranger')).toThrow('openssl')
  })

  it('is opened by each of two who read one mailbox', async () => {
    const both = `${readFileSync(certificate('one'), 'utf8')}${readFileSync(certificate('two'), 'utf8')}`
    writeFileSync(file('both.pem'), both)
    const raw = await sent(await open({ certificate: file('both.pem') }))
    opened(decrypted(raw, 'one'))
    opened(decrypted(raw, 'two'))
  })

  it.each([
    ['RSA of 1024 bits', [], 'rsa:1024', 'RSA with 1024 bits'],
    ['for signing alone', ['-addext', 'keyUsage=digitalSignature'], 'rsa:2048', 'key usage'],
    ['for servers', ['-addext', 'extendedKeyUsage=serverAuth'], 'rsa:2048', 'not made for mail'],
  ])('is refused at the start: %s', async (_what, more, key, why) => {
    const path = certificate('bad', more, key)
    await expect(openConfidence({ [TO]: { certificate: path } })).rejects.toMatchObject({
      code: 'INVALID_CONFIG',
      message: expect.stringContaining(why) as string,
    })
  })

  it('is told of a month ahead, and waits for a person once it has expired: it never leaves plain', async () => {
    const confidence = await openConfidence({ [TO]: { certificate: certificate('old') } })
    const end = Date.parse(confidence.keyFor(TO)?.expiresAt ?? '')
    expect(confidence.faults(end - 31 * 86_400_000)).toEqual([])
    expect(confidence.faults(end - 86_400_000)).toMatchObject([{ address: TO }])
    expect(confidence.faults(end)).toMatchObject([
      { why: expect.stringContaining('has expired') as string },
    ])
    world = await openTakedownWorld({}, { confidence })
    world.pass((end - Date.parse(world.now())) / 3_600_000)
    await world.assessed(URL_1)
    await world.run()
    expect(world.server.received).toEqual([])
    const [held] = await world.takedown.list()
    expect(held).toMatchObject({ state: 'held', heldFor: 'facts' })
    expect(held?.lastError).toContain('takedown.confidence')
    await world.takedown.retryFailed('ola')
    await world.run()
    expect(world.server.received).toEqual([])
    // Nor plain to another address that a person gives for them.
    await world.transact(
      (tx) =>
        world?.takedown.retry(tx, 'ola', held?.id ?? '', 'x@beta.example') ??
        Promise.reject(new Error()),
    )
    await world.run()
    expect(world.server.received).toEqual([])
  })
})

describe.skipIf(!hasGpg)('a letter to somebody with an OpenPGP key', () => {
  const decrypted = (raw: Buffer): string => {
    const text = raw.toString('latin1')
    const armour =
      /-----BEGIN PGP MESSAGE-----[\s\S]+-----END PGP MESSAGE-----/.exec(text)?.[0] ?? ''
    return run('gpg', ['--batch', '--decrypt'], Buffer.from(armour)).toString('utf8')
  }

  it('is PGP/MIME that gpg opens, as it left by SMTP', async () => {
    const here = await open({ openpgp: openpgp('key.asc', TO, 'default') })
    const raw = await sent(here)
    expect(raw.toString('latin1')).toContain('multipart/encrypted')
    opened(decrypted(raw))
  })

  it('encrypts 2 MB with every letter of Swedish as they are', async () => {
    const { keyFor } = await openConfidence({
      'big@alpha.example': { openpgp: openpgp('big.asc', 'big@alpha.example', 'default') },
    })
    const text = 'Räksmörgås, åäö ÅÄÖ. '.repeat(90_000)
    const bytes = await keyFor('BIG@alpha.example')?.encrypt(Buffer.from(text), Date.now())
    expect(run('gpg', ['--batch', '--decrypt'], bytes).toString('utf8')).toBe(text)
  })

  it('is refused at the start where the key cannot be encrypted to, or is private', async () => {
    const path = openpgp('sign.asc', 'sign@alpha.example', 'sign', 'ed25519')
    const opening = openConfidence({ [TO]: { openpgp: path } })
    await expect(opening).rejects.toThrow('nothing can be encrypted with')
    writeFileSync(
      file('private.asc'),
      run('gpg', [
        '--batch',
        '--passphrase',
        '',
        '--armor',
        '--export-secret-keys',
        'sign@alpha.example',
      ]),
    )
    const private_ = openConfidence({ [TO]: { openpgp: file('private.asc') } })
    await expect(private_).rejects.toThrow('private key')
  })

  it('says where it names another address', async () => {
    const path = openpgp('other.asc', 'other@alpha.example', 'default')
    const { faults } = await openConfidence({ [TO]: { openpgp: path } })
    expect(faults(Date.now())).toEqual([{ address: TO, why: 'its key names another address' }])
  })
})

describe('a contact that is told by portal only', () => {
  const portal = (): Promise<Confidence> =>
    openConfidence({ [TO.toUpperCase()]: { portalOnly: true } })

  it('is never mailed: first notice, retry, correction', async () => {
    const here = await open({ portalOnly: true })
    const caseId = await here.assessed(URL_1)
    await here.run()
    const [notice] = await here.takedown.list()
    expect(notice).toMatchObject({ state: 'queued', channel: 'mail' })
    await here.transact((tx) => here.takedown.markTold(tx, 'ola', notice?.id ?? ''))
    for (let day = 0; day < 3; day += 1) {
      here.pass(24)
      await here.look(caseId, 'present')
      await here.run()
    }
    await here.transact(async (tx) => {
      await here.cases.takeBack(tx, 'ola', caseId, 'not-illegal', 'as tested')
      here.takedown.correctForCase(tx, caseId)
    })
    await here.run()
    await here.takedown.retryFailed('ola')
    await here.run()
    expect((await here.takedown.list()).map(({ step, state }) => `${step} ${state}`)).toEqual([
      'notice sent',
      'correction queued',
    ])
    expect(here.server.received).toEqual([])
  })

  it('gets no letter any more that was written before it was marked', async () => {
    world = await openTakedownWorld()
    world.server.behave('take-and-drop')
    await world.assessed(URL_1)
    await world.run()
    const [open_] = await world.takedown.list()
    expect(open_).toMatchObject({ state: 'sending' })
    const before = world.server.received.length
    world.server.behave('accept')
    world.pass(24)
    const restarted = world.restart({ confidence: await portal() })
    await restarted.queueDue('hindra')
    await restarted.dispatch('hindra')
    await restarted.dispatch('hindra')
    expect(world.server.received).toHaveLength(before)
    const [left] = await restarted.list()
    expect(left).toMatchObject({ state: 'queued', possiblyDoubled: true })
    await world.transact((tx) => restarted.markTold(tx, 'ola', left?.id ?? ''))
  })
})

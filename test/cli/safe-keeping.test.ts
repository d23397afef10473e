import { copyFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AuditReport } from '../../src/audit/index.ts'
import type { DataKeyStatus } from '../../src/keeping/index.ts'
import { storedText } from '../stored-text.ts'
import { createHome, type Home, type Serving } from './hindra.ts'
import { usually } from '../long.ts'

let home: Home
let server: Serving
let admin: string
let analyst: string
let auditor: string

beforeAll(async () => {
  home = createHome()
  await home.run(['escrow', 'create', join(home.directory, 'board')])
  await home.json(['init'])
  admin = (await home.person('admin', 'admin')).key
  analyst = (await home.person('analyst', 'analyst')).key
  auditor = (await home.person('auditor', 'auditor')).key
  writeFileSync(
    join(home.data, 'hindra.yaml'),
    `backup:\n  escrowKeyFiles: [${JSON.stringify(join(home.directory, 'board.public.jwk'))}]\n`,
  )
  server = await home.serve()
  for (let n = 0; n < 300; n++) await tip(n)
})
afterAll(() => home.dispose())

function tip(n: number): Promise<unknown> {
  const args = ['tip', `https://host.example/${n}`, '--note', `note number ${n}`]
  return home.json([...args, '--source', 'public'], { key: analyst })
}

function tips(data?: string): Promise<unknown> {
  return home.json(['tips', '--limit', '1000', ...at(data)], { key: analyst })
}

function at(data: string | undefined): readonly string[] {
  return data === undefined ? [] : ['--data', data]
}

function keyAt(data: string): Buffer {
  return readFileSync(join(data, 'data.key'))
}

async function idle(): Promise<DataKeyStatus> {
  for (;;) {
    const status = (await home.json(['data-key'], { key: admin })) as DataKeyStatus
    if (status.recordKeys === 1 && status.opening.length === 1) return status
    await sleep(50)
  }
}

describe('hindra backup and restore', () => {
  const backup = () => join(home.directory, 'a.backup')
  let before: unknown

  it('takes a store as of one moment while it is in use, for its owner alone', async () => {
    before = await tips()
    const writing = tip(1_000)
    await home.json(['backup', '--out', backup()], { key: admin })
    await writing
    expect(statSync(backup()).mode & 0o777).toBe(0o600)
    expect(existsSync(`${backup()}.part`)).toBe(false)
    const text = readFileSync(backup(), 'latin1')
    expect(text).not.toContain('host.example')
    expect(text).not.toContain('note number')
    const checked = await home.json(['restore', backup(), '--check'])
    expect(checked).toMatchObject({ pairs: expect.any(Number) as number })
  })

  it('restores all of it to a new place, and nothing over an old one', async () => {
    const checkpoint = join(home.directory, 'checkpoint')
    const other = join(home.directory, 'other')
    const refused = await home.run(['restore', backup()])
    expect(refused.stderr).toMatch(/^ALREADY_INITIALISED/)

    const env = { HINDRA_DATA_KEY_FILE: join(home.data, 'data.key') }
    await home.json(['restore', backup(), '--data', other], { env })
    const restored = (await home.json(['tips', '--limit', '1000', '--data', other], {
      key: analyst,
      env,
    })) as unknown[]
    expect(restored.slice(0, 300)).toEqual(before)
    const { stdout } = await home.run(['audit', 'checkpoint', '--data', other], {
      key: auditor,
      env,
    })
    writeFileSync(checkpoint, stdout)
    const report = (await home.json(
      ['audit', 'verify', '--checkpoint', checkpoint, '--data', other],
      { key: auditor, env },
    )) as AuditReport
    expect(report.intact).toBe(true)
  })

  it('restores as README shows, with the data key of the Hindra that is here or by a file of it', async () => {
    const [second, moved] = [join(home.directory, 'second'), join(home.directory, 'moved.key')]
    const { stderr } = await home.run(['restore', backup(), '--data', second])
    expect(stderr).toContain(`The data key of it is ${join(second, 'data.key')}`)
    expect(statSync(join(second, 'data.key')).mode & 0o777).toBe(0o600)
    const own = ['tips', '--limit', '1000', '--data', second]
    expect(((await home.json(own, { key: analyst })) as unknown[]).slice(0, 300)).toEqual(before)

    copyFileSync(join(home.data, 'data.key'), moved)
    const env = { HINDRA_DATA: join(home.directory, 'elsewhere') }
    const missing = await home.run(['restore', backup()], { env })
    expect(missing.stderr).toMatch(/^KEY_MISSING: there is no data key at .*elsewhere.data\.key/)
    expect(missing.stderr).toContain('--key-file')
    await home.json(['restore', backup(), '--key-file', moved], { env })
    const there = (await home.json(['tips', '--limit', '1000'], { key: analyst, env })) as unknown[]
    expect(there.slice(0, 300)).toEqual(before)
  })

  it('is opened by an escrow key when the data key is lost, and by no other', async () => {
    const third = join(home.directory, 'third')
    const env = { HINDRA_DATA_KEY_FILE: join(third, 'data.key') }
    const escrow = ['--escrow-key', join(home.directory, 'board.private.jwk')]
    await home.json(['restore', backup(), '--data', third, ...escrow], { env })
    const restored = (await home.json(['tips', '--limit', '1000', '--data', third], {
      key: analyst,
      env,
    })) as unknown[]
    expect(restored.slice(0, 300)).toEqual(before)
    expect(keyAt(third)).not.toEqual(keyAt(home.data))

    const wrong = { HINDRA_DATA_KEY_VALUE: Buffer.alloc(32, 1).toString('base64') }
    const byWrong = await home.run(['restore', backup(), '--check'], { env: wrong })
    expect(byWrong.stderr).toMatch(/^KEY_WRONG: the data key is \w{8}; the backup is opened by/)
    await home.run(['escrow', 'create', join(home.directory, 'stranger')])
    const stranger = ['--escrow-key', join(home.directory, 'stranger.private.jwk')]
    const byStranger = await home.run(['restore', backup(), '--check', ...stranger])
    expect(byStranger.stderr).toMatch(/^KEY_WRONG: escrow key/)
    const half = ['--escrow-key', join(home.directory, 'board.public.jwk')]
    expect((await home.run(['restore', backup(), '--check', ...half])).code).not.toBe(0)
  })

  it('refuses a file that was changed, cut off or lengthened', async () => {
    const whole = readFileSync(backup())
    const bad = join(home.directory, 'bad.backup')
    const flipped = Buffer.from(whole)
    flipped.writeUInt8(flipped.readUInt8(whole.length >> 1) ^ 1, whole.length >> 1)
    for (const bytes of [
      flipped,
      whole.subarray(0, whole.length - 1),
      whole.subarray(0, whole.length >> 1),
      Buffer.concat([whole, Buffer.of(0)]),
      Buffer.from('not a backup'),
      Buffer.alloc(0),
    ]) {
      writeFileSync(bad, bytes)
      const refused = await home.run(['restore', bad, '--check'])
      expect(refused.stderr).toMatch(/^BACKUP_DAMAGED/)
    }
  })

  it('leaves no half file that could be taken for a whole one: cut line, kill -9', async () => {
    const whole = readFileSync(backup())
    const out = join(home.directory, 'half.backup')
    const broken = createServer((request, response) => {
      if (request.url !== '/v1/backup') {
        response.end('{}')
        return
      }
      response.write(whole.subarray(0, 2_000))
      if (request.headers.authorization?.endsWith('cut') === true) {
        setTimeout(() => response.destroy(), 20)
      }
    })
    await new Promise<void>((listening) => broken.listen(0, '127.0.0.1', listening))
    const url = `http://127.0.0.1:${(broken.address() as AddressInfo).port}`
    const cut = await home.run(['backup', '--out', out, '--url', url], { key: 'hk_cut' })
    expect(cut.stderr).toMatch(/^UNREACHABLE/)
    expect([existsSync(out), existsSync(`${out}.part`)]).toEqual([false, false])

    const child = home.start(['backup', '--out', out, '--url', url], { key: 'hk_hang' })
    while (!existsSync(`${out}.part`) || statSync(`${out}.part`).size === 0) await sleep(10)
    child.kill('SIGKILL')
    expect(existsSync(out)).toBe(false)
    const refused = await home.run(['restore', `${out}.part`, '--check'])
    expect(refused.stderr).toMatch(/^BACKUP_DAMAGED/)
    broken.closeAllConnections()
    broken.close()
  })
})

describe('hindra data-key rotate', () => {
  it('gives a new key at once and seals all anew behind it; the old one opens nothing', async () => {
    const old = keyAt(home.data).toString().trim()
    await home.json(['data-key', 'rotate'], { key: admin })
    expect(keyAt(home.data).toString().trim()).not.toBe(old)
    expect(await tips()).toHaveLength(301)
    const status = await idle()
    expect(status).toMatchObject({ problem: null })
    expect(status.resealed).toBeGreaterThan(300)

    await server.end('SIGTERM')
    const withOld = { HINDRA_DATA_KEY_VALUE: old }
    const refused = await home.run(['tips'], { key: analyst, env: withOld })
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(refused.stderr).toMatch(
      /^KEY_WRONG: the data key is \w{8}; this store is opened by \w{8}/,
    )
    expect(storedText(home.data)).not.toContain('note number')
    server = await home.serve()
    expect(await tips()).toHaveLength(301)
  })

  it('survives kill -9 in the midst, as often as it comes', async () => {
    for (const kill of usually([1], [0, 1, 2])) {
      const begun = home.spawn(['data-key', 'rotate'], { key: admin })
      await sleep(kill * 60)
      await server.end('SIGKILL')
      await begun
      server = await home.serve()
      await idle()
      expect(existsSync(join(home.data, 'data.key.new'))).toBe(false)
      expect(await tips()).toHaveLength(301)
    }
    const report = (await home.json(['audit', 'verify'], { key: auditor })) as AuditReport
    expect(report.problems).toEqual([])
  })

  it('hands the new key out where the old one comes from no file', async () => {
    await server.end('SIGTERM')
    const value = keyAt(home.data).toString().trim()
    const env = { HINDRA_DATA_KEY_VALUE: value }
    const where = await home.run(['data-key', 'rotate'], { key: admin, env })
    expect(where.stderr).toMatch(/^INVALID_INPUT: out: /)
    const out = join(home.directory, 'next.key')
    const rotated = await home.json(['data-key', 'rotate', '--out', out], { key: admin, env })
    expect((rotated as DataKeyStatus).opening).toHaveLength(2)
    const early = await home.run(['data-key', 'finish'], { key: admin, env })
    expect(early.stderr).toMatch(/^CONFLICT: the newest data key is/)

    const next = { HINDRA_DATA_KEY_VALUE: readFileSync(out, 'utf8').trim() }
    await home.json(['tips'], { key: analyst, env: next })
    const ended = await home.run(['tips'], { key: analyst, env })
    expect(ended.stderr).toMatch(/^KEY_WRONG/)
  })
})

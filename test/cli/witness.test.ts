import { appendFileSync, cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defined } from '../../src/core/index.ts'
import type { AuditEntry, AuditReport, Checkpoint } from '../../src/audit/index.ts'
import { type MailServer, openMailServer } from '../takedown/mail-server.ts'
import { createHome, type Home } from './hindra.ts'

/** A witness that others run: it appends what it is posted, and answers all of it. */
const lines: string[] = []
const server: Server = createServer((request, response) => {
  if (request.method === 'GET') {
    response.end(lines.map((line) => `${line}\n`).join(''))
    return
  }
  void text(request).then((body) => {
    lines.push(body)
    response.writeHead(204).end()
  })
})

let home: Home
let mail: MailServer
let file: string
let url: string
const people: Record<'ada' | 'bea' | 'cay', { id: string; key: string }> = {
  ada: { id: '', key: '' },
  bea: { id: '', key: '' },
  cay: { id: '', key: '' },
}
beforeAll(async () => {
  home = createHome()
  mail = await openMailServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/seen/by-a-friend`
  file = join(home.directory, 'usb-stick.ndjson')
  await home.run(['init', '--features', 'no'])
  appendFileSync(
    join(home.data, 'hindra.yaml'),
    `
audit: { witnesses: ["${file}", "${url}", "mailto:board@hotline.example"], checkpointHours: 0.01 }
server: { tickSeconds: 1 }
webhooks: { allowHttpLoopback: true }
mail: { host: 127.0.0.1, port: ${mail.port} }
`,
  )
  people.ada = await home.person('ada', 'admin')
  people.bea = await home.person('bea', 'auditor')
  people.cay = await home.person('cay', 'analyst')
})
afterAll(async () => {
  await home.dispose()
  await mail.close()
  server.close()
})

const last = (): Checkpoint =>
  JSON.parse(readFileSync(file, 'utf8').trim().split('\n').at(-1) ?? '') as Checkpoint

describe('hindra audit checkpoint --to', () => {
  it('gives it to a file, a URL and a mailbox, and doctor says how old the last one is', async () => {
    expect((await home.run(['doctor'])).stdout).toContain('witness')
    const places = ['--to', file, '--to', url, '--to', 'mailto:board@hotline.example']
    const given = await home.json(['audit', 'checkpoint', ...places], { key: people.bea.key })
    const host = new URL(url).host
    expect(given).toMatchObject({ to: [file, host, 'mailto:board@hotline.example'] })
    expect(JSON.parse(lines.at(-1) ?? '')).toEqual(last())
    const [letter] = mail.received
    expect(letter?.to).toEqual(['board@hotline.example'])
    expect(letter?.parsed.text).toContain(JSON.stringify(last()))
    const { stderr, code } = await home.run(['audit', 'checkpoint', '--to', 'ftp://a.example/'], {
      key: people.bea.key,
    })
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^URL_INVALID/)])
  })

  it('is done by a server by itself', async () => {
    const serving = await home.serve()
    const before = lines.length
    await expect.poll(() => lines.length, { timeout: 20_000 }).toBeGreaterThan(before)
    await expect.poll(() => mail.received.length, { timeout: 20_000 }).toBeGreaterThan(1)
    await serving.end('SIGTERM')
    const { stdout } = await home.run(['doctor'])
    expect(stdout).toMatch(/witness .*usb-stick\.ndjson: checkpoint of 20\d\d-/)
    // What was mailed is no witness that can be asked; the others were.
    expect(stdout).not.toContain('cannot be asked')
  })
})

describe('an old copy of the whole data directory', () => {
  const copy = () => join(home.directory, 'copy')
  const backup = () => join(home.directory, 'a.backup')

  it('is refused by every witness that can be asked, and by none that cannot', async () => {
    await home.json(['backup', '--out', backup()], { key: people.ada.key })
    cpSync(join(home.data, 'store'), join(copy(), 'store'), { recursive: true })
    await home.json(['keys', 'create', people.cay.id, '--label', 'new'], { key: people.ada.key })
    await home.json(['audit', 'checkpoint', '--to', file], { key: people.bea.key })
    const newest = last()
    cpSync(join(home.data, 'store'), join(home.directory, 'newest'), { recursive: true })
    rmSync(join(home.data, 'store'), { recursive: true })
    cpSync(join(copy(), 'store'), join(home.data, 'store'), { recursive: true })

    const seen = readFileSync(file, 'utf8')
    for (const args of [['people'], ['doctor'], ['serve']]) {
      const { code, stdout, stderr } = await home.run(args)
      expect(stdout + stderr, args.join(' ')).toContain(`a witness saw ${newest.count} entries`)
      expect(code).toBe(1)
    }
    // The file is away, and the URL has seen it too.
    rmSync(file)
    lines.push(JSON.stringify(newest))
    expect((await home.run(['people'])).stderr).toMatch(/^OLDER_THAN_WITNESS|\nOLDER_THAN_WITNESS/)
    // Nobody is there who could tell.
    const kept = lines.splice(0)
    const alone = await home.run(['people'])
    expect([alone.code, alone.stderr]).toEqual([
      0,
      expect.stringMatching(
        /usb-stick\.ndjson cannot be asked \(NOT_FOUND: no such file\); its last/,
      ),
    ])
    lines.push(...kept)
    writeFileSync(file, seen)

    // Another chain of the same length is not the one that was seen.
    const forged = { ...newest, hash: 'f'.repeat(64), count: 3 }
    writeFileSync(file, `${JSON.stringify(forged)}\n`)
    lines.length = 0
    expect((await home.run(['people'])).stderr).toContain('entry 3 is another one')
    writeFileSync(file, seen)
    rmSync(join(home.data, 'store'), { recursive: true })
    cpSync(join(home.directory, 'newest'), join(home.data, 'store'), { recursive: true })
    expect((await home.run(['people'])).code).toBe(0)
  })

  it('is gone on with where two persons answer for it, and the audit says who', async () => {
    const other = join(home.directory, 'other')
    cpSync(join(home.data, 'hindra.yaml'), join(home.directory, 'other.yaml'))
    const env = { HINDRA_DATA_KEY_FILE: join(home.data, 'data.key') }
    const place = ['--data', other, '--config', join(home.directory, 'other.yaml')]
    const second = (name: 'ada' | 'bea' | 'cay') => {
      const path = join(home.directory, `${name}.key`)
      writeFileSync(path, people[name].key)
      return ['--second-key-file', path]
    }
    const restore = (key: string | undefined, ...flags: readonly string[]) =>
      home.run(['restore', backup(), ...place, '--after-witness', ...flags], {
        env,
        ...defined({ key }),
      })
    for (const [refused, code] of [
      [await restore(people.ada.key), 'INVALID_INPUT'],
      [await restore(undefined, ...second('bea')), 'INVALID_INPUT'],
      [await restore(people.ada.key, ...second('ada')), 'FORBIDDEN'],
      [await restore(people.ada.key, ...second('cay')), 'FORBIDDEN'],
      [await restore('hk_nobody', ...second('bea')), 'UNAUTHENTICATED'],
    ] as const) {
      expect(refused.stderr).toMatch(new RegExp(`^${code}`))
      expect(existsSync(join(other, 'store')), code + refused.stderr).toBe(false)
    }
    const { stdout, stderr, code } = await restore(people.ada.key, ...second('bea'))
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('FORBIDDEN')])
    expect(stdout).toMatch(/lost +\d+ entries of the audit, and all that they tell of/)

    const asked = { key: people.bea.key, env }
    const entries = (await home.json(
      ['audit', 'list', '--limit', '1000', ...place],
      asked,
    )) as AuditEntry[]
    const accepted = entries.filter(({ action }) => action === 'store.restore')
    expect(accepted).toMatchObject([{ by: people.ada.id, detail: { second: people.bea.id } }])
    const report = (await home.json(['audit', 'verify', ...place], asked)) as AuditReport
    expect(report).toMatchObject({ intact: true })
    // From now on the witness sees the new chain, and an older copy of that is refused again.
    await home.json(['audit', 'checkpoint', '--to', file, ...place], asked)
    cpSync(join(other, 'store'), join(home.directory, 'early'), { recursive: true })
    await home.json(['keys', 'create', people.cay.id, '--label', 'newer', ...place], {
      key: people.ada.key,
      env,
    })
    await home.json(['audit', 'checkpoint', '--to', file, ...place], asked)
    rmSync(join(other, 'store'), { recursive: true })
    cpSync(join(home.directory, 'early'), join(other, 'store'), { recursive: true })
    expect((await home.run(['people', ...place], { env })).stderr).toContain('a witness saw')
  })
})

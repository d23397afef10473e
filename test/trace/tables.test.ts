import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turnOfEventLoop } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { configWith } from '../../src/config.ts'
import { openIpTables } from '../../src/trace/index.ts'
import { readAsTable } from '../../src/trace/as-table.ts'

const FOUR =
  '16777216,16777471,13335,"Cloudflare, Inc."\n3221225984,3221226239,64496,"He said ""hi"""\n'
const SIX = `${0x20010db8n << 96n},${(0x20010db9n << 96n) - 1n},64497,Docs\r\n`

describe('the table of autonomous systems', async () => {
  const table = await readAsTable(Buffer.from(FOUR), Buffer.from(SIX))
  it.each([
    [[1, 0, 0, 0], 13335],
    [[1, 0, 0, 255], 13335],
    [[1, 0, 1, 0], undefined],
    [[0, 255, 255, 255], undefined],
    [[192, 0, 2, 200], 64496],
    [[255, 255, 255, 255], undefined],
    [[0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], 64497],
    [[0x20, 1, 0xd, 0xb9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], undefined],
  ])('finds the range that holds %j: %s', (address, asn) => {
    expect(table.find(address)?.asn).toBe(asn)
  })

  it('reads quoted holders', () => {
    expect(table.find([1, 0, 0, 1])?.name).toBe('Cloudflare, Inc.')
    expect(table.find([192, 0, 2, 1])?.name).toBe('He said "hi"')
  })

  it('names the line that it cannot read', async () => {
    const reading = readAsTable(Buffer.from(`${FOUR}1.2.3.4,x\n`), Buffer.alloc(0))
    await expect(reading).rejects.toThrow(/line 3/)
  })

  it('lets others have their turn while it is read', async () => {
    const lines = Array.from(
      { length: 50_000 },
      (_, number) => `${number},${number},64496,"Docs"\n`,
    )
    let turns = 0
    const large = { isRead: false }
    const others = (async () => {
      for (; !large.isRead; turns += 1) await turnOfEventLoop()
    })()
    const read = await readAsTable(Buffer.from(lines.join('')), Buffer.alloc(0))
    large.isRead = true
    await others
    expect(read.find([0, 0, 195, 79])?.asn).toBe(64496)
    expect(turns).toBeGreaterThan(20)
  })
})

describe('the shipped tables', () => {
  const tables = openIpTables(configWith({}).trace)

  it('know well-known addresses, and say of which day they are', async () => {
    const country = tables.country('193.0.6.139')
    expect(country.value).toBe('NL')
    expect(country.table).toMatch(/^iptoasn-country\.mmdb of 20\d\d-\d\d-\d\d$/)
    const google = (await tables.system('8.8.8.8')).value
    expect(`${google?.asn} ${google?.name}`).toMatch(/^15169 .*google/i)
    const ripe = await tables.system('2001:67c:2e8:22::c100:68b')
    expect(ripe.value?.asn).toBe(3333)
    expect((await tables.system('8.8.8.8')).table).toMatch(/^asn-num\.csv of 20\d\d-\d\d-\d\d$/)
    expect(tables.country('127.0.0.1').value).toBeUndefined()
  })

  it('give way to files of the operator', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hindra-as-'))
    writeFileSync(join(folder, 'asn-ipv4-num.csv'), FOUR)
    writeFileSync(join(folder, 'asn-ipv6-num.csv'), SIX)
    const own = openIpTables(configWith({ 'trace.systemFolder': folder }).trace)
    expect((await own.system('192.0.2.7')).value?.asn).toBe(64496)
    rmSync(folder, { recursive: true })
    const missing = openIpTables(configWith({ 'trace.countryFile': '/nonexistent.mmdb' }).trace)
    expect(() => missing.country('192.0.2.7')).toThrow(/nonexistent\.mmdb cannot be read/)
  })
})

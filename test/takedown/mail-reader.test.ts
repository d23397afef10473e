import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createMailReader } from '../../src/mails/index.ts'
import { INLINE_READERS } from '../inline-readers.ts'
import { DKIM_RECORD, openPoliceDesk, POLICE, type PoliceDesk, SIGNED } from './police-desk.ts'

const built = new URL('../../dist/src/mails/index.js', import.meta.url)
/** Reads a mail and closes nothing. */
const SCRIPT = `
const { createMailReader } = await import(${JSON.stringify(built.href)})
const { text } = await createMailReader().read(Buffer.from('From: a@b.example\\r\\n\\r\\nTack.\\r\\n'))
console.log(text)
`

const reader = createMailReader()
let desk: PoliceDesk
let raw: Buffer
beforeAll(async () => {
  desk = await openPoliceDesk()
  raw = await desk.written(['Klart'], SIGNED)
})
afterAll(async () => {
  await reader.close()
  await desk.dispose()
})

function dns() {
  const asked: string[] = []
  const texts = (name: string) => {
    asked.push(name)
    return Promise.resolve([[DKIM_RECORD]])
  }
  return { asked, by: { texts, nowMs: Date.now() } }
}

describe('a mail that is read in a thread of its own', () => {
  it('says what it says here, and its bytes stay with whoever asks', async () => {
    const before = Buffer.from(raw)
    expect(await reader.read(raw)).toEqual(await INLINE_READERS.mails.read(raw))
    expect(raw.equals(before)).toBe(true)
  })

  it('is proved there by keys that are asked for from here', async () => {
    const mail = await reader.read(raw)
    const { asked, by } = dns()
    const signed = await reader.signed(raw, mail, by)
    expect(signed?.covers).toContain('from')
    expect(signed).toEqual(await INLINE_READERS.mails.signed(raw, mail, by))
    expect(asked).toEqual(Array(2).fill('s1._domainkey.police.example'))
    const changed = Buffer.from(raw.toString('latin1').replace('Klart', 'Vänta'), 'latin1')
    expect(await reader.signed(changed, mail, by)).toBeUndefined()
    // Nobody is asked for the key of what does not fit its mail.
    expect(asked).toHaveLength(2)
  })

  it('is not proved where its header or a line is longer than any that is honest', async () => {
    const folds = Buffer.from(`X: ${'\r\n '.repeat(1_100)}x\r\n`)
    const mail = { from: POLICE, once: new Set(['from']) }
    const { asked, by } = dns()
    expect(await reader.signed(Buffer.concat([folds, raw]), mail, by)).toBeUndefined()
    expect(asked).toEqual([])
    const long = await desk.written(['x'.repeat(64 * 1024 + 1)], SIGNED)
    expect(await reader.signed(long, mail, by)).toBeUndefined()
    expect(asked).toEqual([])
    const few = Buffer.from(`X: ${'\r\n '.repeat(100)}x\r\n`)
    expect(await reader.signed(Buffer.concat([few, raw]), mail, by)).toBeDefined()
  })

  it.runIf(existsSync(built))(
    'is read as plain JavaScript, and keeps no process (dist)',
    async () => {
      const args = ['--input-type=module', '-e', SCRIPT]
      const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 30_000 })
      expect(stdout).toBe('Tack.\n')
    },
  )
})

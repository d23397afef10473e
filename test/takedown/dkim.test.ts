import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dkimVerify } from 'mailauth/lib/dkim/verify.js'
import { afterAll, describe, expect, it } from 'vitest'
// The parts of one folder that no other folder may enter are tested where they are.
import { composeMail } from '../../src/takedown/mail/compose.ts'
import { createSigner } from '../../src/takedown/mail/dkim.ts'
import { createLetterWriter } from '../../src/takedown/letters/writer.ts'
import { sampleLetter } from '../../src/takedown/letters/samples.ts'
import type { NoticePart } from '../../src/takedown/notice-part.ts'

const directory = mkdtempSync(join(tmpdir(), 'hindra-dkim-'))
afterAll(() => {
  rmSync(directory, { recursive: true })
})
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const dkimKeyFile = join(directory, 'dkim.pem')
writeFileSync(dkimKeyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }))
const SETTINGS = { dkimDomain: 'hotline.example', dkimSelector: 's1', dkimKeyFile }

async function mail(): Promise<Buffer> {
  const facts = sampleLetter({ role: 'host', matter: 'media', step: 'first' }, 'sv')
  const { composedAt, notices } = facts
  const part: NoticePart = {
    schema: 'hindra-notice/1',
    step: 'notice',
    role: 'host',
    nature: 'illegal',
    composedAt,
    envelopeId: '00000000-0000-7000-8000-000000000000',
    legalBasis: 'Regulation (EU) 2022/2065, Article 16',
    language: 'sv',
    laws: [],
    attached: ['ARF'],
    provider: 'Example Hosting',
    notices,
    hold: null,
    notifier: { organisation: 'Hotlinjen Å', contact: 'notices@hotline.example' },
  }
  const words = createLetterWriter().write(facts)
  const { raw } = await composeMail(part, words, 'abuse@alpha.example', {
    organisation: 'Hotlinjen Å',
    from: 'notices@hotline.example',
    returnPath: undefined,
    userAgent: 'Hindra/test',
    sign: createSigner(SETTINGS),
  })
  return Buffer.from(raw)
}

/** The verdicts of a receiver, with the public key in the DNS. */
async function verdicts(raw: Buffer): Promise<readonly string[]> {
  const record = `v=DKIM1; k=rsa; p=${publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`
  const { results } = await dkimVerify(raw, {
    resolver: (name: string) =>
      Promise.resolve(name === 's1._domainkey.hotline.example' ? [[record]] : []),
  })
  return results.map(({ status }) => status.result)
}

describe('DKIM', () => {
  it('signs what another library verifies, and the same each time', async () => {
    const raw = await mail()
    expect(await verdicts(raw)).toEqual(['pass'])
    expect((await mail()).equals(raw)).toBe(true)
  })

  it('shows a change of the text or the subject', async () => {
    const raw = (await mail()).toString('latin1')
    expect(await verdicts(Buffer.from(raw.replace('1.jpg', '9.jpg'), 'latin1'))).toEqual([
      'neutral',
    ])
    expect(await verdicts(Buffer.from(raw.replace('Subject: ', 'Subject: Z'), 'latin1'))).toEqual([
      'fail',
    ])
  })

  it('is refused at the start where the settings cannot work', () => {
    const noKey = join(directory, 'none.pem')
    writeFileSync(noKey, 'not a key')
    const elliptic = join(directory, 'ec.pem')
    const pair = generateKeyPairSync('ed25519')
    writeFileSync(elliptic, pair.privateKey.export({ type: 'pkcs8', format: 'pem' }))
    for (const wrong of [
      { dkimKeyFile },
      { ...SETTINGS, dkimKeyFile: noKey },
      { ...SETTINGS, dkimKeyFile: join(directory, 'absent.pem') },
      { ...SETTINGS, dkimKeyFile: elliptic },
    ]) {
      expect(() => createSigner(wrong)).toThrow(expect.objectContaining({ code: 'INVALID_CONFIG' }))
    }
  })
})

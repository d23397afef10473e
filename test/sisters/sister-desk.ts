import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import DKIM from 'nodemailer/lib/dkim'
import { OPERATOR, type Role } from '../../src/access/index.ts'
import { configWith } from '../../src/config.ts'
import { ManualClock } from '../../src/core/index.ts'
import { createEngine, type Engine } from '../../src/engine.ts'

export const SISTER = 'reports@sister.example'
const KEYS = generateKeyPairSync('rsa', { modulusLength: 2048 })
const PUBLIC = KEYS.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
const RECORD = `v=DKIM1; k=rsa; p=${PUBLIC}`
const POLICY = `
version: 1
hotlines:
  - name: The sister
    senders: [${SISTER}]
    reference: [Reference]
  - name: The aunt
    senders: ["@aunt.example"]
    urls: [URL]
ignore: [inhope.org]
`

export interface Written {
  readonly from?: string
  readonly subject?: string
  readonly signedBy?: string | null
  readonly headers?: readonly string[]
}

export type SisterDesk = Awaited<ReturnType<typeof openSisterDesk>>

/** A hotline whose mailbox of sister hotlines is a real Maildir, and mails with real signatures. */
export async function openSisterDesk(settings: Readonly<Record<string, unknown>> = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'hindra-sisters-'))
  const [data, policy, maildir] = ['data', 'policy', 'mail'].map((name) => join(directory, name))
  for (const folder of ['new', 'cur', 'tmp'])
    mkdirSync(join(maildir ?? '', folder), { recursive: true })
  mkdirSync(policy ?? '')
  writeFileSync(join(policy ?? '', 'sisters.yaml'), POLICY)
  const clock = new ManualClock(Date.UTC(2026, 10, 2, 8))
  const asked: string[] = []
  const open = () =>
    createEngine({
      config: configWith({
        data,
        'pool.threads': 1,
        'policy.directory': policy,
        'sisters.maildir': maildir,
        'mail.from': 'notices@hotline.example',
        ...settings,
      }),
      dataKey: Buffer.alloc(32, 4),
      clock,
      resolver: {
        resolve: () => Promise.resolve(['127.0.0.1']),
        texts(name) {
          asked.push(name)
          if (name.startsWith('s1._domainkey.')) return Promise.resolve([[RECORD]])
          return Promise.reject(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }))
        },
      },
    })
  let engine: Engine = await open()
  let number = 0

  return {
    /** Names that the DNS was asked for. */
    asked,
    get engine() {
      return engine
    },
    as: (id: string, ...roles: readonly Role[]) =>
      engine.as({ id, pseudonym: id, kind: 'person', roles }),

    async person(pseudonym: string, ...roles: readonly Role[]) {
      const named = { name: pseudonym, pseudonym, kind: 'person' as const, roles }
      const { id } = await engine.as(OPERATOR).people.add(named)
      return engine.as({ id, pseudonym, kind: 'person', roles })
    },

    async written(text: string, how: Written = {}): Promise<Buffer> {
      const { from = SISTER, subject = 'A report', headers = [] } = how
      const { signedBy = from.slice(from.indexOf('@') + 1) } = how
      number += 1
      const raw = Buffer.from(
        [
          `From: Somebody <${from}>`,
          'To: sisters@hotline.example',
          `Subject: ${subject}`,
          `Date: ${new Date(clock.now()).toUTCString()}`,
          `Message-ID: <${number}@sister.example>`,
          'MIME-Version: 1.0',
          ...(headers.some((line) => line.startsWith('Content-Type'))
            ? []
            : ['Content-Type: text/plain; charset=utf-8']),
          ...headers,
          '',
          ...text.split('\n'),
          '',
        ].join('\r\n'),
      )
      if (signedBy === null) return raw
      const privateKey = KEYS.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
      return buffer(new DKIM({ domainName: signedBy, keySelector: 's1', privateKey }).sign(raw))
    },

    deliver(raw: Uint8Array, name = `${1_000_000 + number}.M1.host`): void {
      writeFileSync(join(maildir ?? '', 'new', name), raw)
    },

    /** Flags of the mails that were done with. */
    flags: () => readdirSync(join(maildir ?? '', 'cur')).map((name) => name.split(':2,')[1]),

    /** Empties what is told of the mailbox and the DNS. */
    tidy(): void {
      asked.length = 0
      for (const folder of ['new', 'cur']) {
        for (const name of readdirSync(join(maildir ?? '', folder))) {
          rmSync(join(maildir ?? '', folder, name))
        }
      }
    },

    /** The same house after its process was ended. */
    async restart(): Promise<void> {
      await engine.shutdown()
      engine = await open()
    },

    async dispose(): Promise<void> {
      await engine.shutdown()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

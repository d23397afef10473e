import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import type { Case } from '../../src/cases/index.ts'
import { type MailServer, openMailServer } from '../takedown/mail-server.ts'
import { createHome } from './hindra.ts'

/** A server that runs, a relay beside it, and one assessed case at alpha.example whose notices were sent. */
export async function openTakedownHome({
  country,
  classification,
  behaviour = 'accept',
  addresses = {},
  confidence = {},
}: {
  readonly country: string
  readonly classification: string
  readonly behaviour?: Parameters<MailServer['behave']>[0]
  /** The addresses of whom the policy names. */
  readonly addresses?: Readonly<Record<string, string>>
  /** How they are written to in confidence. */
  readonly confidence?: Readonly<Record<string, object>>
}) {
  const home = createHome()
  const relay = await openMailServer()
  relay.behave(behaviour)
  await home.json(['init', '--admin', 'Ada'])
  const maildir = join(home.directory, 'mails')
  for (const folder of ['new', 'cur', 'tmp']) mkdirSync(join(maildir, folder), { recursive: true })
  const host = { name: 'Alpha', country, abuseContact: 'abuse@alpha.example' }
  const file = join(home.directory, 'hindra.yaml')
  const settings = {
    mail: { port: relay.port, from: 'notices@hotline.example' },
    inbox: { maildir },
    trace: { registries: false, providers: [{ ...host, domains: ['alpha.example'] }] },
    policy: { directory: join(home.directory, 'policy') },
    server: { tickSeconds: 3_600 },
    takedown: { lookMinutes: 1_440, confidence },
    route: { approveContacts: false, addresses },
  }
  writeFileSync(file, stringify(settings))
  await home.serve('--config', file)
  const officer = (await home.person('Ola', 'officer', 'pipeline')).key
  const analyst = (await home.person('Anna', 'analyst')).key
  const args = ['assess', 'https://alpha.example/a.jpg', '--classification', classification]
  const assessed = await home.json([...args, '--reason', 'seen'], { key: analyst })
  const { code } = await home.run(['notices', 'send'], { key: officer })
  // Where the relay refuses, the command says what went wrong, and ends with 1.
  if (behaviour === 'accept' && code !== 0) throw new Error('the notices did not leave')

  async function close(): Promise<void> {
    await home.dispose()
    await relay.close()
  }
  return { home, relay, maildir, officer, caseId: (assessed as Case).id, close }
}

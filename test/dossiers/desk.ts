import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sceneJpeg } from '../../fixtures/index.ts'
import { OPERATOR, type Principal, type Role } from '../../src/access/index.ts'
import type { AuditEntry } from '../../src/audit/index.ts'
import { configWith } from '../../src/config.ts'
import { defined, HOUR_MS, ManualClock } from '../../src/core/index.ts'
import { createEngine, type Engine } from '../../src/engine.ts'
import { type Host, httpHost } from '../intake/hosts.ts'
import { openMailServer } from '../takedown/mail-server.ts'

export const POLICE = 'it-brott@polis.example'
/** The police of another country, whom letters reach by S/MIME. */
export const POLICE_SMIME = 'cyber@police.example'
export const PLAIN_POLICE = 'plain@police.example'

/** A hotline with police who have keys, and the people who work there. */
export interface DossierDesk {
  readonly engine: Engine
  readonly clock: ManualClock
  readonly host: Host
  /** Where the private keys of the police are, which no hotline has. */
  readonly keys: string
  readonly anna: Principal
  readonly olga: Principal
  readonly otto: Principal
  readonly vera: Principal
  person(pseudonym: string, ...roles: readonly Role[]): Promise<Principal>
  /** A case of a known picture, seen by a crawler. */
  known(path: string, told?: object): Promise<string>
  /** A case of a picture that Anna assessed. */
  assessed(path: string, more?: object): Promise<string>
  deliver(lines: readonly string[]): void
  /** Mails as they left: to whom, and what an answer quotes. */
  sent(): readonly { readonly to: string; readonly from: string; readonly messageId: string }[]
  audit(action: string): Promise<readonly AuditEntry[]>
  restart(settings?: object): Promise<void>
  policy(text: string): Promise<void>
  dispose(): Promise<void>
}

export function run(keys: string, program: string, args: readonly string[], input?: Uint8Array) {
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: keys,
    env: { ...process.env, GNUPGHOME: keys },
    maxBuffer: 64 * 1024 * 1024,
    ...defined({ input }),
  })
  if (status !== 0) throw new Error(`${program}: ${stderr.toString()}`)
  return stdout
}

/** The public part of a new key of OpenPGP. */
export function openpgpKey(keys: string, address: string, ends = '2y'): string {
  const made = ['--batch', '--passphrase', '', '--quick-gen-key', `Police <${address}>`]
  run(keys, 'gpg', [...made, 'future-default', 'default', ends])
  const file = join(keys, `${address}.asc`)
  writeFileSync(file, run(keys, 'gpg', ['--armor', '--export', address]))
  return file
}

export function certificate(keys: string, address: string, days = '365'): string {
  const [key, file] = [join(keys, `${address}.key`), join(keys, `${address}.pem`)]
  const subject = ['-subj', '/CN=Police', '-addext', `subjectAltName=email:${address}`]
  const made = ['-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', file, '-days', days]
  run(keys, 'openssl', ['req', '-x509', ...made, ...subject])
  return file
}

/** What the police find when they open a file with their own tools: each part by its name. */
export function opened(keys: string, text: string): ReadonlyMap<string, string> {
  const isOpenpgp = text.startsWith('-----BEGIN PGP MESSAGE')
  const own = join(keys, POLICE_SMIME)
  const cms = ['cms', '-decrypt', '-inform', 'PEM', '-inkey', `${own}.key`, '-recip', `${own}.pem`]
  const tar = isOpenpgp
    ? run(keys, 'gpg', ['--batch', '--decrypt'], Buffer.from(text))
    : run(keys, 'openssl', cms, Buffer.from(text))
  const folder = mkdtempSync(join(keys, 'opened-'))
  run(folder, 'tar', ['-x'], tar)
  const names = run(folder, 'tar', ['-t'], tar).toString().trim().split('\n')
  // Throws where a digest is not that of its file.
  run(folder, 'sha256sum', ['--strict', '-c', 'SHA256SUMS'])
  return new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
}

export async function openDossierDesk(): Promise<DossierDesk> {
  const data = mkdtempSync(join(tmpdir(), 'hindra-dossiers-'))
  const keys = mkdtempSync(join(tmpdir(), 'hindra-police-'))
  for (const name of ['new', 'cur', 'tmp'])
    mkdirSync(join(data, 'mails', name), { recursive: true })
  mkdirSync(join(data, 'policy'))
  const mail = await openMailServer()
  const pictures = new Map<string, Buffer>()
  const host = await httpHost((request, response) => {
    const bytes = pictures.get(request.url ?? '')
    response.statusCode = bytes === undefined ? 404 : 200
    response.setHeader('content-type', 'image/jpeg')
    response.end(bytes)
  })
  // Keys that were made just now are not valid before.
  const clock = new ManualClock(Date.now() + HOUR_MS)
  const settings = {
    data,
    'pool.threads': 1,
    'fetch.allowNetworks': ['127.0.0.0/8'],
    'fetch.allowPorts': [host.port],
    'trace.providers': [
      {
        name: 'Alpha',
        country: 'TV',
        abuseContact: 'abuse@alpha.example',
        networks: ['127.0.0.0/8'],
      },
    ],
    'trace.registries': false,
    'mail.port': mail.port,
    'mail.from': 'notices@hotline.example',
    'mail.organisation': 'The Hotline',
    'inbox.maildir': join(data, 'mails'),
    'retention.caseDays': 60,
    'policy.directory': join(data, 'policy'),
    'route.addresses': { police: POLICE },
    'takedown.confidence': { [POLICE]: { openpgp: openpgpKey(keys, POLICE) } },
  }
  const start = (more: object = {}) =>
    createEngine({
      config: configWith({ ...settings, ...more }),
      clock,
      dataKey: Buffer.alloc(32, 4),
      resolver: { resolve: () => Promise.resolve(['127.0.0.1']) },
    })
  let engine = await start()
  let now: object = {}
  let delivered = 0
  const person = async (pseudonym: string, ...roles: readonly Role[]): Promise<Principal> => {
    const named = { name: `The person ${pseudonym}`, pseudonym, kind: 'person' as const, roles }
    const { id } = await engine.as(OPERATOR).people.add(named)
    return { id, pseudonym, kind: 'person', roles: [...roles] }
  }
  const shows = async (path: string, seed: number) => {
    pictures.set(path, await sceneJpeg(seed, { width: 160, height: 120 }))
    return host.origin + path
  }
  const desk = {
    anna: await person('A-01', 'analyst'),
    olga: await person('O-02', 'officer'),
    otto: await person('O-03', 'officer', 'auditor'),
    vera: await person('V-04', 'verifier', 'analyst'),
  }
  const crawler: Principal = await person('C-05', 'crawler-verdict')
  let seed = 700

  return {
    ...desk,
    get engine() {
      return engine
    },
    clock,
    host,
    keys,
    person,
    async known(path, told = {}) {
      seed += 1
      const url = await shows(path, seed)
      const media = await sceneJpeg(seed, { width: 160, height: 120 })
      const described = { media: media.toString('base64'), classification: 'Baseline' } as const
      const { id } = await engine.as(desk.anna).items.propose(described)
      await engine.as(desk.vera).items.verify({ id })
      const sighting = { url, media: new Uint8Array(media), ...told }
      const { caseId } = await engine.stages.seeing.sightings.submit(crawler, sighting)
      if (caseId === undefined) throw new Error('no case was opened')
      return caseId
    },
    async assessed(path, more = {}) {
      seed += 1
      const url = await shows(path, seed)
      const said = { url, classification: 'Baseline', reason: 'a child, as seen', ...more } as const
      return (await engine.as(desk.anna).assessments.assess(said)).id
    },
    deliver(lines) {
      delivered += 1
      const name = `${1_000_000 + delivered}.M1.host`
      writeFileSync(join(data, 'mails', 'new', name), lines.join('\r\n'))
    },
    sent: () =>
      mail.received.map(({ from, to, parsed: { messageId = '' } }) => ({
        from,
        messageId,
        to: to.join(),
      })),
    async audit(action) {
      const found: AuditEntry[] = []
      for (let after: string | undefined; ; ) {
        const page = await engine.stages.audit.entries(defined({ after }))
        found.push(...page.filter((entry) => entry.action === action))
        after = page.at(-1)?.cursor
        if (after === undefined) return found
      }
    },
    async restart(more = now) {
      await engine.shutdown()
      now = more
      engine = await start(more)
    },
    async policy(text) {
      writeFileSync(join(data, 'policy', 'dossiers.yaml'), text)
      await engine.shutdown()
      engine = await start(now)
    },
    async dispose() {
      await engine.shutdown()
      await mail.close()
      await host.close()
      run(keys, 'gpgconf', ['--homedir', keys, '--kill', 'all'])
      rmSync(data, { recursive: true, force: true })
      rmSync(keys, { recursive: true, force: true })
    },
  }
}

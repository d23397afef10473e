import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import { type MailServer, openMailServer } from '../takedown/mail-server.ts'
import { createHome, type Home, type Serving } from './hindra.ts'
import { commandsIn, needsShell, type ShownCommand, wordsOf } from './readme-commands.ts'

const ROOT = resolve(import.meta.dirname, '../..')
/** The guides of exchange and http have tests of their own (exchange-readme, http/examples). */
const PAGES = [
  'README.md',
  'src/register/README.md',
  'src/route/README.md',
  'src/backup/README.md',
  'src/takedown/exports/README.md',
]

/** Shown commands that cannot be run here, by how they begin, and why. A new one is run. */
const NOT_HERE: readonly (readonly [RegExp, string])[] = [
  [/^npm ci && npm run demo/, 'installs the packages; test/e2e runs the demo'],
  [/^npm ci && npm test/, 'installs the packages and is this test'],
  [/^npm ci$/, 'installs the packages'],
  [
    /^npx hindra doctor/,
    'fails where Node, ffmpeg or the native core is missing; test/cli/setup runs it',
  ],
  [
    /^(npx )?hindra serve/,
    'ends by a signal; this test talks to one, test/cli/network to the others',
  ],
  [
    /^hindra feed \/var\/spool/,
    'follows a directory of the machine until a signal; test/cli/feed does',
  ],
  [/--follow/, 'follows until a signal; test/cli/alerts does'],
  [/^curl -sSN /, 'a stream without an end; test/http/alerts reads it'],
  [
    /^hindra sources (add|run|show|votes) ncmec/,
    'asks hashsharing.ncmec.org; test/exchange/sources asks a server of its own',
  ],
  [
    /^hindra webhooks (add|dead|resend)/,
    'the endpoint must be found on the network; test/cli/alerts has one on loopback',
  ],
  [
    /^hindra route approve/,
    'needs a contact that a look-up found on the network; test/cli/route has one',
  ],
  [/^hindra recheck answer/, 'needs looks that could not tell; test/recheck/answers has some'],
  [/^hindra migrate/, 'needs a data directory of an older version; test/keeping/old-data opens one'],
  [/^hindra hotline-exports show/, 'needs a case abroad; test/cli/route has one'],
  [
    /^hindra data-key (finish|rotate --out)/,
    'for a key that comes from a vault; test/cli/safe-keeping has one',
  ],
]

const ROLES = [
  ...['analyst', 'verifier', 'officer', 'admin', 'auditor', 'exchange', 'pipeline', 'intake'],
  ...['crawler', 'statistics'],
]

let home: Home
let server: Serving
let mail: MailServer
let boss: { id: string; key: string }
let second: { id: string; key: string }
/** What stands for the words in capitals of the commands. */
const ids = new Map<string, string>()

beforeAll(async () => {
  home = createHome()
  mail = await openMailServer()
  await home.json(['init'])
  writeFileSync(
    join(home.data, 'hindra.yaml'),
    [
      `mail: { host: 127.0.0.1, port: ${mail.port}, from: hotline@example.org }`,
      'trace:',
      '  providers:',
      '    - { name: Example, domains: [host.example], abuseContact: abuse@example.org, country: SE }',
    ].join('\n'),
  )
  boss = await home.person('boss', ...ROLES)
  second = await home.person('second', ...ROLES)
  await prepareFiles()
  server = await home.serve()
  await prepareRecords()
}, 300_000)

afterAll(async () => {
  await server.end('SIGTERM')
  await mail.close()
  await home.dispose()
})

async function prepareFiles(): Promise<void> {
  const at = (name: string) => join(home.directory, name)
  for (const [seed, folder] of ['pictures', 'logos', 'holiday-pictures', 'suspicious'].entries()) {
    mkdirSync(at(folder))
    writeFileSync(join(at(folder), 'a.jpg'), await sceneJpeg(seed + 1, { width: 320, height: 240 }))
  }
  mkdirSync(at('elsewhere'))
  mkdirSync(at('backups'))
  const sha256 = 'ab'.repeat(32)
  const seen = { url: 'https://host.example/b.jpg', hashes: [{ type: 'sha256', value: sha256 }] }
  writeFileSync(at('seen.ndjson'), `${JSON.stringify(seen)}\n`)
  writeFileSync(at('film.mp4'), await sceneJpeg(9, { width: 320, height: 240 }))
  const scart =
    'URL;REFERER;WORKUSER-EMAIL;REFERENCE;SOURCE;TYPE\nhttps://host.example/1.jpg;;;NL-1;hotline;image\n'
  writeFileSync(at('sister.csv'), scart)
  writeFileSync(at('excel.csv'), scart.replace('/1.jpg', '/blåbär.jpg'), 'latin1')
  const iccam = { ReportingHotlineReference: 'DE-1', Url: 'https://host.example/2', Items: [] }
  writeFileSync(at('reports.json'), JSON.stringify([iccam]))
  writeFileSync(at('list.csv'), `key,classification,md5\nk1,Baseline,${'a1'.repeat(16)}\n`)
  const media = [{ MediaID: 1, Category: 1, MD5: 'B2'.repeat(16), MediaFiles: [] }]
  const vics = { '@odata.context': 'x', value: [{ CaseID: 'c', Media: media }] }
  writeFileSync(at('vics.json'), JSON.stringify(vics))
  writeFileSync(at('iwf.csv'), `ID,Category,MD5\n7,A,${'c3'.repeat(16)}\n`)
  writeFileSync(at('ncmec.yaml'), 'username: hotline\npassword: secret\n')
  // What the commands take for a crawler and for hindra itself, where a shell runs them.
  mkdirSync(at('bin'))
  const bin = join(ROOT, 'bin/hindra.js')
  writeFileSync(at('bin/hindra'), `#!/bin/sh\nexec ${process.execPath} ${bin} "$@"\n`, {
    mode: 0o755,
  })
  writeFileSync(at('bin/crawler'), `#!/bin/sh\ncat ${at('seen.ndjson')}\n`, { mode: 0o755 })
}

/** What a hotline has after some days: an item that waits, cases to decide, a key, a webhook. */
async function prepareRecords(): Promise<void> {
  const json = (args: readonly string[], key = boss.key) => home.json(args, { key })
  ids.set('PERSON_ID', second.id)
  const machine = (await json([
    ...['people', 'add', 'Rack', '--pseudonym', 'C-9', '--machine', '--role', 'crawler'],
    ...['--role', 'monitor'],
  ])) as {
    id: string
  }
  ids.set('MACHINE_ID', machine.id)
  const spare = (await json(['keys', 'create', second.id, '--label', 'spare'])) as { id: string }
  ids.set('KEY_ID', spare.id)
  const other = join(home.directory, 'suspicious/a.jpg')
  const registered = await home.run(['register', other, '--classification', 'Baseline', '--json'], {
    key: boss.key,
  })
  const { answer } = JSON.parse(registered.stdout.split('\n')[0] ?? '') as {
    answer: { id: string }
  }
  ids.set('ITEM_ID', answer.id)
  // Seen again before anybody has verified it: the review band.
  const doubtful = join(home.directory, 'doubtful.jpg')
  writeFileSync(doubtful, await sceneJpeg(20, { width: 320, height: 240 }))
  await home.run(['register', doubtful, '--classification', 'Baseline'], { key: boss.key })
  await json(['submit', doubtful, 'https://host.example/again.jpg'])
  const tip = (await json(['tip', 'https://host.example/tip'])) as { id: string }
  ids.set('TIP_ID', tip.id)
}

/** Words of the commands that are another record each time they stand. */
async function freshIds(command: string): Promise<void> {
  const json = (args: readonly string[]) => home.json(args, { key: boss.key })
  if (command.includes('dismiss TIP_ID')) {
    ids.set('TIP_ID', ((await json(['tip', 'https://host.example/other'])) as { id: string }).id)
  }
  if (command.includes('CASE_ID')) {
    const [pending] = (await json(['cases', '--decision', 'pending'])) as { id: string }[]
    ids.set('CASE_ID', pending?.id ?? 'none is pending')
  }
  if (command.includes('item disagree')) {
    const [partners] = (await json(['items', '--list', 'partner-x'])) as { id: string }[]
    ids.set('ITEM_ID', partners?.id ?? '')
  }
}

function substituted(command: string): string {
  return (
    command
      .replace(/^npx /, '')
      .replaceAll(/\b[A-Z]+_ID\b/g, (word) => ids.get(word) ?? word)
      .replaceAll('http://127.0.0.1:7080', server.url)
      // A consumer can be done only with what it was sent.
      .replace('--ack 117', '--ack 1')
      .replace('--mail ADDRESS', '--mail social@example.org')
      .replaceAll(/(?<=\s)\/(elsewhere|backups)\//g, `${home.directory}/$1/`)
      .replaceAll('/srv/hindra-2', join(home.directory, 'hindra-2'))
  )
}

async function runShown(shown: string): Promise<{ code: number | null; said: string }> {
  await freshIds(shown)
  const command = substituted(shown)
  // Four eyes: what the one person proposed the other verifies.
  const { key } = command.startsWith('hindra verify') ? second : boss
  if (needsShell(command)) return throughShell(command, key)
  // A path of the home, as the command would have it that is run there.
  const words = wordsOf(command).slice(1)
  const args = words.map((word, at) => {
    const path = join(home.directory, word)
    const isOutput = words[at - 1] === '--out' || words[at - 1] === '--rejects'
    const isPrefix = words[0] === 'escrow' && at === 2
    return (existsSync(path) && word !== '') || ((isOutput || isPrefix) && !word.startsWith('/'))
      ? path
      : word
  })
  const env = command.startsWith('hindra init') ? { HINDRA_DATA: join(home.directory, 'new') } : {}
  const { code, stdout, stderr } = await home.run(args, { key, env })
  return { code, said: `${stdout}${stderr}` }
}

async function throughShell(command: string, key: string) {
  const path = `${join(home.directory, 'bin')}${delimiter}${process.env['PATH'] ?? ''}`
  const env = { ...process.env, PATH: path, HINDRA_DATA: home.data, HINDRA_KEY: key }
  return promisify(execFile)('bash', ['-euo', 'pipefail', '-c', command], {
    cwd: home.directory,
    env: { ...env, HINDRA_URL: server.url, HINDRA_POOL_THREADS: '1', HOME: home.directory },
  }).then(
    ({ stdout, stderr }) => ({ code: 0, said: `${stdout}${stderr}` }),
    (error: unknown) => {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
      return { code, said: `${stdout}${stderr}` }
    },
  )
}

function shownIn(page: string): readonly ShownCommand[] {
  return commandsIn(page, readFileSync(join(ROOT, page), 'utf8'))
}

describe('every command that a README shows', () => {
  const all = PAGES.flatMap(shownIn)

  it('is found, and each reason not to run one still stands for some', () => {
    expect(all.length).toBeGreaterThan(80)
    const idle = NOT_HERE.filter(([pattern]) => !all.some(({ text }) => pattern.test(text)))
    expect(idle.map(([pattern]) => pattern.source)).toEqual([])
  })

  it.each(PAGES)(
    'of %s works',
    async (page) => {
      const failed: string[] = []
      for (const { file, line, text } of shownIn(page)) {
        if (NOT_HERE.some(([pattern]) => pattern.test(text)) || text.startsWith('export ')) continue
        const { code, said } = await runShown(text)
        if (code !== 0)
          failed.push(
            `${file}:${line} ${text}\n  ended with ${String(code)}: ${said.slice(0, 400)}`,
          )
      }
      expect(failed.join('\n')).toBe('')
    },
    300_000,
  )
})

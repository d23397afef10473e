import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { packageFile } from '../../src/core/index.ts'
import { ERRORS } from '../../src/errors.ts'
import { createHome, type Home } from './hindra.ts'

let home: Home
let adminKey: string

beforeAll(async () => {
  home = createHome()
  const made = (await home.json(['init', '--admin', 'Ada Admin'])) as { admin: { key: string } }
  adminKey = made.admin.key
})
afterAll(() => home.dispose())

function modeOf(...path: readonly string[]): number {
  return statSync(join(home.data, ...path)).mode & 0o777
}

describe('hindra init', () => {
  it('makes directory, key, settings and store for their owner alone', () => {
    expect(modeOf()).toBe(0o700)
    expect(modeOf('data.key')).toBe(0o600)
    expect(modeOf('hindra.yaml')).toBe(0o600)
    expect(modeOf('store')).toBe(0o700)
    const key = readFileSync(join(home.data, 'data.key'), 'utf8')
    expect(Buffer.from(key, 'base64')).toHaveLength(32)
  })

  it('makes an admin whose key works', async () => {
    const me = await home.run(['people', '--json'], { key: adminKey })
    expect(JSON.parse(me.stdout)).toMatchObject([{ name: 'Ada Admin', roles: ['admin'] }])
  })

  it('refuses where it was run before, and changes nothing', async () => {
    const before = readFileSync(join(home.data, 'data.key'))
    const again = await home.run(['init'])
    expect(again).toMatchObject({ code: ERRORS.ALREADY_INITIALISED.exit, stdout: '' })
    expect(again.stderr).toMatch(/^ALREADY_INITIALISED: .*\n {2}Use it/)
    expect(readFileSync(join(home.data, 'data.key'))).toEqual(before)
  })

  it('writes a settings file that is accepted with every setting taken in', async () => {
    const other = createHome()
    try {
      const text = readFileSync(join(home.data, 'hindra.yaml'), 'utf8')
      const taken = text
        .split('\n')
        .slice(2)
        .map((line) => line.replace(/^# /, ''))
        // Settings without a default stay out: an empty value is not one.
        .filter((line) => !/^ {2}\w+: *(#|$)/.test(line))
      const file = join(other.directory, 'all.yaml')
      writeFileSync(file, taken.join('\n'))
      const settings = (await other.json(['config', '--config', file])) as { from: string }[]
      expect(settings.filter(({ from }) => from === 'file').length).toBeGreaterThan(30)
    } finally {
      await other.dispose()
    }
  })

  it('asks whether items keep local features, and decides nothing by itself', async () => {
    const other = createHome()
    try {
      const env = { HINDRA_FEATURES_STORE: '' }
      const silent = await other.run(['init'], { env })
      expect(silent.code).toBe(ERRORS.INVALID_INPUT.exit)
      expect(silent.stderr).toMatch(/For: [^]*\n +Against: [^]*--features yes or --features no/)
      expect(silent.stderr).not.toContain('\u{fffd}')
      expect(existsSync(other.data)).toBe(false)
      expect((await other.run(['init', '--features', 'maybe'], { env })).stderr).toContain(
        'yes or no',
      )
      await other.json(['init', '--features', 'yes'], { env })
      const settings = (await other.json(['config'], { env })) as { path: string }[]
      const chosen = settings.find(({ path }) => path === 'features.store')
      expect(chosen).toMatchObject({ value: true, from: 'file' })
    } finally {
      await other.dispose()
    }
  })

  it('leaves the data key alone that is configured elsewhere', async () => {
    const other = createHome()
    try {
      const env = { HINDRA_DATA_KEY_VALUE: Buffer.alloc(32, 5).toString('base64') }
      const made = await other.run(['init', '--json'], { env })
      expect(JSON.parse(made.stdout)).toMatchObject({ dataKey: 'as configured' })
      expect(existsSync(join(other.data, 'data.key'))).toBe(false)
      expect((await other.run(['people'], { env })).code).toBe(0)
      const wrongKey = { HINDRA_DATA_KEY_VALUE: Buffer.alloc(32, 6).toString('base64') }
      expect((await other.run(['people'], { env: wrongKey })).stderr).toMatch(/^KEY_WRONG: /)
    } finally {
      await other.dispose()
    }
  })
})

describe('without init', () => {
  it('commands say what to do', async () => {
    const nowhere = await home.run(['cases', '--data', join(home.directory, 'nothing')])
    expect(nowhere.code).toBe(ERRORS.NOT_INITIALISED.exit)
    expect(nowhere.stderr).toContain('hindra init')
    expect(existsSync(join(home.directory, 'nothing'))).toBe(false)
  })
})

describe('usage', () => {
  it.each([
    ['an unknown command', ['explode']],
    ['an unknown flag', ['cases', '--explode']],
    ['a missing argument', ['cases', 'show']],
    ['a missing flag', ['cases', 'close', 'x']],
    ['a word that is none of the choices', ['cases', 'decide', 'x', 'perhaps', '--reason', 'y']],
    ['a path that is not there', ['register', 'nothing.jpg', '--classification', 'Baseline']],
    ['both of two ways', ['tip', 'https://a.example/', '--import', 'x.csv']],
    ['a URL-less file with --open-cases', ['scan', '.', '--open-cases']],
    ['settings that are not accepted', ['config', '--config', 'nothing.yaml']],
  ])('%s ends with 2, and says why on standard error', async (_what, args) => {
    const wrong = await home.run(args, { key: adminKey })
    expect(wrong).toMatchObject({ code: 2, stdout: '' })
    expect(wrong.stderr).toMatch(/^INVALID_(INPUT|CONFIG): .+\n {2}\S.+\n$/)
  })

  it('every verb has help with examples and the global flags', async () => {
    const { stdout } = await home.run(['--help'])
    const verbs = [...stdout.matchAll(/^ {2}([a-z]+)(?: \[| <| {2})/gm)].map((match) => match[1])
    expect(verbs.length).toBeGreaterThan(20)
    for (const verb of ['init', 'register', 'scan', 'cases', 'people', 'doctor']) {
      expect(verbs).toContain(verb)
      const help = await home.run([verb, '--help'])
      expect(help.code).toBe(0)
      expect(help.stdout).toMatch(/Examples:\n {2}\$ hindra [\s\S]*/)
      expect(help.stdout).toContain('--json')
    }
  })

  it('documents every error under its exit code', async () => {
    const { stdout, code } = await home.run(['help', 'exit-codes'])
    expect(code).toBe(0)
    for (const error of Object.keys(ERRORS)) expect(stdout).toContain(error)
    const table = (await home.json(['exit-codes'])) as { exit: number; errors: string[] }[]
    for (const { exit, errors } of table) {
      for (const error of errors) {
        expect(ERRORS[error as keyof typeof ERRORS].exit).toBe(exit)
      }
    }
  })
})

describe('hindra config', () => {
  it('shows what is in force, from where, and no secret', async () => {
    const env = { HINDRA_MAIL_PASSWORD: 'hunter2', HINDRA_SERVER_PORT: '7999' }
    const { stdout } = await home.run(['config', '--json'], { env })
    expect(stdout).not.toContain('hunter2')
    const settings = JSON.parse(stdout) as { path: string; value: unknown; from: string }[]
    const one = (path: string) => settings.find((setting) => setting.path === path)
    expect(one('mail.password')).toMatchObject({ value: '***', from: 'environment' })
    expect(one('server.port')).toMatchObject({ value: 7999, from: 'environment' })
    expect(one('server.host')).toMatchObject({ from: 'default' })
  })

  it('lists every problem at once', async () => {
    const env = { HINDRA_SERVER_PORT: '70000', HINDRA_POOL_THREADS: '-1' }
    const wrong = await home.run(['config'], { env })
    expect(wrong.code).toBe(2)
    expect(wrong.stderr).toMatch(/^INVALID_CONFIG: .*server\.port.*pool\.threads/)
  })
})

describe('hindra doctor', () => {
  interface Finding {
    readonly name: string
    readonly state: string
    readonly mend?: string
  }

  it('finds what is well, and says how to mend what is not', async () => {
    // Port 9 (discard) of loopback: nobody listens there.
    const env = { HINDRA_MAIL_PORT: '9' }
    const { code, stdout } = await home.run(['doctor', '--json'], { env })
    const findings = JSON.parse(stdout) as Finding[]
    const state = (name: string) => findings.find((found) => found.name === name)?.state
    expect(state('store')).toBe('ok')
    expect(state('data directory')).toBe('ok')
    expect(state('data key')).toBe('warn')
    expect(state('pictures (sharp)')).toMatch(/ok|warn/)
    expect(state('approximate index (hnswlib-node)')).toBe('ok')
    expect(state('mail relay')).toBe('fail')
    expect(code).toBe(1)
    for (const { state: found, mend } of findings) expect(mend === undefined).toBe(found === 'ok')
  })

  it.each([
    [{}, undefined],
    [{ NODE_OPTIONS: '--max-old-space-size=4096' }, undefined],
    [{ NODE_DEBUG: 'http' }, 'unset NODE_DEBUG (UnsetEnvironment= in the unit)'],
    [
      { NODE_DEBUG: 'http', NODE_OPTIONS: '--report_on_fatalerror' },
      'unset NODE_DEBUG NODE_OPTIONS (UnsetEnvironment= in the unit)',
    ],
    [
      { NODE_OPTIONS: '--trace-warnings --heapsnapshot-near-heap-limit=1' },
      'unset NODE_OPTIONS (UnsetEnvironment= in the unit)',
    ],
  ])('warns of what Node would write of its memory and of requests: %j', async (set, mend) => {
    const env: Readonly<Record<string, string>> = { HINDRA_MAIL_PORT: '9', ...set }
    const { stdout } = await home.run(['doctor', '--json'], { env })
    const findings = JSON.parse(stdout) as Finding[]
    expect(findings.find(({ name }) => name === 'diagnostics of Node')?.mend).toBe(mend)
  })

  it('and the start say which rule tells somebody of what no letter is written of', async () => {
    const folder = join(home.data, 'policy')
    mkdirSync(folder)
    const shipped = readFileSync(packageFile('policy/routes.yaml'), 'utf8')
    writeFileSync(
      join(folder, 'routes.yaml'),
      shipped.replace(
        'when: { nature: harmful }\n    tell: [host]',
        'when: { nature: harmful }\n    tell: [police, host]',
      ),
    )
    const policy = async (env: Readonly<Record<string, string>> = {}) => {
      const { stdout } = await home.run(['doctor', '--json'], { env })
      return (JSON.parse(stdout) as (Finding & { detail: string })[]).find(
        ({ name }) => name === 'policy',
      )
    }
    const settings = join(home.directory, 'with-police.yaml')
    writeFileSync(settings, 'route: { addresses: { police: ocg@police.example } }\n')
    try {
      const problem = /rules\.0 \(harmful-not-illegal\): it can tell police of what is harmful/
      // By hand it needs no letter.
      const byHand = await policy()
      expect(byHand?.state).toBe('warn')
      expect(byHand?.detail).toMatch(problem)
      expect((await home.run(['cases'], { key: adminKey })).code).not.toBe(
        ERRORS.INVALID_CONFIG.exit,
      )
      const byMail = await policy({ HINDRA_CONFIG: settings })
      expect(byMail?.state).toBe('fail')
      expect(byMail?.detail).toMatch(problem)
      const started = await home.run(['cases', '--config', settings], { key: adminKey })
      expect(started).toMatchObject({ code: ERRORS.INVALID_CONFIG.exit, stdout: '' })
      expect(started.stderr).toMatch(
        /^INVALID_CONFIG: .*routes\.yaml: rules\.0 \(harmful-not-illegal\)/,
      )
    } finally {
      rmSync(folder, { recursive: true })
    }
    expect(await policy()).toMatchObject({ state: 'ok' })
  })

  it('says which laws no letter cites, and who has to confirm them', async () => {
    const laws = async () => {
      const { stdout } = await home.run(['doctor', '--json'])
      return (JSON.parse(stdout) as (Finding & { detail: string })[]).find(
        ({ name }) => name === 'laws',
      )
    }
    expect(await laws()).toMatchObject({
      state: 'warn',
      detail:
        'cited for no country; nobody has confirmed those of DE, NL, SE, US, ' +
        'nor what letters say of Regulation (EU) 2022/2065 (EU.yaml): no letter cites them',
    })
    const folder = join(home.data, 'policy', 'jurisdictions')
    mkdirSync(folder, { recursive: true })
    for (const country of ['DE', 'EU', 'NL', 'SE', 'US']) {
      const shipped = readFileSync(packageFile(`policy/jurisdictions/${country}.yaml`), 'utf8')
      const signed = shipped
        .replaceAll('asOf: null', "asOf: '2026-12-01'")
        .replaceAll('confirmedBy: null', 'confirmedBy: Anna Andersson, lawyer')
      writeFileSync(join(folder, `${country}.yaml`), signed)
    }
    try {
      expect(await laws()).toMatchObject({
        state: 'ok',
        detail: 'cited for DE, NL, SE, US; Regulation (EU) 2022/2065 is cited',
      })
    } finally {
      rmSync(join(home.data, 'policy'), { recursive: true })
    }
  })

  it('asks a server that runs', async () => {
    const server = await home.serve()
    try {
      const { stdout } = await home.run(['doctor'])
      expect(stdout).toMatch(/ok {4}store: a server runs: \S+ answers: \d+ items, \d+ hashes/)
    } finally {
      await server.end('SIGTERM')
    }
  })

  it('sees a directory and a key that others can read', async () => {
    chmodSync(home.data, 0o755)
    chmodSync(join(home.data, 'data.key'), 0o644)
    try {
      const { stdout } = await home.run(['doctor'])
      expect(stdout).toMatch(/fail {2}data directory: .*\n {6}chmod 700/)
      expect(stdout).toMatch(/fail {2}data key: .*\n {6}chmod 600/)
      // A credential of systemd's: its group is the mask of an access control list of one user.
      const credentials = join(home.directory, 'credentials')
      cpSync(join(home.data, 'data.key'), join(credentials, 'data.key'))
      chmodSync(join(credentials, 'data.key'), 0o440)
      const file = { HINDRA_DATA_KEY_FILE: join(credentials, 'data.key') }
      const own = { ...file, CREDENTIALS_DIRECTORY: credentials }
      expect((await home.run(['doctor'], { env: file })).stdout).toMatch(/fail {2}data key/)
      expect((await home.run(['doctor'], { env: own })).stdout).toMatch(/ok {4}data key/)
    } finally {
      chmodSync(home.data, 0o700)
      chmodSync(join(home.data, 'data.key'), 0o600)
    }
  })
})

describe('the key', () => {
  it('comes from a file, too', async () => {
    const file = join(home.directory, 'key')
    writeFileSync(file, `${adminKey}\n`, { mode: 0o600 })
    const found = await home.run(['people', '--json'], { env: { HINDRA_KEY_FILE: file } })
    expect(found.code).toBe(0)
    const missing = { HINDRA_KEY_FILE: join(home.directory, 'none') }
    expect((await home.run(['people'], { env: missing })).stderr).toMatch(/^UNAUTHENTICATED: /)
  })

  it('is asked for where the operator alone is not enough', async () => {
    const none = await home.run(['cases'])
    expect(none.code).toBe(ERRORS.UNAUTHENTICATED.exit)
    expect(none.stderr).toContain('HINDRA_KEY')
    const wrong = await home.run(['people'], { key: 'hk_wrong_key' })
    expect(wrong.stderr).toMatch(/^UNAUTHENTICATED: /)
  })
})

describe('a server that is none', () => {
  it('is unreachable when nobody listens, and when something else answers', async () => {
    const closed = await home.run(['people', '--url', 'http://127.0.0.1:9'])
    expect(closed).toMatchObject({ code: ERRORS.UNREACHABLE.exit, stdout: '' })

    const other = createServer((_request, response) => {
      response.writeHead(418).end('I am a teapot')
    })
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    try {
      const { port } = other.address() as AddressInfo
      const teapot = await home.run(['people'], {
        env: { HINDRA_URL: `http://127.0.0.1:${String(port)}` },
      })
      expect(teapot.stderr).toMatch(/^UNREACHABLE: .*418/)
    } finally {
      other.close()
    }
  })
})

describe('terminal output', () => {
  it('shows no control characters of what others wrote', async () => {
    const name = 'Eve \u001b[31m\u202eneve'
    await home.json(['people', 'add', name, '--pseudonym', 'E-01'])
    const { stdout } = await home.run(['people'])
    expect(stdout).toContain('Eve \ufffd[31m\ufffdneve')
    expect(stdout).not.toContain('\u001b')
    expect(stdout).not.toContain('\u202e')
  })
})
